package io.zitipekko.actors.event;

import io.zitipekko.actors.model.id.AuthPolicyId;
import io.zitipekko.actors.model.id.AuthenticatorId;
import io.zitipekko.actors.model.id.IdentityId;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * Somebody tried to log in.
 *
 * @param method by what
 * @param identityId null when the credential names nobody
 * @param remoteAddress whence
 * @param reason why not; empty when it succeeded
 * @param improperChain the client sent too few intermediates
 */
public record AuthenticationEvent(
        Instant at,
        boolean success,
        Method method,
        @Nullable IdentityId identityId,
        @Nullable AuthenticatorId authenticatorId,
        @Nullable AuthPolicyId authPolicyId,
        String remoteAddress,
        String reason,
        boolean improperChain)
        implements Event {
    /** What proves who it is. */
    public enum Method {
        CERTIFICATE("cert"),
        PASSWORD("updb");

        private final String wireName;

        Method(String wireName) {
            this.wireName = wireName;
        }

        /** As OpenZiti names it. */
        public String wireName() {
            return wireName;
        }
    }

    @Override
    public String namespace() {
        return "authentication";
    }

    @Override
    public String eventType() {
        return success ? "success" : "fail";
    }
}
