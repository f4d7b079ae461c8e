package io.zitipekko.actors.session.token;

import io.zitipekko.actors.model.entity.PolicyType;
import io.zitipekko.actors.model.id.ApiSessionId;
import io.zitipekko.actors.model.id.IdentityId;
import io.zitipekko.actors.model.id.ServiceId;
import io.zitipekko.actors.model.id.SessionId;
import java.time.Instant;

/**
 * What a valid service-session token says (protocol/05 section 9.3).
 *
 * @param sessionId {@code jti}: the stored session
 * @param serviceId {@code sub}
 * @param apiSessionId {@code z_asid}
 * @param identityId {@code z_iid}
 * @param type {@code z_st}
 * @param legacy {@code z_leg}: of a stored API session
 * @param issuedAt {@code iat}
 * @param expiresAt {@code exp}
 */
public record ServiceSessionClaims(
        SessionId sessionId,
        ServiceId serviceId,
        ApiSessionId apiSessionId,
        IdentityId identityId,
        PolicyType type,
        boolean legacy,
        Instant issuedAt,
        Instant expiresAt) {}
