package io.zitipekko.transport.identity;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.zitipekko.transport.pki.AlternativeNames;
import io.zitipekko.transport.pki.CertificateAuthority;
import io.zitipekko.transport.pki.CertificateSubject;
import io.zitipekko.transport.pki.KeyPairs;
import java.math.BigInteger;
import java.security.KeyPair;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Date;
import java.util.List;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x509.SubjectPublicKeyInfo;
import org.bouncycastle.cert.X509v3CertificateBuilder;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

class LeafVerifierTest {
    private static final Instant NOW = Instant.now();
    private static final KeyPair KEYS = KeyPairs.p256();

    private final TestPki pki = new TestPki("trusted", NOW);
    private final TestPki stranger = new TestPki("stranger", NOW);

    private X509Certificate leaf(CertificateAuthority issuer) {
        return issuer.issueClient(CertificateSubject.of("peer", KEYS.getPublic(), AlternativeNames.NONE), TestPki.YEAR);
    }

    private static PresentedCertificates presented(X509Certificate... chain) {
        return new PresentedCertificates(List.of(chain));
    }

    @Test
    void trustsALeafThatReachesARootThroughAPresentedIntermediate() throws Exception {
        X509Certificate leaf = leaf(pki.intermediate);

        PeerIdentity peer = LeafVerifier.verify(presented(leaf, pki.intermediate.certificate()), pki.rootOnly(), NOW);

        assertThat(peer.leaf()).isEqualTo(leaf);
        assertThat(peer.fingerprint()).isEqualTo(Fingerprint.of(leaf));
        assertThat(peer.spiffeId()).isEmpty();
    }

    @Test
    void trustsAnIntermediateInThePoolAsTheEndOfAPath() throws Exception {
        X509Certificate leaf = leaf(pki.intermediate);

        assertThat(LeafVerifier.verify(presented(leaf), pki.intermediateOnly(), NOW)
                        .leaf())
                .isEqualTo(leaf);
    }

    @Test
    void trustsALeafThatIsItselfInThePool() throws Exception {
        X509Certificate leaf = leaf(stranger.intermediate);

        assertThat(LeafVerifier.verify(presented(leaf), TrustAnchors.of(List.of(leaf)), NOW)
                        .leaf())
                .isEqualTo(leaf);
    }

    @Test
    void ignoresExtendedKeyUsage() throws Exception {
        X509Certificate server = pki.intermediate.issueServer(
                CertificateSubject.of("peer", KEYS.getPublic(), AlternativeNames.NONE), TestPki.YEAR);

        assertThat(LeafVerifier.verify(presented(server), pki.intermediateOnly(), NOW)
                        .leaf())
                .isEqualTo(server);
    }

    @Test
    @DisplayName("GHSA-mrpr-756c-xm47: any presented certificate could vouch for the leaf")
    void takesNothingFromFillerBehindAStrangersLeaf() {
        // GHSA-mrpr-756c-xm47: a genuine certificate behind a stranger's leaf must not lend it trust.
        X509Certificate strangersLeaf = leaf(stranger.intermediate);
        X509Certificate genuine = leaf(pki.intermediate);

        assertThatThrownBy(() -> LeafVerifier.verify(
                        presented(strangersLeaf, genuine, pki.intermediate.certificate()), pki.rootOnly(), NOW))
                .isInstanceOf(UntrustedPeerException.class)
                .hasMessageContaining("stranger");
    }

    @Test
    @DisplayName("CVE-2025-49825: a user's certificate was accepted as an issuer")
    void refusesAnEndEntityThatActsAsAnIssuer() {
        // A holder of an ordinary client certificate signs another one with it.
        CertificateSubject subject = CertificateSubject.of("victim", KEYS.getPublic(), AlternativeNames.NONE);
        KeyPair rogueKeys = KeyPairs.p256();
        X509Certificate rogue = pki.intermediate.issueClient(
                CertificateSubject.of("rogue", rogueKeys.getPublic(), AlternativeNames.NONE), TestPki.YEAR);
        X509Certificate forged = sign(rogue, rogueKeys, subject);

        assertThatThrownBy(() -> LeafVerifier.verify(
                        presented(forged, rogue, pki.intermediate.certificate()), pki.rootOnly(), NOW))
                .isInstanceOf(UntrustedPeerException.class)
                .hasMessageContaining("not a certificate authority");
        assertThatThrownBy(() -> LeafVerifier.verify(presented(forged), TrustAnchors.of(List.of(rogue)), NOW))
                .isInstanceOf(UntrustedPeerException.class)
                .hasMessageContaining("not a certificate authority");
    }

