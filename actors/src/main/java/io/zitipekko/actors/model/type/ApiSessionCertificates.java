package io.zitipekko.actors.model.type;

import io.zitipekko.actors.model.EntityType;
import io.zitipekko.actors.model.EntityType.Key;
import io.zitipekko.actors.model.Reference;
import io.zitipekko.actors.model.entity.ApiSessionCertificate;
import io.zitipekko.actors.model.id.ApiSessionCertificateId;
import java.util.List;

/** Certificates of API sessions. protocol/05 section 5.6. */
public final class ApiSessionCertificates {
    public static final Key<ApiSessionCertificate> BY_API_SESSION = new Key<>(
            "apiSessionId", certificate -> List.of(certificate.apiSessionId().value()));
    /** Several sessions may have been opened with the same certificate. */
    public static final Key<ApiSessionCertificate> BY_FINGERPRINT = new Key<>(
            "fingerprint", certificate -> List.of(certificate.fingerprint().hex()));

    public static final EntityType<ApiSessionCertificate> TYPE = EntityType.named(
                    "api-session-certificates", ApiSessionCertificate.class, ApiSessionCertificateId::new)
            .key(BY_FINGERPRINT)
            .reference(Reference.cascadeGradually(BY_API_SESSION, () -> ApiSessions.TYPE))
            .build();

    private ApiSessionCertificates() {}
}
