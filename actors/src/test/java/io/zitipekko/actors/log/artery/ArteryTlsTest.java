package io.zitipekko.actors.log.artery;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.zitipekko.transport.identity.Identity;
import io.zitipekko.transport.identity.SpiffeId;
import io.zitipekko.transport.identity.TrustAnchors;
import io.zitipekko.transport.pki.AlternativeNames;
import io.zitipekko.transport.pki.CertificateAuthority;
import io.zitipekko.transport.pki.CertificateSubject;
import io.zitipekko.transport.pki.KeyPairs;
import java.nio.ByteBuffer;
import java.security.KeyPair;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLEngineResult.HandshakeStatus;
import javax.net.ssl.SSLException;
import org.junit.jupiter.api.Test;

/** Also gives other tests controllers' identities. */
public class ArteryTlsTest {
    public static final String TRUST_DOMAIN = "zp.test";

    private static final CertificateAuthority ROOT = root();

    private static CertificateAuthority root() {
        return CertificateAuthority.selfSignedRoot(
                CertificateSubject.commonName("root"), KeyPairs.p256(), TRUST_DOMAIN, Duration.ofDays(1));
    }

    public static Identity identity(SpiffeId name) {
        return identity(ROOT, ROOT, AlternativeNames.of(name));
    }

    private static Identity identity(CertificateAuthority issuer, CertificateAuthority anchor, AlternativeNames names) {
        KeyPair keys = KeyPairs.p256();
        X509Certificate leaf =
                issuer.issueClient(CertificateSubject.of("peer", keys.getPublic(), names), Duration.ofHours(1));
        return Identity.of(
                issuer.presented(leaf), keys.getPrivate(), List.of(), TrustAnchors.of(List.of(anchor.certificate())));
    }

    private static SpiffeId controller(String id) {
        return SpiffeId.controller(TRUST_DOMAIN, id);
    }

    private static void handshake(Identity client, Identity server) throws SSLException {
        SSLEngine dialing = ArteryTls.of(() -> client, TRUST_DOMAIN).createClientSSLEngine("127.0.0.1", 1);
        SSLEngine accepting = ArteryTls.of(() -> server, TRUST_DOMAIN).createServerSSLEngine("127.0.0.1", 1);
        drive(dialing, accepting);
    }

    /** Passes bytes to and fro until both are done; a refusal shows as an exception on the side that refuses. */
    private static void drive(SSLEngine a, SSLEngine b) throws SSLException {
        ByteBuffer toB = ByteBuffer.allocate(1 << 16);
        ByteBuffer toA = ByteBuffer.allocate(1 << 16);
        a.beginHandshake();
        b.beginHandshake();
        for (int turn = 0; turn < 100 && (unfinished(a) || unfinished(b)); turn++) {
            step(a, toA, toB);
            step(b, toB, toA);
        }
        assertThat(unfinished(a) || unfinished(b)).as("the handshake ends").isFalse();
    }

    private static boolean unfinished(SSLEngine engine) {
        return engine.getHandshakeStatus() != HandshakeStatus.NOT_HANDSHAKING;
    }

    private static void step(SSLEngine engine, ByteBuffer in, ByteBuffer out) throws SSLException {
        for (Runnable task; (task = engine.getDelegatedTask()) != null; ) {
            task.run();
        }
        if (engine.getHandshakeStatus() == HandshakeStatus.NEED_WRAP) {
            engine.wrap(ByteBuffer.allocate(0), out);
        } else {
            in.flip();
            engine.unwrap(in, ByteBuffer.allocate(1 << 16));
            in.compact();
        }
    }

    @Test
    void joinsTwoControllers() throws SSLException {
        handshake(identity(controller("n1")), identity(controller("n2")));
    }

    @Test
    void refusesARouterOfTheSameNetworkOnBothSides() {
        Identity router = identity(new SpiffeId(TRUST_DOMAIN, "/router/r1"));

        assertThatThrownBy(() -> handshake(router, identity(controller("n1"))))
                .isInstanceOf(SSLException.class)
                .hasMessageContaining("/router/r1");
        assertThatThrownBy(() -> handshake(identity(controller("n1")), router)).isInstanceOf(SSLException.class);
    }

    @Test
    void refusesALeafWithoutAName() {
        Identity nameless = identity(ROOT, ROOT, AlternativeNames.NONE);

        assertThatThrownBy(() -> handshake(nameless, identity(controller("n1"))))
                .isInstanceOf(SSLException.class);
    }

    @Test
    void refusesAControllerOfAnotherTrustDomainOrAuthority() {
        Identity elsewhere = identity(SpiffeId.controller("other.test", "n1"));
        Identity selfMade = identity(root(), ROOT, AlternativeNames.of(controller("n1")));

        assertThatThrownBy(() -> handshake(elsewhere, identity(controller("n1"))))
                .isInstanceOf(SSLException.class);
        assertThatThrownBy(() -> handshake(selfMade, identity(controller("n1"))))
                .isInstanceOf(SSLException.class);
    }

    @Test
    void presentsRenewedKeysInTheNextHandshake() throws SSLException {
        AtomicReference<Identity> own = new AtomicReference<>(identity(controller("n1")));
        ArteryTls tls = ArteryTls.of(own::get, TRUST_DOMAIN);
        Identity renewed = identity(controller("n1"));
        own.set(renewed);
        SSLEngine accepting =
                ArteryTls.of(() -> identity(controller("n2")), TRUST_DOMAIN).createServerSSLEngine("127.0.0.1", 1);

        drive(tls.createClientSSLEngine("127.0.0.1", 1), accepting);

        assertThat(accepting.getSession().getPeerCertificates()[0])
                .isEqualTo(renewed.clientChain().get(0));
    }
}
