package io.zitipekko.transport.provider;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.security.KeyFactory;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PublicKey;
import java.security.Signature;
import java.security.spec.ECGenParameterSpec;
import java.security.spec.X509EncodedKeySpec;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class NativeCryptographyTest {
    private static final byte[] TEXT = "from one to the other".getBytes(java.nio.charset.StandardCharsets.UTF_8);

    @BeforeEach
    void onAPlatformThatHasIt() {
        boolean linux = System.getProperty("os.name").equals("Linux");
        boolean known = System.getProperty("os.arch").matches("amd64|aarch64");
        assumeTrue(linux && known, "native code is built for Linux on x86-64 and ARM");
        assertThat(NativeCryptography.install()).isTrue();
    }

    @Test
    void isWhatIsFoundFirst() throws Exception {
        String provider = Signature.getInstance("SHA256withECDSA").getProvider().getName();

        assertThat(provider).isEqualTo("AmazonCorrettoCryptoProvider");
        assertThat(NativeCryptography.isInstalled()).isTrue();
    }

    @Test
    void mayBeAskedForAgain() {
        assertThat(NativeCryptography.install()).isTrue();
    }

    @ParameterizedTest
    @ValueSource(strings = {"secp256r1", "secp384r1", "secp521r1"})
    void verifiesWhatTheJdkSignedAndTheOtherWayRound(String curve) throws Exception {
        KeyPairGenerator jdk = KeyPairGenerator.getInstance("EC", "SunEC");
        jdk.initialize(new ECGenParameterSpec(curve));
        KeyPair pair = jdk.generateKeyPair();
        PublicKey read = KeyFactory.getInstance("EC")
                .generatePublic(new X509EncodedKeySpec(pair.getPublic().getEncoded()));

        byte[] byJdk = sign(Signature.getInstance("SHA256withECDSA", "SunEC"), pair);
        byte[] byNative = sign(Signature.getInstance("SHA256withECDSA"), pair);

        assertThat(verifies(Signature.getInstance("SHA256withECDSA"), read, byJdk))
                .isTrue();
        assertThat(verifies(Signature.getInstance("SHA256withECDSA", "SunEC"), pair.getPublic(), byNative))
                .isTrue();
    }

    @Test
    void isAskedForByAPropertyThatHasTwoValues() {
        assertThat(NativeCryptography.isWanted("native")).isTrue();
        assertThat(NativeCryptography.isWanted("jdk")).isFalse();
        assertThatThrownBy(() -> NativeCryptography.isWanted("openssl"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("-Dziti.cryptography=openssl (expected: native or jdk)");
    }

    @Test
    void leavesToTheJdkWhatItDoesNotHave() throws Exception {
        KeyPair pair = KeyPairGenerator.getInstance("X25519").generateKeyPair();

        assertThat(pair.getPublic().getAlgorithm()).isEqualTo("XDH");
    }

    private static byte[] sign(Signature signer, KeyPair pair) throws Exception {
        signer.initSign(pair.getPrivate());
        signer.update(TEXT);
        return signer.sign();
    }

    private static boolean verifies(Signature verifier, PublicKey key, byte[] signature) throws Exception {
        verifier.initVerify(key);
        verifier.update(TEXT);
        return verifier.verify(signature);
    }
}