    @Test
    void refusesALeafSignedByAnotherKeyUnderTheSameName() {
        TestPki impostor = new TestPki("trusted", NOW);
        X509Certificate leaf = leaf(impostor.intermediate);

        assertThatThrownBy(() ->
                        LeafVerifier.verify(presented(leaf, impostor.intermediate.certificate()), pki.rootOnly(), NOW))
                .isInstanceOf(UntrustedPeerException.class)
                .hasMessageContaining("was not signed by");
    }

    @Test
    void refusesMoreAuthoritiesThanAPathLengthAllows() {
        CertificateAuthority below = pki.intermediate.issueIntermediate(
                CertificateSubject.commonName("below"), KeyPairs.p256(), "trusted", 0, TestPki.YEAR);
        KeyPair tooDeepKeys = KeyPairs.p256();
        X509Certificate tooDeepCa = signAuthority(below, "too deep", tooDeepKeys);
        X509Certificate leaf =
                sign(tooDeepCa, tooDeepKeys, CertificateSubject.of("peer", KEYS.getPublic(), AlternativeNames.NONE));

        assertThatThrownBy(() -> LeafVerifier.verify(
                        presented(leaf, tooDeepCa, below.certificate(), pki.intermediate.certificate()),
                        pki.rootOnly(),
                        NOW))
                .isInstanceOf(UntrustedPeerException.class);
        assertThatThrownBy(() -> LeafVerifier.verify(
                        presented(leaf, tooDeepCa), TrustAnchors.of(List.of(below.certificate())), NOW))
                .isInstanceOf(UntrustedPeerException.class)
                .hasMessageContaining("allows 0 authorities");
    }

    @Test
    void refusesAnExpiredLeafOnlyWhereItsDatesCount() throws Exception {
        X509Certificate leaf = leaf(pki.intermediate);
        Instant later = NOW.plus(Duration.ofDays(400));

        assertThatThrownBy(() -> LeafVerifier.verify(presented(leaf), pki.intermediateOnly(), later))
                .isInstanceOf(UntrustedPeerException.class)
                .hasMessageContaining("is valid from");
        assertThat(LeafVerifier.verifyIgnoringLeafDates(presented(leaf), pki.intermediateOnly(), List.of(), later)
                        .leaf())
                .isEqualTo(leaf);
    }

    @Test
    void refusesAnExpiredIssuerEvenWhereTheLeafsDatesDoNotCount() {
        X509Certificate leaf = leaf(pki.intermediate);
        Instant muchLater = NOW.plus(Duration.ofDays(4000));

        assertThatThrownBy(() -> LeafVerifier.verifyIgnoringLeafDates(
                        presented(leaf), pki.intermediateOnly(), List.of(), muchLater))
                .isInstanceOf(UntrustedPeerException.class)
                .hasMessageContaining("trusted-intermediate");
    }

    @Test
    void usesFurtherIntermediatesWithoutTrustingThem() throws Exception {
        X509Certificate leaf = leaf(pki.intermediate);
        List<X509Certificate> known = List.of(pki.intermediate.certificate());

        assertThat(LeafVerifier.verifyIgnoringLeafDates(presented(leaf), pki.rootOnly(), known, NOW)
                        .leaf())
                .isEqualTo(leaf);
        assertThatThrownBy(() -> LeafVerifier.verifyIgnoringLeafDates(presented(leaf), stranger.rootOnly(), known, NOW))
                .isInstanceOf(UntrustedPeerException.class);
    }

    @Test
    void refusesWithoutCertificatesOrAnchors() {
        assertThatThrownBy(() -> LeafVerifier.verify(PresentedCertificates.NONE, pki.rootOnly(), NOW))
                .isInstanceOf(UntrustedPeerException.class)
                .hasMessageContaining("no certificate");
        assertThatThrownBy(() -> LeafVerifier.verify(presented(leaf(pki.root)), TrustAnchors.none(), NOW))
                .isInstanceOf(UntrustedPeerException.class)
                .hasMessageContaining("no trust anchors");
    }

    @Test
    void refusesMoreThanTenCertificates() {
        List<X509Certificate> chain = new ArrayList<>();
        for (int i = 0; i < 11; i++) {
            chain.add(leaf(pki.intermediate));
        }

        assertThatThrownBy(() -> LeafVerifier.verify(new PresentedCertificates(chain), pki.intermediateOnly(), NOW))
                .isInstanceOf(UntrustedPeerException.class)
                .hasMessageContaining("at most 10");
    }

