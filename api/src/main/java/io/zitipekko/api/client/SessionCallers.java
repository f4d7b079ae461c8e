package io.zitipekko.api.client;

import io.zitipekko.actors.session.ApiSessions;
import io.zitipekko.actors.session.AuthenticatedSession;
import io.zitipekko.api.http.Caller;
import io.zitipekko.api.http.CallerResolver;
import io.zitipekko.api.http.Challenge;
import java.util.List;
import java.util.Optional;

/**
 * Knows callers by the token of their legacy API session. Each request with a good token counts as activity. A bearer token opens nothing
 * here, since this controller issues none; it is answered as a bad one, never as if nothing had been sent.
 */
public final class SessionCallers implements CallerResolver {
    private final ApiSessions sessions;

    public SessionCallers(ApiSessions sessions) {
        this.sessions = sessions;
    }

    @Override
    public Resolution resolve(Credentials credentials) {
        if (credentials.ztSession().isPresent()) {
            Optional<AuthenticatedSession> session =
                    sessions.resolve(credentials.ztSession().get());
            if (session.isEmpty()) {
                return new Refused(List.of(Challenge.INVALID_SESSION));
            }
            sessions.touch(session.get().session().id());
            return new Known(caller(session.get()));
        }
        if (!credentials.bearers().isEmpty()) {
            return new Refused(List.of(Challenge.INVALID_BEARER));
        }
        return new Nobody();
    }

    private static Caller caller(AuthenticatedSession session) {
        return new Caller(
                session.identity().id(),
                session.identity().name(),
                session.session().id(),
                session.identity().admin(),
                session.identity().permissions(),
                false);
    }
}
