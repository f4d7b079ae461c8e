package io.zitipekko.actors.session;

import io.zitipekko.actors.model.Proposal;
import io.zitipekko.actors.model.entity.PolicyType;
import io.zitipekko.actors.model.entity.Session;
import io.zitipekko.actors.model.id.ServiceId;
import io.zitipekko.actors.model.id.SessionId;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionStage;

/** Service sessions of legacy API sessions: the right to dial or bind one service (protocol/05 section 9). Thread-safe. */
public interface ServiceSessions {
    /** Finds or makes the one session of that type for that service. Fails only when the model cannot be written. */
    CompletionStage<ServiceSessionResult> open(AuthenticatedSession session, ServiceId service, PolicyType type);

    /** The sessions of one API session. */
    List<Session> of(AuthenticatedSession session);

    /** One of the API session's own sessions; empty for anybody else's. */
    Optional<Session> find(AuthenticatedSession session, SessionId id);

    /** Ends a session; completes with false when there was none. */
    CompletionStage<Boolean> delete(SessionId id, Proposal.Author author);
}
