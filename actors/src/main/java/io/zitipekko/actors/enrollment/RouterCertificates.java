package io.zitipekko.actors.enrollment;

import io.zitipekko.actors.enrollment.EnrollmentException.Code;
import io.zitipekko.actors.enrollment.Enrollments.EnrolledRouter;
import io.zitipekko.actors.identity.NetworkAuthority;
import io.zitipekko.actors.model.id.RouterId;
import io.zitipekko.transport.identity.Fingerprint;
import io.zitipekko.transport.identity.Pem;
import io.zitipekko.transport.pki.CertificateSubject;
import io.zitipekko.transport.pki.Csr;
import java.security.cert.X509Certificate;
import java.time.Duration;

/**
 * The two certificates of a router, signed from its two requests (protocol/03 section 5.3).
 *
 * @param fingerprint of the client leaf: what the router is known by
 * @param leafPem the client leaf
 * @param answer what the router is given
 */
record RouterCertificates(Fingerprint fingerprint, String leafPem, EnrolledRouter answer) {
    private static final Duration LIFETIME = Duration.ofDays(365);

    /** @throws EnrollmentException when a request is missing or bad, or the client request names another router */
    static RouterCertificates sign(
            NetworkAuthority authority, RouterId router, String clientCsrPem, String serverCsrPem) {
        if (clientCsrPem.isBlank() || serverCsrPem.isBlank()) {
            throw new EnrollmentException(
                    Code.MISSING_OR_INVALID_CSR,
                    "The certificate request is missing or invalid: both certCsr and serverCertCsr are needed",
                    clientCsrPem.isBlank() ? "certCsr" : "serverCertCsr",
                    null);
        }
        Csr client = CertificateRequests.parse(clientCsrPem);
        if (!client.commonName().equals(router.value())) {
            throw new EnrollmentException(
                    Code.COULD_NOT_PROCESS_CSR, "The supplied csr could not be processed", null, "invalid client CSR");
        }
        Csr server = CertificateRequests.parse(serverCsrPem);
        X509Certificate clientLeaf = authority
                .signing()
                .issueClient(CertificateSubject.of(client, CertificateRequests.routerNames(client)), LIFETIME);
        X509Certificate serverLeaf = authority
                .signing()
                .issueServer(CertificateSubject.of(server, CertificateRequests.routerNames(server)), LIFETIME);
        return new RouterCertificates(
                Fingerprint.of(clientLeaf),
                Pem.write(clientLeaf),
                new EnrolledRouter(
                        router,
                        Pem.write(authority.signing().presented(clientLeaf)),
                        Pem.write(authority.signing().presented(serverLeaf)),
                        authority.bundlePem()));
    }
}
