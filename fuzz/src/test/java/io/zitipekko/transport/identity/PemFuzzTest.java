package io.zitipekko.transport.identity;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import io.zitipekko.fuzz.Bounds;
import io.zitipekko.fuzz.Pki;
import io.zitipekko.transport.pki.AlternativeNames;
import io.zitipekko.transport.pki.CertificateSubject;
import io.zitipekko.transport.pki.CertsOnlyPkcs7;
import io.zitipekko.transport.pki.Csr;
import io.zitipekko.transport.pki.InvalidCsrException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.params.provider.MethodSource;

/** PEM texts with certificates, keys and requests, their DER, identity values, and bundles of certificates. */
class PemFuzzTest {
    static Stream<byte[]> texts() {
        String csr = Csr.create(
                        CertificateSubject.commonName("r1"),
                        AlternativeNames.hosts(List.of("r1"), List.of()),
                        Pki.LEAF_KEYS)
                .pem();
        PemBlock request = PemBlock.readAll(csr).get(0);
        return Stream.concat(
                Stream.of(
                                Pem.write(Pki.LEAF),
                                Pem.write(Pki.LEAF_KEYS.getPrivate()),
                                csr,
                                "pem:" + Pem.write(Pki.ROOT.certificate()),
                                CertsOnlyPkcs7.encodeBase64(Pki.INTERMEDIATE.chain()),
                                "-----BEGIN EC PRIVATE KEY-----\nMA==\n-----END EC PRIVATE KEY-----",
                                "-----BEGIN RSA PRIVATE KEY-----\nProc-Type: 4,ENCRYPTED\n\nMA==\n-----END RSA PRIVATE KEY-----",
                                "file://host/x",
                                "pkcs11:token")
                        .map(text -> text.getBytes(StandardCharsets.ISO_8859_1)),
                Stream.of(request.der(), CertsOnlyPkcs7.encode(Pki.INTERMEDIATE.chain())));
    }

    @MethodSource("texts")
    @FuzzTest
    void whatCannotBeReadIsRefusedWithoutAKeyInTheMessage(byte[] bytes) {
        String text = new String(bytes, StandardCharsets.ISO_8859_1);
        Bounds.hold(bytes.length, () -> {
            PemBlock.readAll(text).forEach(block -> assertThat(block.toString()).doesNotContain("null"));
            refusing(() -> assertThat(Pem.certificates(text)).isNotEmpty());
            refusing(() -> Pem.write(Pem.privateKey(text)));
            refusing(() -> Pem.certificate(bytes));
            refusing(() -> IdentityValue.file("cert", text));
            for (boolean asPem : new boolean[] {true, false}) {
                try {
                    Csr csr = asPem ? Csr.parse(text) : Csr.parse(bytes);
                    csr.subject();
                    csr.commonName();
                    csr.requestedNames().withoutSpiffeIds();
                    assertThat(Csr.parse(csr.pem()).publicKey()).isEqualTo(csr.publicKey());
                } catch (InvalidCsrException refused) {
                    assertThat(refused.getMessage()).isNotBlank();
                }
            }
            try {
                CertsOnlyPkcs7.decode(bytes);
                CertsOnlyPkcs7.decodeBase64(text);
            } catch (IllegalArgumentException refused) {
                assertThat(refused.getMessage()).isNotNull();
            }
        });
    }

    private static void refusing(Runnable reading) {
        try {
            reading.run();
        } catch (InvalidIdentityException refused) {
            assertThat(refused.getMessage()).isNotBlank();
        }
    }
}
