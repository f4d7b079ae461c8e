package io.zitipekko.actors.model.entity;

import io.zitipekko.actors.model.id.ApiSessionCertificateId;
import io.zitipekko.actors.model.id.ApiSessionId;
import io.zitipekko.transport.identity.Fingerprint;
import java.time.Instant;

/**
 * A certificate issued to one API session for its edge connections. protocol/05 section 5.6.
 *
 */
public record ApiSessionCertificate(
        ApiSessionCertificateId id,
        Meta meta,
        ApiSessionId apiSessionId,
        String subject,
        Fingerprint fingerprint,
        Instant validFrom,
        Instant validTo,
        String pem)
        implements Entity {
    public ApiSessionCertificate {
        pem = SharedText.of(pem);
    }
}
