package io.zitipekko.actors.session.token;

import com.nimbusds.jose.JWSAlgorithm;
import io.zitipekko.transport.provider.NativeCryptography;
import java.math.BigInteger;
import java.security.InvalidKeyException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.Signature;
import java.security.SignatureException;
import java.security.interfaces.ECPublicKey;
import java.util.Arrays;
import org.bouncycastle.crypto.ec.CustomNamedCurves;
import org.bouncycastle.crypto.params.ECDomainParameters;
import org.bouncycastle.crypto.params.ECPublicKeyParameters;
import org.bouncycastle.crypto.signers.ECDSASigner;

/**
 * Verifies the ECDSA signatures of tokens: every dial verifies one in the controller and one in the router, and JDK 17 takes 1.0 ms of CPU time
 * for what takes less than 0.1 ms with native code, and 0.1 ms with Bouncy Castle's curves where there is none (P-256). Nothing secret is
 * touched in verifying, so speed is all that counts; keys that sign stay with the JCA.
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
        return NativeCryptography.isInstalled()
                ? nativelyVerifies(key, algorithm, signed, signature)
                : portablyVerifies(key, algorithm, signed, signature);
    }

    static boolean nativelyVerifies(ECPublicKey key, JWSAlgorithm algorithm, byte[] signed, byte[] signature) {
        // The provider would go by the key's curve alone.
        if (!SigningKey.algorithmOf(key).equals(algorithm)) {
            throw new IllegalArgumentException(
                    "a key of " + SigningKey.algorithmOf(key) + " (expected: " + algorithm + ")");
        }
        if (signature.length != 2 * curve(algorithm).numberBytes()) {
            return false;
        }
        try {
            // The provider's name for two numbers one after the other.
            Signature verifier = Signature.getInstance(hashName(algorithm).replace("-", "") + "withECDSAinP1363Format");
            verifier.initVerify(key);
            verifier.update(signed);
            return verifier.verify(signature);
        } catch (SignatureException unreadable) {
            // Numbers that no signature has.
            return false;
        } catch (InvalidKeyException e) {
            throw new IllegalArgumentException("not a public key of " + algorithm + ": " + e.getMessage(), e);
        } catch (NoSuchAlgorithmException e) {
            throw new AssertionError("every JDK has ECDSA", e);
        }
    }

    static boolean portablyVerifies(ECPublicKey key, JWSAlgorithm algorithm, byte[] signed, byte[] signature) {
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
        try {
            return MessageDigest.getInstance(hashName(algorithm)).digest(signed);
        } catch (NoSuchAlgorithmException e) {
            throw new AssertionError("every JDK has " + hashName(algorithm), e);
        }
    }

    private static String hashName(JWSAlgorithm algorithm) {
        if (algorithm.equals(JWSAlgorithm.ES256)) {
            return "SHA-256";
        }
        return algorithm.equals(JWSAlgorithm.ES384) ? "SHA-384" : "SHA-512";
    }
}
