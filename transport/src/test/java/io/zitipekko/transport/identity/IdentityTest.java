package io.zitipekko.transport.identity;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.zitipekko.transport.pki.AlternativeNames;
import io.zitipekko.transport.pki.CertificateSubject;
import io.zitipekko.transport.pki.KeyPairs;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyPair;
import java.security.cert.X509Certificate;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class IdentityTest {
    private final TestPki pki = new TestPki("net");
    private final KeyPair keys = KeyPairs.p256();
    private final X509Certificate client = pki.intermediate.issueClient(
            CertificateSubject.of("router-1", keys.getPublic(), AlternativeNames.NONE), TestPki.YEAR);
    private final X509Certificate server = pki.intermediate.issueServer(
            CertificateSubject.of(
                    "router-1",
                    keys.getPublic(),
                    AlternativeNames.hosts(List.of("router.example", "*.wild.example"), List.of("10.0.0.1", "::1"))),
            TestPki.YEAR);
    private final String ca = "pem:" + Pem.write(List.of(pki.intermediate.certificate(), pki.root.certificate()));
    private final String key = "pem:" + Pem.write(keys.getPrivate());

    @Test
    void completesTheClientChainFromTheBundleWithoutItsRoot() {
        Identity identity = Identity.load(IdentityConfig.client(Pem.write(client), key, ca));

        assertThat(identity.clientChain()).containsExactly(client, pki.intermediate.certificate());
        assertThat(identity.token()).isEqualTo("router-1");
        assertThat(identity.anchors().certificates()).hasSize(2);
        assertThat(identity.serverChains()).isEmpty();
    }

    @Test
    void startsAServerChainAtEveryServingLeaf() {
        X509Certificate other = pki.root.issueServer(
                CertificateSubject.of("other", keys.getPublic(), AlternativeNames.hosts(List.of("other"), List.of())),
                TestPki.YEAR);
        String serverCert = "pem:"
                + Pem.write(List.of(server, pki.intermediate.certificate(), pki.root.certificate(), other, client));

        Identity identity = Identity.load(new IdentityConfig(Pem.write(client), key, serverCert, null, ca, List.of()));

        assertThat(identity.serverChains())
                .extracting(ServerChain::chain)
                .containsExactly(List.of(server, pki.intermediate.certificate()), List.of(other));
    }

    @Test
    void offersAlternativeServerCertificatesLast() {
        KeyPair otherKeys = KeyPairs.p384();
        X509Certificate other = pki.root.issueServer(
                CertificateSubject.of(
                        "other", otherKeys.getPublic(), AlternativeNames.hosts(List.of("other"), List.of())),
                TestPki.YEAR);

        Identity identity = Identity.load(new IdentityConfig(
                Pem.write(client),
                key,
                Pem.write(server),
                null,
                ca,
                List.of(new AltServerCert(Pem.write(other), "pem:" + Pem.write(otherKeys.getPrivate())))));

        assertThat(identity.serverChains()).extracting(ServerChain::leaf).containsExactly(server, other);
    }

    @Test
    void lendsAControllerItsClientCertificateToServe() {
        X509Certificate both = pki.intermediate.issueNode(
                CertificateSubject.of("c", keys.getPublic(), AlternativeNames.hosts(List.of("ctrl"), List.of())),
                TestPki.YEAR);

        Identity identity =
                Identity.load(IdentityConfig.client(Pem.write(both), key, ca).withClientCertAsServerCert());

        assertThat(identity.serverChains()).extracting(ServerChain::leaf).containsExactly(both);
    }

    @Test
    void readsFilesInAllTheirForms(@TempDir Path dir) throws IOException {
        Path certFile = Files.writeString(dir.resolve("a.cert"), Pem.write(client));
        Path keyFile = Files.writeString(dir.resolve("a.key"), Pem.write(keys.getPrivate()));

        for (String form : List.of(certFile.toString(), "file:" + certFile, "file://" + certFile)) {
            Identity identity = Identity.load(IdentityConfig.client(form, keyFile.toString(), null));
            assertThat(identity.token()).as(form).isEqualTo("router-1");
        }
    }

    @Test
    void namesTheFieldThatCannotBeUsed(@TempDir Path dir) {
        String cert = Pem.write(client);

        assertThatThrownBy(() -> Identity.load(new IdentityConfig(cert, null, null, null, null, List.of())))
                .isInstanceOf(InvalidIdentityException.class)
                .hasMessageContaining("no key specified for identity cert");
        assertThatThrownBy(() -> Identity.load(
                        IdentityConfig.client(dir.resolve("missing").toString(), key, null)))
                .hasMessageContaining("identity cert")
                .hasMessageContaining("missing");
        assertThatThrownBy(() -> Identity.load(IdentityConfig.client(cert, "pkcs11:driver?slot=0", null)))
                .hasMessageContaining("engine 'pkcs11' is not supported");
        assertThatThrownBy(() -> Identity.load(IdentityConfig.client(cert, key, "pem:nothing")))
                .hasMessageContaining("identity ca: no certificate found");
        assertThatThrownBy(() -> Identity.load(IdentityConfig.client(cert, "file://relative/key", null)))
                .hasMessageContaining("file:///absolute/path");
        assertThatThrownBy(() -> Identity.load(IdentityConfig.client(
                        cert, "pem:" + Pem.write(KeyPairs.p256().getPrivate()), null)))
                .hasMessageContaining("does not belong to certificate");
        assertThatThrownBy(() -> Identity.load(new IdentityConfig(
                        cert, key, "pem:" + Pem.write(pki.root.certificate()), null, null, List.of())))
                .hasMessageContaining("can serve");
    }

    @Test
    void neverPrintsKeys() {
        IdentityConfig config =
                new IdentityConfig(Pem.write(client), key, null, null, ca, List.of(new AltServerCert("cert", key)));

        assertThat(config.toString() + config.altServerCerts()).doesNotContain("BEGIN");
    }

    @Test
    void matchesAdvertisedHostsBySanOnly() {
        Identity identity =
                Identity.load(new IdentityConfig(Pem.write(client), key, Pem.write(server), null, ca, List.of()));

        assertThat(List.of("router.example", "ROUTER.example.", "a.wild.example", "10.0.0.1", "::1", "0:0:0:0:0:0:0:1"))
                .allMatch(identity::coversHost);
        assertThat(List.of("router-1", "wild.example", "a.b.wild.example", "10.0.0.2", "example", ""))
                .noneMatch(identity::coversHost);
    }

    @Test
    void looksAtItsFilesNoMoreWhenItIsClosed(@TempDir Path dir) throws IOException {
        Path certFile = Files.writeString(dir.resolve("a.cert"), Pem.write(client));
        Path keyFile = Files.writeString(dir.resolve("a.key"), Pem.write(keys.getPrivate()));
        ReloadingIdentity identity =
                ReloadingIdentity.unwatched(IdentityConfig.client(certFile.toString(), keyFile.toString(), null));
        KeyPair newKeys = KeyPairs.p384();
        X509Certificate renewed = pki.intermediate.issueClient(
                CertificateSubject.of("router-1-renewed", newKeys.getPublic(), AlternativeNames.NONE), TestPki.YEAR);

        ReloadingIdentity.close(List.of(identity));
        Files.writeString(certFile, Pem.write(renewed));
        Files.writeString(keyFile, Pem.write(newKeys.getPrivate()));
        identity.look();
        identity.look();

        assertThat(identity.get().token()).isEqualTo("router-1");
    }

    @Test
    void followsItsFilesOnceTheyHaveSettled(@TempDir Path dir) throws IOException {
        Path certFile = Files.writeString(dir.resolve("a.cert"), Pem.write(client));
        Path keyFile = Files.writeString(dir.resolve("a.key"), Pem.write(keys.getPrivate()));
        ReloadingIdentity identity =
                ReloadingIdentity.unwatched(IdentityConfig.client(certFile.toString(), keyFile.toString(), null));
        KeyPair newKeys = KeyPairs.p384();
        X509Certificate renewed = pki.intermediate.issueClient(
                CertificateSubject.of("router-1-renewed", newKeys.getPublic(), AlternativeNames.NONE), TestPki.YEAR);

        Files.writeString(certFile, Pem.write(renewed));
        identity.look();
        identity.look();
        assertThat(identity.get().token())
                .as("a half-written set keeps the old identity")
                .isEqualTo("router-1");

        Files.writeString(keyFile, Pem.write(newKeys.getPrivate()));
        identity.look();
        assertThat(identity.get().token()).as("not before two looks agree").isEqualTo("router-1");
        identity.look();
        assertThat(identity.get().token()).isEqualTo("router-1-renewed");
    }
}
