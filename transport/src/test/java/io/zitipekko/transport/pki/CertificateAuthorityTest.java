package io.zitipekko.transport.pki;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.zitipekko.transport.identity.CertificateNames;
import io.zitipekko.transport.identity.SpiffeId;
import java.security.KeyPair;
import java.security.cert.X509Certificate;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import org.junit.jupiter.api.Test;

class CertificateAuthorityTest {
    private static final Instant NOW = Instant.parse("2026-11-22T10:00:00Z");
    private static final String CLIENT_AUTH = "1.3.6.1.5.5.7.3.2";
    private static final String SERVER_AUTH = "1.3.6.1.5.5.7.3.1";

    private final CertificateAuthority root = CertificateAuthority.selfSignedRoot(
            CertificateSubject.commonName("root-ca"),
            KeyPairs.p256(),
            "quickstart",
            Duration.ofDays(3650),
            Clock.fixed(NOW, ZoneOffset.UTC));
    private final CertificateAuthority intermediate = root.issueIntermediate(
            CertificateSubject.commonName("intermediate"), KeyPairs.p384(), "quickstart", 1, Duration.ofDays(3650));

    @Test
    void issuesAClientCertificateWithOnlyWhatIsGranted() throws Exception {
        KeyPair keys = KeyPairs.p256();
        Csr csr = Csr.create(
                CertificateSubject.commonName("someone"), AlternativeNames.hosts(List.of("evil"), List.of()), keys);

        X509Certificate issued = intermediate.issueClient(
                CertificateSubject.of(csr, AlternativeNames.of(SpiffeId.identity("quickstart", "id-1"))),
                Duration.ofDays(365));

        issued.verify(intermediate.certificate().getPublicKey());
        assertThat(CertificateNames.commonName(issued)).isEqualTo("someone");
        assertThat(CertificateNames.hosts(issued)).isEmpty();
        assertThat(CertificateNames.spiffeId(issued)).contains(SpiffeId.identity("quickstart", "id-1"));
        assertThat(issued.getNotBefore()).isEqualTo("2026-11-22T09:59:00Z");
        assertThat(issued.getNotAfter()).isEqualTo("2027-11-22T10:00:00Z");
        assertThat(issued.getExtendedKeyUsage()).containsExactly(CLIENT_AUTH);
        assertThat(issued.getKeyUsage()).containsExactly(true, false, true, true, false, false, false, false, false);
        assertThat(issued.getBasicConstraints()).isNegative();
        assertThat(issued.getSerialNumber().signum()).isPositive();
        assertThat(issued.getSerialNumber().bitLength()).isLessThanOrEqualTo(159);
    }

    @Test
    void issuesServerAndNodeCertificates() throws Exception {
        CertificateSubject subject = CertificateSubject.of(
                "router-1",
                KeyPairs.rsa(2048).getPublic(),
                AlternativeNames.hosts(List.of("localhost"), List.of("::1")));

        X509Certificate server = intermediate.issueServer(subject, Duration.ofDays(1));
        X509Certificate node = intermediate.issueNode(subject, Duration.ofDays(1));

        assertThat(server.getExtendedKeyUsage()).containsExactly(SERVER_AUTH);
        assertThat(CertificateNames.hosts(server)).containsExactly("localhost", "0:0:0:0:0:0:0:1");
        assertThat(node.getExtendedKeyUsage()).isNull();
        assertThat(node.getKeyUsage()).startsWith(true, true, true, false);
        assertThat(intermediate.presented(server)).containsExactly(server, intermediate.certificate());
    }

    @Test
    void keepsPathLengthsAndTrustDomain() {
        assertThat(root.certificate().getBasicConstraints()).isEqualTo(Integer.MAX_VALUE);
        assertThat(intermediate.certificate().getBasicConstraints()).isEqualTo(1);
        assertThat(intermediate.spiffeId()).contains(new SpiffeId("quickstart", ""));
        assertThatThrownBy(() -> intermediate.issueIntermediate(
                        CertificateSubject.commonName("x"), KeyPairs.p256(), "quickstart", 1, Duration.ofDays(1)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("limit of");
    }

    @Test
    void neverOutlivesItsIssuer() {
        X509Certificate issued = intermediate.issueClient(
                CertificateSubject.of("x", KeyPairs.p256().getPublic(), AlternativeNames.NONE),
                Duration.ofDays(100_000));

        assertThat(issued.getNotAfter()).isEqualTo(root.certificate().getNotAfter());
    }

    @Test
    void refusesALeafAsAnAuthority() {
        KeyPair keys = KeyPairs.p256();
        X509Certificate leaf = root.issueNode(
                CertificateSubject.of("leaf", keys.getPublic(), AlternativeNames.NONE), Duration.ofDays(1));

        assertThatThrownBy(() -> new CertificateAuthority(List.of(leaf), keys.getPrivate()))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("not a certificate authority");
    }
}
