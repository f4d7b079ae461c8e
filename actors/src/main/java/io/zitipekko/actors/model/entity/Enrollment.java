package io.zitipekko.actors.model.entity;

import io.zitipekko.actors.model.id.CaId;
import io.zitipekko.actors.model.id.EnrollmentId;
import io.zitipekko.actors.model.id.IdentityId;
import io.zitipekko.actors.model.id.RouterId;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A one-time right to become an identity's or a router's owner. protocol/06 section 6.10.
 *
 * @param method {@code ott}, {@code updb}, {@code erott} …
 * @param token the only secret; unique
 * @param jwt what is handed out
 * @param identityId for identity methods
 * @param routerId for router methods
 * @param username for updb
 * @param caId for ottca: whose certificate must be shown
 */
public record Enrollment(
        EnrollmentId id,
        Meta meta,
        String method,
        String token,
        Instant expiresAt,
        String jwt,
        @Nullable IdentityId identityId,
        @Nullable RouterId routerId,
        @Nullable String username,
        @Nullable CaId caId)
        implements Entity {
    @Override
    public String toString() {
        return "Enrollment[" + id + ", " + method + ", token ***]";
    }
}
