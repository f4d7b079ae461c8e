package io.zitipekko.actors.session;

import io.zitipekko.actors.model.Proposal;
import io.zitipekko.actors.model.id.ApiSessionId;
import io.zitipekko.transport.identity.PresentedCertificates;
import java.util.Collection;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletionStage;

/**
 * Legacy API sessions: log-in, the check of a token, activity, the end. A check reads the model and a table, takes no lock and asks no
 * actor; what lives longer than a request belongs to {@code IdentityActor} and {@code ApiSessionActor}. Thread-safe.
 */
public interface ApiSessions {
    /** Logs in with the leaf of a TLS connection (protocol/05 section 5.2). Fails only when the model cannot be written. */
    CompletionStage<AuthenticationResult> authenticateByCertificate(
            PresentedCertificates presented, LoginRequest request);

    /** Logs in with user name and password (protocol/05 section 5.3). Fails only when the model cannot be written. */
    CompletionStage<AuthenticationResult> authenticateByPassword(
            String username, String password, LoginRequest request);

    /** The session that this token opens at this moment; empty for anything else. Does not count as activity. */
    Optional<AuthenticatedSession> resolve(String token);

    /** The same by id. */
    Optional<AuthenticatedSession> find(ApiSessionId id);

    /** Marks a session as used now. Never writes the model log. */
    void touch(ApiSessionId id);

    /** Marks sessions as used that a router reports, and says which of the tokens are unknown or over. */
    Set<String> heartbeat(Collection<String> tokens);

    /** Ends a session with its service sessions and certificates; completes also when it was gone already. */
    CompletionStage<Void> delete(ApiSessionId id, Proposal.Author author);
}
