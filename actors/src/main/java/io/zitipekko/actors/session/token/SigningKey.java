package io.zitipekko.actors.session.token;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSSigner;
import com.nimbusds.jose.crypto.ECDSASigner;
import com.nimbusds.jose.crypto.RSASSASigner;
import com.nimbusds.jose.jwk.Curve;
import io.zitipekko.transport.identity.Fingerprint;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.cert.X509Certificate;
import java.security.interfaces.ECPublicKey;
import java.security.interfaces.RSAPublicKey;
import java.util.Objects;

/**
 * The key that signs tokens: that of the server certificate which serves {@code edge.api.address}, because SDKs verify enrolment tokens
 * with the leaf that this address presents (protocol/05 section 7.1). Its id is the fingerprint of that leaf.
 */
public final class SigningKey {
    private static final int LARGEST_RSA_BITS = 8192;

    private final X509Certificate leaf;
    private final Fingerprint kid;
    private final JWSAlgorithm algorithm;
    private final JWSSigner signer;

    private SigningKey(X509Certificate leaf, JWSAlgorithm algorithm, JWSSigner signer) {
        this.leaf = leaf;
        this.kid = Fingerprint.of(leaf);
        this.algorithm = algorithm;
        this.signer = signer;
    }

    /**
     * @param leaf the certificate that the server presents
     * @param key its private key
     * @throws IllegalArgumentException for a kind of key that has no algorithm (EC P-256, P-384, P-521 and RSA have one)
     */
    public static SigningKey of(X509Certificate leaf, PrivateKey key) {
        Objects.requireNonNull(key, "key");
        JWSAlgorithm algorithm = algorithmOf(leaf.getPublicKey());
        try {
            JWSSigner signer = leaf.getPublicKey() instanceof ECPublicKey ec
                    ? new ECDSASigner(key, Curve.forECParameterSpec(ec.getParams()))
                    : new RSASSASigner(key);
            return new SigningKey(leaf, algorithm, signer);
        } catch (JOSEException e) {
            throw new IllegalArgumentException(
                    "signing key of " + leaf.getSubjectX500Principal() + ": " + e.getMessage(), e);
        }
    }

    /** The one algorithm that goes with a public key. @throws IllegalArgumentException when there is none */
    static JWSAlgorithm algorithmOf(PublicKey key) {
        if (key instanceof RSAPublicKey rsa) {
            int bits = rsa.getModulus().bitLength();
            if (bits < 2048 || bits > LARGEST_RSA_BITS) {
                throw new IllegalArgumentException(
                        "RSA key of " + bits + " bits (expected: 2048 to " + LARGEST_RSA_BITS + ")");
            }
            return JWSAlgorithm.RS256;
        }
        if (key instanceof ECPublicKey ec) {
            Curve curve = Curve.forECParameterSpec(ec.getParams());
            if (Curve.P_256.equals(curve)) {
                return JWSAlgorithm.ES256;
            }
            if (Curve.P_384.equals(curve)) {
                return JWSAlgorithm.ES384;
            }
            if (Curve.P_521.equals(curve)) {
                return JWSAlgorithm.ES512;
            }
        }
        throw new IllegalArgumentException("no signature algorithm for a key of kind " + key.getAlgorithm()
                + " (expected: RSA, or EC on P-256, P-384 or P-521)");
    }

    /** The certificate whose key signs. */
    public X509Certificate certificate() {
        return leaf;
    }

    public PublicKey publicKey() {
        return leaf.getPublicKey();
    }

    /** The {@code kid} of tokens: SHA-1 of the certificate. */
    public Fingerprint kid() {
        return kid;
    }

    /** The {@code alg} of tokens, e.g. {@code ES256}. */
    public String algorithm() {
        return algorithm.getName();
    }

    JWSAlgorithm jwsAlgorithm() {
        return algorithm;
    }

    JWSSigner signer() {
        return signer;
    }

    @Override
    public String toString() {
        return "SigningKey[" + kid + ", " + algorithm + "]";
    }
}
