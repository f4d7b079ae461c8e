package io.zitipekko.transport.identity;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.zitipekko.transport.pki.AlternativeNames;
import io.zitipekko.transport.pki.CertificateAuthority;
import io.zitipekko.transport.pki.CertificateSubject;
import io.zitipekko.transport.pki.KeyPairs;
import java.security.KeyPair;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

class ProvedPathsTest {
    private static final Instant NOW = Instant.now();
    private static final KeyPair KEYS = KeyPairs.p256();

    private final TestPki pki = new TestPki("trusted", NOW);
    private final ProvedPaths paths = new ProvedPaths(pki.rootOnly());

    private static X509Certificate leaf(CertificateAuthority issuer, Duration validity) {
        return issuer.issueClient(CertificateSubject.of("peer", KEYS.getPublic(), AlternativeNames.NONE), validity);
    }

    private PresentedCertificates chain() {
        return new PresentedCertificates(List.of(leaf(pki.intermediate, TestPki.YEAR), pki.intermediate.certificate()));
    }

    @Test
    void aChainThatHeldOnceIsKnownTheNextTime() throws Exception {
        PresentedCertificates chain = chain();

        PeerIdentity first = paths.verifyIgnoringLeafDates(chain, NOW);
        PeerIdentity second = paths.verifyIgnoringLeafDates(new PresentedCertificates(chain.chain()), NOW);

        assertThat(second.fingerprint()).isEqualTo(first.fingerprint());
        assertThat(second.leaf()).isEqualTo(chain.chain().get(0));
        assertThat(paths.remembered()).isEqualTo(1);
    }

    @Test
    void anotherLeafBeforeTheSameIssuersIsJudgedByItself() throws Exception {
        TestPki stranger = new TestPki("trusted", NOW);
        paths.verifyIgnoringLeafDates(chain(), NOW);

        assertThatThrownBy(() -> paths.verifyIgnoringLeafDates(
                        new PresentedCertificates(
                                List.of(leaf(stranger.intermediate, TestPki.YEAR), pki.intermediate.certificate())),
                        NOW))
                .isInstanceOf(UntrustedPeerException.class);
        assertThat(paths.remembered()).isEqualTo(1);
    }

    @Test
    void theSameLeafWithoutItsIntermediateIsStillRefused() throws Exception {
        PresentedCertificates chain = chain();
        paths.verifyIgnoringLeafDates(chain, NOW);

        assertThatThrownBy(() -> paths.verifyIgnoringLeafDates(
                        new PresentedCertificates(chain.chain().subList(0, 1)), NOW))
                .isInstanceOf(UntrustedPeerException.class);
    }

    @Test
    void aPathEndsWithTheFirstOfItsIssuersToExpire() throws Exception {
        CertificateAuthority brief = pki.root.issueIntermediate(
                CertificateSubject.commonName("brief"), KeyPairs.p256(), "trusted", 1, Duration.ofDays(2));
        PresentedCertificates chain =
                new PresentedCertificates(List.of(leaf(brief, TestPki.YEAR), brief.certificate()));
        paths.verifyIgnoringLeafDates(chain, NOW);
        Instant over = brief.certificate().getNotAfter().toInstant().plusSeconds(1);

        assertThatThrownBy(() -> paths.verifyIgnoringLeafDates(chain, over))
                .isInstanceOf(UntrustedPeerException.class)
                .hasMessageContaining("brief");
    }

    @Test
    void theDatesOfTheLeafDoNotCountHere() throws Exception {
        PresentedCertificates chain = new PresentedCertificates(
                List.of(leaf(pki.intermediate, Duration.ofDays(1)), pki.intermediate.certificate()));
        paths.verifyIgnoringLeafDates(chain, NOW);

        PeerIdentity later = paths.verifyIgnoringLeafDates(chain, NOW.plus(Duration.ofDays(30)));

        assertThat(later.leaf()).isEqualTo(chain.chain().get(0));
    }

    @Test
    void otherAnchorsKnowNothingOfIt() throws Exception {
        PresentedCertificates chain = chain();
        paths.verifyIgnoringLeafDates(chain, NOW);

        assertThatThrownBy(
                        () -> new ProvedPaths(new TestPki("other", NOW).rootOnly()).verifyIgnoringLeafDates(chain, NOW))
                .isInstanceOf(UntrustedPeerException.class);
    }

    @Test
    void noMoreThanItsShareIsRemembered() throws Exception {
        ProvedPaths two = new ProvedPaths(pki.rootOnly(), 2);

        for (int i = 0; i < 3; i++) {
            two.verifyIgnoringLeafDates(chain(), NOW);
        }

        assertThat(two.remembered()).isEqualTo(2);
    }

    @Test
    void whoPresentsNothingIsRefused() {
        assertThatThrownBy(() -> paths.verifyIgnoringLeafDates(PresentedCertificates.NONE, NOW))
                .isInstanceOf(UntrustedPeerException.class);
    }
}