    @Test
    void findsThePathAmongAuthoritiesOfTheSameName() throws Exception {
        List<X509Certificate> anchors = new ArrayList<>();
        for (int i = 0; i < 20; i++) {
            anchors.add(new TestPki("trusted", NOW).intermediate.certificate());
        }
        anchors.add(pki.intermediate.certificate());
        X509Certificate leaf = leaf(pki.intermediate);

        assertThat(LeafVerifier.verify(presented(leaf), TrustAnchors.of(anchors), NOW)
                        .leaf())
                .isEqualTo(leaf);
    }

    @Test
    void givesUpOnAMazeOfSelfIssuedAuthorities() {
        List<X509Certificate> maze = new ArrayList<>();
        KeyPair keys = KeyPairs.p256();
        X509Certificate first = CertificateAuthority.selfSignedRoot(
                        CertificateSubject.commonName("maze"), keys, "x", TestPki.YEAR)
                .certificate();
        maze.add(sign(first, keys, CertificateSubject.of("peer", KEYS.getPublic(), AlternativeNames.NONE)));
        for (int i = 0; i < 9; i++) {
            maze.add(CertificateAuthority.selfSignedRoot(CertificateSubject.commonName("maze"), keys, "x", TestPki.YEAR)
                    .certificate());
        }

        assertThatThrownBy(() -> LeafVerifier.verify(new PresentedCertificates(maze), pki.rootOnly(), NOW))
                .isInstanceOf(UntrustedPeerException.class);
    }

    @Test
    void readsTheLeafsSpiffeIdAndRefusesTwo() throws Exception {
        AlternativeNames one = AlternativeNames.of(SpiffeId.identity("trusted", "abc"));
        X509Certificate withOne =
                pki.intermediate.issueClient(CertificateSubject.of("peer", KEYS.getPublic(), one), TestPki.YEAR);
        X509Certificate withTwo = pki.intermediate.issueClient(
                CertificateSubject.of("peer", KEYS.getPublic(), one.with(SpiffeId.controller("trusted", "c"))),
                TestPki.YEAR);

        assertThat(LeafVerifier.verify(presented(withOne), pki.intermediateOnly(), NOW)
                        .spiffeId())
                .contains(new SpiffeId("trusted", "/identity/abc"));
        assertThatThrownBy(() -> LeafVerifier.verify(presented(withTwo), pki.intermediateOnly(), NOW))
                .isInstanceOf(UntrustedPeerException.class)
                .hasMessageContaining("several SPIFFE ids");
    }

    /** What no authority of ours would sign. */
    private static X509Certificate sign(X509Certificate issuer, KeyPair issuerKeys, CertificateSubject subject) {
        try {
            var builder = new X509v3CertificateBuilder(
                    X500Name.getInstance(issuer.getSubjectX500Principal().getEncoded()),
                    BigInteger.TEN,
                    Date.from(NOW.minus(1, ChronoUnit.MINUTES)),
                    Date.from(NOW.plus(1, ChronoUnit.DAYS)),
                    X500Name.getInstance(subject.name().getEncoded()),
                    SubjectPublicKeyInfo.getInstance(subject.publicKey().getEncoded()));
            return Pem.certificate(
                    builder.build(new JcaContentSignerBuilder("SHA256withECDSA").build(issuerKeys.getPrivate()))
                            .getEncoded());
        } catch (Exception e) {
            throw new AssertionError(e);
        }
    }

    private static X509Certificate signAuthority(CertificateAuthority issuer, String name, KeyPair keys) {
        try {
            var builder = new X509v3CertificateBuilder(
                    X500Name.getInstance(
                            issuer.certificate().getSubjectX500Principal().getEncoded()),
                    BigInteger.TEN,
                    Date.from(NOW.minus(1, ChronoUnit.MINUTES)),
                    Date.from(NOW.plus(1, ChronoUnit.DAYS)),
                    new X500Name("CN=" + name),
                    SubjectPublicKeyInfo.getInstance(keys.getPublic().getEncoded()));
            builder.addExtension(
                    org.bouncycastle.asn1.x509.Extension.basicConstraints,
                    true,
                    new org.bouncycastle.asn1.x509.BasicConstraints(true));
            return Pem.certificate(builder.build(new JcaContentSignerBuilder("SHA256withECDSA").build(issuer.key()))
                    .getEncoded());
        } catch (Exception e) {
            throw new AssertionError(e);
        }
    }
}
