package io.zitipekko.transport.pki;

import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PrivateKey;
import java.security.interfaces.ECPrivateKey;
import java.security.interfaces.RSAPrivateCrtKey;
import java.security.spec.AlgorithmParameterSpec;
import java.security.spec.ECGenParameterSpec;
import java.security.spec.ECParameterSpec;
import java.security.spec.ECPoint;
import java.security.spec.ECPublicKeySpec;
import java.security.spec.RSAKeyGenParameterSpec;
import java.security.spec.RSAPublicKeySpec;
import org.bouncycastle.jcajce.provider.asymmetric.util.EC5Util;

/** New key pairs. Slow for RSA (seconds for 4096 bits): never on an actor's or a stream's dispatcher. */
public final class KeyPairs {
    private static final int MIN_RSA_BITS = 2048;
    private static final int MAX_RSA_BITS = 8192;

    private KeyPairs() {}

    /** A key pair on the curve P-256, the fastest to sign with. */
    public static KeyPair p256() {
        return generate("EC", new ECGenParameterSpec("secp256r1"));
    }

    /** A key pair on the curve P-384. */
    public static KeyPair p384() {
        return generate("EC", new ECGenParameterSpec("secp384r1"));
    }

    /** An RSA key pair of 2048 to 8192 bits. */
    public static KeyPair rsa(int bits) {
        if (bits < MIN_RSA_BITS || bits > MAX_RSA_BITS) {
            throw new IllegalArgumentException(
                    "bits: " + bits + " (expected: " + MIN_RSA_BITS + ".." + MAX_RSA_BITS + ")");
        }
        return generate("RSA", new RSAKeyGenParameterSpec(bits, RSAKeyGenParameterSpec.F4));
    }

    /** The pair that a private key belongs to. @throws IllegalArgumentException when its public half cannot be computed */
    public static KeyPair of(PrivateKey key) {
        try {
            if (key instanceof RSAPrivateCrtKey rsa) {
                return new KeyPair(
                        KeyFactory.getInstance("RSA")
                                .generatePublic(new RSAPublicKeySpec(rsa.getModulus(), rsa.getPublicExponent())),
                        key);
            }
            if (key instanceof ECPrivateKey ec) {
                // The public point is the base point times the secret; the JDK offers no way to multiply.
                ECParameterSpec curve = ec.getParams();
                org.bouncycastle.jce.spec.ECParameterSpec same = EC5Util.convertSpec(curve);
                ECPoint point =
                        EC5Util.convertPoint(same.getG().multiply(ec.getS()).normalize());
                return new KeyPair(KeyFactory.getInstance("EC").generatePublic(new ECPublicKeySpec(point, curve)), key);
            }
        } catch (GeneralSecurityException e) {
            throw new IllegalArgumentException("the public half of the key cannot be computed: " + e.getMessage(), e);
        }
        throw new IllegalArgumentException("key of kind " + key.getAlgorithm() + " (expected: EC or RSA)");
    }

    private static KeyPair generate(String algorithm, AlgorithmParameterSpec parameters) {
        try {
            KeyPairGenerator generator = KeyPairGenerator.getInstance(algorithm);
            generator.initialize(parameters);
            return generator.generateKeyPair();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("this JDK cannot make " + algorithm + " keys", e);
        }
    }
}
