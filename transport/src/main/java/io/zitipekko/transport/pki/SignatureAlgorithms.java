package io.zitipekko.transport.pki;

import java.security.Key;
import java.security.interfaces.ECKey;

/** Which signature algorithm goes with which key. */
final class SignatureAlgorithms {
    private static final int P256_BITS = 256;

    private SignatureAlgorithms() {}

    /** JCA name; the hash is as strong as the key. */
    static String of(Key key) {
        return switch (key.getAlgorithm()) {
            case "RSA" -> "SHA256withRSA";
            case "EC" ->
                key instanceof ECKey ec && ec.getParams().getOrder().bitLength() > P256_BITS
                        ? "SHA384withECDSA"
                        : "SHA256withECDSA";
            case "EdDSA", "Ed25519" -> "Ed25519";
            default ->
                throw new IllegalArgumentException("key algorithm " + key.getAlgorithm() + " (expected: EC or RSA)");
        };
    }
}
