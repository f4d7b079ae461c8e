package io.zitipekko.transport.pki;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.zitipekko.transport.identity.Pem;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

class CertsOnlyPkcs7Test {
    private static X509Certificate root(String name) {
        return CertificateAuthority.selfSignedRoot(
                        CertificateSubject.commonName(name), KeyPairs.p256(), name, Duration.ofDays(1))
                .certificate();
    }

    private static String resource(String name) throws IOException {
        try (InputStream in = CertsOnlyPkcs7Test.class.getResourceAsStream("/pem/" + name)) {
            return new String(in.readAllBytes(), StandardCharsets.US_ASCII);
        }
    }

    @Test
    void readsWhatItWritesAndSortsTheSet() {
        X509Certificate one = root("one");
        X509Certificate two = root("a much longer name than the other");

        byte[] oneWay = CertsOnlyPkcs7.encode(List.of(one, two));
        byte[] otherWay = CertsOnlyPkcs7.encode(List.of(two, one));

        assertThat(oneWay).isEqualTo(otherWay);
        assertThat(CertsOnlyPkcs7.decode(oneWay)).containsExactlyInAnyOrder(one, two);
    }

    @Test
    void readsWhatOpenSslWrites() throws IOException {
        assertThat(CertsOnlyPkcs7.decodeBase64(resource("openssl-certs-only.p7.b64")))
                .isEqualTo(Pem.certificates(resource("ca.pem")));
    }

    @Test
    void wrapsTheHttpBodyAt64Characters() {
        String body = CertsOnlyPkcs7.encodeBase64(List.of(root("one")));

        assertThat(body).doesNotContain("\r").endsWith("\n");
        assertThat(body.lines()).allMatch(line -> line.length() <= 64);
        assertThat(CertsOnlyPkcs7.decodeBase64(body)).hasSize(1);
    }

    @Test
    void readableByTheJdk() throws Exception {
        X509Certificate one = root("one");
        byte[] der = CertsOnlyPkcs7.encode(List.of(one));

        var read = java.security.cert.CertificateFactory.getInstance("X.509")
                .generateCertificates(new java.io.ByteArrayInputStream(der));

        assertThat(List.copyOf(read)).isEqualTo(List.of(one));
    }

    @Test
    void refusesGarbageAndAnEmptySet() {
        assertThatThrownBy(() -> CertsOnlyPkcs7.decode(new byte[] {1, 2, 3}))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> CertsOnlyPkcs7.decode(new byte[0])).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> CertsOnlyPkcs7.encode(List.of())).isInstanceOf(IllegalArgumentException.class);
    }
}
