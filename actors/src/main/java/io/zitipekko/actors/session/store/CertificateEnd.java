package io.zitipekko.actors.session.store;

import io.zitipekko.actors.model.ModelView;
import io.zitipekko.actors.model.entity.ApiSession;
import io.zitipekko.actors.model.entity.ApiSessionCertificate;
import io.zitipekko.actors.model.entity.AuthPolicy;
import io.zitipekko.actors.model.entity.Authenticator;
import io.zitipekko.actors.model.type.ApiSessionCertificates;
import io.zitipekko.actors.model.type.AuthPolicies;
import io.zitipekko.actors.model.type.Authenticators;
import io.zitipekko.actors.model.type.Identities;
import io.zitipekko.transport.identity.Fingerprint;
import java.time.Instant;
import java.util.Optional;

/** When a log-in by certificate ends because that certificate does. Pure. */
final class CertificateEnd {
    private CertificateEnd() {}

    /** Empty for other log-ins, and where the identity's policy admits certificates that have expired. */
    static Optional<Instant> of(ModelView view, ApiSession session) {
        if (session.certFingerprints().isEmpty()) {
            return Optional.empty();
        }
        boolean byCertificate = session.claimed() != null
                || session.authenticatorId() != null
                        && view.get(Authenticators.TYPE, session.authenticatorId())
                                .filter(authenticator ->
                                        authenticator.credential() instanceof Authenticator.Certificate)
                                .isPresent();
        boolean expiredAdmitted = view.get(Identities.TYPE, session.identityId())
                .flatMap(identity -> view.get(AuthPolicies.TYPE, identity.authPolicyId()))
                .map(AuthPolicy::certAllowExpired)
                .orElse(false);
        if (!byCertificate || expiredAdmitted) {
            return Optional.empty();
        }
        // The one that was proved at the log-in comes first; those that were issued to the session later follow.
        Fingerprint proved = session.certFingerprints().get(0);
        return view
                .findAll(
                        ApiSessionCertificates.TYPE,
                        ApiSessionCertificates.BY_API_SESSION,
                        session.id().value())
                .stream()
                .filter(certificate -> certificate.fingerprint().equals(proved))
                .map(ApiSessionCertificate::validTo)
                .findFirst();
    }
}
