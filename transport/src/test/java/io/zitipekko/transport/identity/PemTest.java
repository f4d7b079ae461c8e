package io.zitipekko.transport.identity;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.security.PrivateKey;
import java.security.interfaces.ECPrivateKey;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PemTest {
    static String resource(String name) {
        try (InputStream in = PemTest.class.getResourceAsStream("/pem/" + name)) {
            return new String(in.readAllBytes(), StandardCharsets.US_ASCII);
        } catch (IOException e) {
            throw new AssertionError(name, e);
        }
    }

    @ParameterizedTest
    @CsvSource({
        "ec256.pem, EC",
        "ec256-sec1.pem, EC",
        "ec256-p8.pem, EC",
        "ec384-sec1.pem, EC",
        "rsa-p1.pem, RSA",
        "rsa-p8.pem, RSA"
    })
    void readsEveryKindOfPrivateKey(String file, String algorithm) {
        PrivateKey key = Pem.privateKey(resource(file));

        assertThat(key.getAlgorithm()).isEqualTo(algorithm);
    }

    @Test
    void readsTheSameKeyFromSec1AndPkcs8() {
        assertThat(((ECPrivateKey) Pem.privateKey(resource("ec256-sec1.pem"))).getS())
                .isEqualTo(((ECPrivateKey) Pem.privateKey(resource("ec256-p8.pem"))).getS());
        assertThat(Pem.privateKey(resource("rsa-p1.pem"))).isEqualTo(Pem.privateKey(resource("rsa-p8.pem")));
    }

    @Test
    void refusesAnEncryptedKeyAndSaysSo() {
        assertThatThrownBy(() -> Pem.privateKey(resource("enc-sec1.pem")))
                .isInstanceOf(InvalidIdentityException.class)
                .hasMessageContaining("passphrase");
    }

    @Test
    void refusesTextWithoutAKey() {
        assertThatThrownBy(() -> Pem.privateKey("nothing here"))
                .isInstanceOf(InvalidIdentityException.class)
                .hasMessageContaining("no private key found");
    }

    @Test
    void neverQuotesKeyBytesInAnError() {
        String broken = "-----BEGIN PRIVATE KEY-----\nMIGHAgEAMBMG\n-----END PRIVATE KEY-----\n";

        assertThatThrownBy(() -> Pem.privateKey(broken))
                .isInstanceOf(InvalidIdentityException.class)
                .hasMessageNotContaining("MIGH")
                .hasNoCause();
    }

    @Test
    void skipsTextOtherBlocksAndBrokenCertificatesInABundle() {
        String bundle = "Subject: somebody\n" + resource("ec256.pem")
                + "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n"
                + "-----BEGIN CERTIFICATE-----\n!!!\n-----END CERTIFICATE-----\nmore text\n"
                + resource("ca.pem").replace("\n", "\r\n");

        assertThat(Pem.certificates(bundle)).hasSize(1);
    }

    @Test
    void aBlockIsBegunAndEndedByTheSameLineAndNothingIsBegunInside() {
        String block = Pem.block("X", new byte[] {1, 2, 3});

        assertThat(PemBlock.readAll("-----BEGIN X-----\nAAAA\n" + block + "-----END Y-----\n"))
                .extracting(PemBlock::type)
                .containsExactly("X");
        assertThat(PemBlock.readAll("-----BEGIN X-----\nAAAA\n-----END Y-----\n" + block))
                .hasSize(1);
        assertThat(PemBlock.readAll("-----BEGIN X-----\n".repeat(1000) + block)).hasSize(1);
    }

    @Test
    void refusesABundleWithoutACertificate() {
        assertThatThrownBy(() -> Pem.certificates(resource("ec256.pem")))
                .isInstanceOf(InvalidIdentityException.class)
                .hasMessageContaining("no certificate found");
    }

    @Test
    void writesWhatItReads() {
        PrivateKey key = Pem.privateKey(resource("ec384-sec1.pem"));
        var certificates = Pem.certificates(resource("ca.pem"));

        assertThat(((ECPrivateKey) Pem.privateKey(Pem.write(key))).getS()).isEqualTo(((ECPrivateKey) key).getS());
        assertThat(Pem.certificates(Pem.write(certificates))).isEqualTo(certificates);
        assertThat(Pem.write(certificates).lines()).allMatch(line -> line.length() <= 64);
    }
}
