package io.zitipekko.actors.router.edge.session;

import io.zitipekko.actors.model.id.ApiSessionId;
import io.zitipekko.actors.model.id.IdentityId;
import io.zitipekko.actors.router.datamodel.RouterDataModel;
import io.zitipekko.transport.identity.Fingerprint;
import java.time.Instant;
import java.util.Optional;
import java.util.Set;

/**
 * What a verified OIDC access token says (protocol/02 section 4.3). Our own controllers issue none; those of OpenZiti do.
 *
 * @param fingerprints of the certificates that were proved when it was issued
 * @param expiredCertificates whether a certificate may have expired
 * @param issuedAt to the second
 * @param expiresAt to the second
 */
public record AccessToken(
        ApiSessionId apiSessionId,
        IdentityId identityId,
        Set<Fingerprint> fingerprints,
        boolean expiredCertificates,
        Instant issuedAt,
        Instant expiresAt) {
    public AccessToken {
        fingerprints = Set.copyOf(fingerprints);
    }

    /** Why it counts no more, if so (protocol/02 section 5.2). */
    public Optional<String> endedBy(RouterDataModel model, Instant now) {
        if (!expiresAt.isAfter(now)) {
            return Optional.of("access token expired");
        }
        if (model.isApiSessionRevoked(apiSessionId.value())) {
            return Optional.of("API session revoked");
        }
        return model.identityRevokedBefore(identityId)
                .filter(issuedAt::isBefore)
                .map(before -> "identity revoked");
    }
}
