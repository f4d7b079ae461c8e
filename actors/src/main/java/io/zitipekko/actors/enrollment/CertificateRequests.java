package io.zitipekko.actors.enrollment;

import io.zitipekko.actors.enrollment.EnrollmentException.Code;
import io.zitipekko.transport.pki.AlternativeNames;
import io.zitipekko.transport.pki.Csr;
import io.zitipekko.transport.pki.InvalidCsrException;
import java.security.PublicKey;
import java.security.interfaces.ECPublicKey;
import java.security.interfaces.RSAPublicKey;
import java.util.Locale;
import java.util.Set;

/** Reads certificate requests from the network: bounded, self-signature checked, only keys that are strong and not absurd. */
public final class CertificateRequests {
    private static final int LONGEST = 64 * 1024;
    private static final Set<Integer> EC_BITS = Set.of(256, 384, 521);

    private CertificateRequests() {}

    /** @throws EnrollmentException {@code COULD_NOT_PROCESS_CSR} saying what is wrong */
    public static Csr parse(String pem) {
        if (pem.isBlank()) {
            throw refused("the certificate request is empty");
        }
        if (pem.length() > LONGEST) {
            throw refused(
                    "a certificate request of " + pem.length() + " characters (expected: at most " + LONGEST + ")");
        }
        Csr csr;
        try {
            csr = Csr.parse(pem);
        } catch (InvalidCsrException e) {
            throw refused(String.valueOf(e.getMessage()));
        }
        checkKey(csr.publicKey());
        return csr;
    }

    /**
     * Names that a router may have: those it asks for, but no {@code spiffe://} name, because such a name says who somebody is in this
     * network, and that is not for the router to choose.
     */
    static AlternativeNames routerNames(Csr csr) {
        AlternativeNames asked = csr.requestedNames();
        return new AlternativeNames(
                asked.dns(),
                asked.ips(),
                asked.uris().stream()
                        .filter(uri -> !uri.toLowerCase(Locale.ROOT).startsWith("spiffe:"))
                        .toList(),
                asked.emails());
    }

    private static void checkKey(PublicKey key) {
        if (key instanceof RSAPublicKey rsa) {
            int bits = rsa.getModulus().bitLength();
            if (bits < 2048 || bits > 8192) {
                throw refused("an RSA key of " + bits + " bits (expected: 2048 to 8192)");
            }
        } else if (key instanceof ECPublicKey ec) {
            int bits = ec.getParams().getCurve().getField().getFieldSize();
            if (!EC_BITS.contains(bits)) {
                throw refused("an EC key of " + bits + " bits (expected: P-256, P-384 or P-521)");
            }
        } else {
            throw refused("a key of kind " + key.getAlgorithm() + " (expected: RSA or EC)");
        }
    }

    private static EnrollmentException refused(String why) {
        return new EnrollmentException(
                Code.COULD_NOT_PROCESS_CSR, "The supplied csr could not be processed", null, why);
    }
}
