package io.zitipekko.transport.identity;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import io.zitipekko.fuzz.Bounds;
import io.zitipekko.fuzz.Pki;
import java.security.cert.CertificateEncodingException;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * A certificate that a peer presents: an {@link InvalidIdentityException}, or its names and its path can be judged, and only the genuine one
 * is believed.
 */
class CertificateFuzzTest {
    private static final TrustAnchors ANCHORS = TrustAnchors.of(List.of(Pki.ROOT.certificate()));
    private static final Instant NOW = Instant.now();

    static Stream<byte[]> certificates() {
        return Stream.of(Pki.LEAF, Pki.INTERMEDIATE.certificate(), Pki.ROOT.certificate())
                .map(certificate -> {
                    try {
                        return certificate.getEncoded();
                    } catch (CertificateEncodingException e) {
                        throw new IllegalStateException(e);
                    }
                });
    }

    @MethodSource("certificates")
    @FuzzTest
    void onlyGenuineCertificatesAreBelieved(byte[] der) {
        Bounds.hold(der.length, () -> {
            X509Certificate certificate;
            try {
                certificate = Pem.certificate(der);
            } catch (InvalidIdentityException refused) {
                assertThat(refused.getMessage()).contains("certificate");
                return;
            }
            CertificateNames.commonName(certificate);
            CertificateNames.hosts(certificate);
            CertificateNames.covers(certificate, "leaf.example.net");
            assertThat(Pem.certificates(Pem.write(certificate))).containsExactly(certificate);
            verify(List.of(certificate, Pki.INTERMEDIATE.certificate()), certificate);
            verify(List.of(Pki.LEAF, certificate), Pki.LEAF);
        });
    }

    private static void verify(List<X509Certificate> chain, X509Certificate leaf) {
        try {
            PeerIdentity peer = LeafVerifier.verify(new PresentedCertificates(chain), ANCHORS, NOW);
            assertThat(peer.leaf()).isEqualTo(leaf);
            assertThat(List.of(Pki.LEAF, Pki.INTERMEDIATE.certificate(), Pki.ROOT.certificate()))
                    .as("believed, although nobody signed it")
                    .contains(peer.leaf());
        } catch (UntrustedPeerException refused) {
            assertThat(refused.getMessage()).isNotBlank();
        }
    }
}
