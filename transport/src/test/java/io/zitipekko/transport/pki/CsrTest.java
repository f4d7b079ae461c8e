package io.zitipekko.transport.pki;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.zitipekko.transport.identity.Pem;
import io.zitipekko.transport.identity.PemBlock;
import io.zitipekko.transport.identity.SpiffeId;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.security.KeyPair;
import java.util.List;
import org.junit.jupiter.api.Test;

class CsrTest {
    private static String resource(String name) throws IOException {
        try (InputStream in = CsrTest.class.getResourceAsStream("/pem/" + name)) {
            return new String(in.readAllBytes(), StandardCharsets.US_ASCII);
        }
    }

    @Test
    void readsARequestOfOpenSsl() throws Exception {
        Csr csr = Csr.parse(resource("csr.pem"));

        assertThat(csr.commonName()).isEqualTo("abc");
        assertThat(csr.subject().getName()).contains("O=NetFoundry");
        assertThat(csr.requestedNames().dns()).containsExactly("evil.example");
        assertThat(csr.requestedNames().withoutSpiffeIds().uris()).isEmpty();
    }

    @Test
    void readsWhatItMakes() throws Exception {
        KeyPair keys = KeyPairs.p256();
        AlternativeNames names = AlternativeNames.hosts(List.of("a", "b"), List.of("127.0.0.1", "0:0:0:0:0:0:0:1"))
                .with(SpiffeId.identity("d", "i"));

        Csr csr = Csr.parse(Csr.create(CertificateSubject.commonName("a, \"quoted\" +name"), names, keys)
                .pem());

        assertThat(csr.publicKey()).isEqualTo(keys.getPublic());
        assertThat(csr.requestedNames()).isEqualTo(names);
        assertThat(csr.commonName()).isEqualTo("a, \"quoted\" +name");
    }

    @Test
    void refusesATamperedRequest() throws Exception {
        byte[] der = PemBlock.readAll(resource("csr.pem")).get(0).der();
        int at = new String(der, StandardCharsets.ISO_8859_1).indexOf("NetFoundry");
        der[at] = 'M';

        assertThatThrownBy(() -> Csr.parse(Pem.block("CERTIFICATE REQUEST", der)))
                .isInstanceOf(InvalidCsrException.class)
                .hasMessageContaining("not signed by its own key");
    }

    @Test
    void refusesARequestWhoseSignatureIsNoSignature() throws Exception {
        byte[] der = PemBlock.readAll(
                        Csr.create(CertificateSubject.commonName("r1"), AlternativeNames.NONE, KeyPairs.p256())
                                .pem())
                .get(0)
                .der();
        // The last bytes are the signature's second number.
        der[der.length - 40] ^= (byte) 0xff;
        der[der.length - 34] ^= (byte) 0xff;

        for (int i = 1; i < 72; i++) {
            byte[] bad = der.clone();
            bad[bad.length - i] ^= (byte) 0x7f;
            assertThatThrownBy(() -> Csr.parse(bad)).isInstanceOf(InvalidCsrException.class);
        }
    }

    @Test
    void refusesAnythingButExactlyOneRequest() throws Exception {
        String pem = resource("csr.pem");

        for (String text : List.of("", "garbage", pem + pem, pem + resource("ca.pem"), resource("ca.pem"))) {
            assertThatThrownBy(() -> Csr.parse(text))
                    .isInstanceOf(InvalidCsrException.class)
                    .hasMessageContaining("exactly one");
        }
        assertThatThrownBy(() -> Csr.parse(Pem.block("CERTIFICATE REQUEST", new byte[] {0x30, 1, 2})))
                .isInstanceOf(InvalidCsrException.class);
    }
}
