package io.zitipekko.actors.session.token;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.nimbusds.jose.JWSAlgorithm;
import io.zitipekko.transport.provider.NativeCryptography;
import java.nio.charset.StandardCharsets;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.Signature;
import java.security.interfaces.ECPublicKey;
import java.security.spec.ECGenParameterSpec;
import java.util.Arrays;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class EcdsaSignatureTest {
    private static final byte[] TEXT = "header.claims".getBytes(StandardCharsets.US_ASCII);

    enum Kind {
        ES256("secp256r1", "SHA256", JWSAlgorithm.ES256),
        ES384("secp384r1", "SHA384", JWSAlgorithm.ES384),
        ES512("secp521r1", "SHA512", JWSAlgorithm.ES512);

        private final String curve;
        private final String hash;
        private final JWSAlgorithm algorithm;

        Kind(String curve, String hash, JWSAlgorithm algorithm) {
            this.curve = curve;
            this.hash = hash;
            this.algorithm = algorithm;
        }
    }

    @BeforeAll
    static void whereThereIsNativeCode() {
        NativeCryptography.install();
    }

    @ParameterizedTest
    @EnumSource
    void bothWaysAgreeOnASignatureThatIsRight(Kind kind) throws Exception {
        KeyPair pair = pair(kind);
        byte[] signature = sign(kind, pair);

        assertThat(natively(kind, pair, signature)).isTrue();
        assertThat(portably(kind, pair, signature)).isTrue();
    }

    @ParameterizedTest
    @EnumSource
    void bothWaysRefuseAChangedSignature(Kind kind) throws Exception {
        KeyPair pair = pair(kind);
        byte[] signature = sign(kind, pair);
        signature[signature.length - 1] ^= 1;

        assertThat(natively(kind, pair, signature)).isFalse();
        assertThat(portably(kind, pair, signature)).isFalse();
    }

    @ParameterizedTest
    @EnumSource
    void bothWaysRefuseAnotherText(Kind kind) throws Exception {
        KeyPair pair = pair(kind);
        byte[] signature = sign(kind, pair);
        ECPublicKey key = (ECPublicKey) pair.getPublic();
        byte[] other = "header.other".getBytes(StandardCharsets.US_ASCII);

        assertThat(EcdsaSignature.nativelyVerifies(key, kind.algorithm, other, signature))
                .isFalse();
        assertThat(EcdsaSignature.portablyVerifies(key, kind.algorithm, other, signature))
                .isFalse();
    }

    @Test
    void bothWaysRefuseAKeyOfAnotherCurve() throws Exception {
        ECPublicKey key = (ECPublicKey) pair(Kind.ES256).getPublic();
        byte[] signature = sign(Kind.ES384, pair(Kind.ES384));

        assertThatThrownBy(() -> EcdsaSignature.nativelyVerifies(key, JWSAlgorithm.ES384, TEXT, signature))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> EcdsaSignature.portablyVerifies(key, JWSAlgorithm.ES384, TEXT, signature))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @ParameterizedTest
    @EnumSource
    void bothWaysRefuseAnotherKey(Kind kind) throws Exception {
        byte[] signature = sign(kind, pair(kind));
        KeyPair other = pair(kind);

        assertThat(natively(kind, other, signature)).isFalse();
        assertThat(portably(kind, other, signature)).isFalse();
    }

    @ParameterizedTest
    @EnumSource
    void bothWaysRefuseNumbersThatNoSignatureHas(Kind kind) throws Exception {
        KeyPair pair = pair(kind);
        byte[] zero = new byte[sign(kind, pair).length];
        byte[] tooLarge = new byte[zero.length];
        Arrays.fill(tooLarge, (byte) 0xff);

        for (byte[] signature : new byte[][] {zero, tooLarge}) {
            assertThat(natively(kind, pair, signature)).isFalse();
            assertThat(portably(kind, pair, signature)).isFalse();
        }
    }

    @ParameterizedTest
    @EnumSource
    void bothWaysRefuseASignatureOfAnotherLength(Kind kind) throws Exception {
        KeyPair pair = pair(kind);
        byte[] signature = sign(kind, pair);

        for (int length : new int[] {0, 1, signature.length - 1, signature.length + 1}) {
            byte[] other = Arrays.copyOf(signature, length);
            assertThat(natively(kind, pair, other)).isFalse();
            assertThat(portably(kind, pair, other)).isFalse();
        }
    }

    private static boolean natively(Kind kind, KeyPair pair, byte[] signature) {
        return EcdsaSignature.nativelyVerifies((ECPublicKey) pair.getPublic(), kind.algorithm, TEXT, signature);
    }

    private static boolean portably(Kind kind, KeyPair pair, byte[] signature) {
        return EcdsaSignature.portablyVerifies((ECPublicKey) pair.getPublic(), kind.algorithm, TEXT, signature);
    }

    private static KeyPair pair(Kind kind) throws Exception {
        KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
        generator.initialize(new ECGenParameterSpec(kind.curve));
        return generator.generateKeyPair();
    }

    private static byte[] sign(Kind kind, KeyPair pair) throws Exception {
        Signature signer = Signature.getInstance(kind.hash + "withECDSAinP1363Format");
        signer.initSign(pair.getPrivate());
        signer.update(TEXT);
        return signer.sign();
    }
}
