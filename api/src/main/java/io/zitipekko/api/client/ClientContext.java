package io.zitipekko.api.client;

import io.zitipekko.actors.fabric.FabricDirectory;
import io.zitipekko.actors.identity.NetworkAuthority;
import io.zitipekko.actors.model.ModelView;
import io.zitipekko.actors.session.AuthenticatedSession;
import io.zitipekko.actors.session.SessionServices;
import io.zitipekko.api.http.ApiContext;
import io.zitipekko.api.http.ApiErrors;
import io.zitipekko.api.http.Challenge;
import io.zitipekko.api.http.RequestContext;
import java.util.List;

/**
 * What the client API needs.
 *
 * @param api what every API has
 * @param sessions log-in, sessions, enrolment
 * @param fabric which routers are online
 * @param authority whose certificates {@code /.well-known/est/cacerts} hands out
 */
public record ClientContext(
        ApiContext api, SessionServices sessions, FabricDirectory fabric, NetworkAuthority authority) {
    ModelView view() {
        return api.model().view();
    }

    /** The API session of the request's caller. @throws io.zitipekko.api.http.ApiError 401 when it ended meanwhile */
    AuthenticatedSession session(RequestContext request) {
        return sessions.apiSessions()
                .find(request.requireCaller().apiSessionId())
                .orElseThrow(() -> ApiErrors.unauthorized(List.of(Challenge.INVALID_SESSION)));
    }
}
