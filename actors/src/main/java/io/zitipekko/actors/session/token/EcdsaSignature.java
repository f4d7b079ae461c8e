package io.zitipekko.actors.session.token;

import com.nimbusds.jose.JWSAlgorithm;
import java.math.BigInteger;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.interfaces.ECPublicKey;
import java.util.Arrays;
import org.bouncycastle.crypto.ec.CustomNamedCurves;
import org.bouncycastle.crypto.params.ECDomainParameters;
import org.bouncycastle.crypto.params.ECPublicKeyParameters;
import org.bouncycastle.crypto.signers.ECDSASigner;

/**
 * Verifies the ECDSA signatures of tokens with Bouncy Castle's curves: every dial verifies one in the controller and one in the router, and
 * JDK 17 takes 1.0 ms of CPU time for what takes 0.1 ms here (P-256). Nothing secret is touched in verifying, so speed is all
 * that counts; keys that sign stay with the JDK.
 */
final class EcdsaSignature {
    private static final Curve ES256 = new Curve("P-256");
    private static final Curve ES384 = new Curve("P-384");
    private static final Curve ES512 = new Curve("P-521");

    private EcdsaSignature() {}

    /** A curve, and how long a number below its order is. */
    private record Curve(ECDomainParameters domain, int numberBytes) {
        Curve(String name) {
            this(new ECDomainParameters(CustomNamedCurves.getByName(name)));
        }

        private Curve(ECDomainParameters domain) {
            this(domain, (domain.getN().bitLength() + 7) / 8);
        }
    }

    /**
     * Whether {@code signature}, two numbers one after the other (RFC 7518 section 3.4), is by the private half of {@code key}.
     *
     * @param algorithm the one that goes with the key, ES256, ES384 or ES512
     * @throws IllegalArgumentException when the key's point is not on the curve of the algorithm
     */
    static boolean verifies(ECPublicKey key, JWSAlgorithm algorithm, byte[] signed, byte[] signature) {
        Curve curve = curve(algorithm);
        int half = curve.numberBytes();
        if (signature.length != 2 * half) {
            return false;
        }
        BigInteger r = new BigInteger(1, Arrays.copyOf(signature, half));
        BigInteger s = new BigInteger(1, Arrays.copyOfRange(signature, half, 2 * half));
        ECDSASigner verifier = new ECDSASigner();
        verifier.init(
                false,
                new ECPublicKeyParameters(
                        curve.domain()
                                .getCurve()
                                .validatePoint(
                                        key.getW().getAffineX(), key.getW().getAffineY()),
                        curve.domain()));
        // Refuses numbers that are not from 1 to below the order.
        return verifier.verifySignature(hash(algorithm, signed), r, s);
    }

    private static Curve curve(JWSAlgorithm algorithm) {
        if (algorithm.equals(JWSAlgorithm.ES256)) {
            return ES256;
        }
        if (algorithm.equals(JWSAlgorithm.ES384)) {
            return ES384;
        }
        if (algorithm.equals(JWSAlgorithm.ES512)) {
            return ES512;
        }
        throw new IllegalArgumentException("algorithm " + algorithm + " (expected: ES256, ES384 or ES512)");
    }

    /** The JDK's digests are the fast ones. */
    private static byte[] hash(JWSAlgorithm algorithm, byte[] signed) {
        String name = algorithm.equals(JWSAlgorithm.ES256)
                ? "SHA-256"
                : algorithm.equals(JWSAlgorithm.ES384) ? "SHA-384" : "SHA-512";
        try {
            return MessageDigest.getInstance(name).digest(signed);
        } catch (NoSuchAlgorithmException e) {
            throw new AssertionError("every JDK has " + name, e);
        }
    }
}
