package io.zitipekko.api.management.ca;

import io.zitipekko.actors.model.entity.Ca;
import io.zitipekko.api.http.ApiError;
import io.zitipekko.api.http.ApiErrors;
import io.zitipekko.transport.identity.CertificateNames;
import io.zitipekko.transport.identity.InvalidIdentityException;
import io.zitipekko.transport.identity.LeafVerifier;
import io.zitipekko.transport.identity.Pem;
import io.zitipekko.transport.identity.PemBlock;
import io.zitipekko.transport.identity.PresentedCertificates;
import io.zitipekko.transport.identity.TrustAnchors;
import io.zitipekko.transport.identity.UntrustedPeerException;
import java.nio.charset.StandardCharsets;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.List;

/** The proof that somebody holds an authority's key: a certificate of it whose common name we chose. Errors in OpenZiti's order. */
final class CaVerification {
    private CaVerification() {}

    /** @throws ApiError saying what is wrong with the proof */
    static void check(Ca ca, byte[] body, Instant now) {
        if (ca.verified()) {
            throw ApiError.of("CA_ALREADY_VERIFIED", 409, "The certificate authority has been verified already");
        }
        if (body.length == 0) {
            throw ApiErrors.couldNotParseBody("the body is empty (expected: a certificate as PEM)");
        }
        X509Certificate proof = certificate(new String(body, StandardCharsets.UTF_8));
        String name = CertificateNames.commonName(proof);
        if (!name.equals(ca.verificationToken())) {
            throw refusal("INVALID_COMMON_NAME", "The certificate's common name is not the verification token")
                    .because("certificate", "common name '" + name + "'", name);
        }
        TrustAnchors anchor =
                TrustAnchors.of(List.of(Pem.certificates(ca.certPem()).get(0)));
        try {
            LeafVerifier.verify(new PresentedCertificates(List.of(proof)), anchor, now);
        } catch (UntrustedPeerException e) {
            throw refusal("CERTIFICATE_FAILED_VALIDATION", "The certificate was not issued by this authority")
                    .because("certificate", String.valueOf(e.getMessage()), null);
        }
    }

    private static X509Certificate certificate(String pem) {
        List<PemBlock> blocks = PemBlock.readAll(pem);
        if (blocks.isEmpty() || !blocks.get(0).type().equals("CERTIFICATE")) {
            throw refusal("EXPECTED_PEM_CERTIFICATE", "The body is no PEM block of type CERTIFICATE");
        }
        byte[] der = blocks.get(0).der();
        if (der == null) {
            throw refusal("COULD_NOT_PARSE_DER_BLOCK", "The PEM block is not base64");
        }
        try {
            return Pem.certificate(der);
        } catch (InvalidIdentityException e) {
            throw refusal("COULD_NOT_PARSE_DER_BLOCK", "The PEM block holds no certificate");
        }
    }

    private static ApiError refusal(String code, String message) {
        return ApiError.of(code, 400, message);
    }
}
