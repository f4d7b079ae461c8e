package io.zitipekko.actors.router.edge;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.crypto.ECDSASigner;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;
import io.zitipekko.actors.model.entity.PolicyType;
import io.zitipekko.transport.identity.Fingerprint;
import io.zitipekko.transport.identity.Identity;
import io.zitipekko.transport.identity.ServerChain;
import io.zitipekko.transport.identity.SpiffeId;
import io.zitipekko.transport.identity.TrustAnchors;
import io.zitipekko.transport.pki.AlternativeNames;
import io.zitipekko.transport.pki.CertificateAuthority;
import io.zitipekko.transport.pki.CertificateSubject;
import io.zitipekko.transport.pki.KeyPairs;
import java.security.KeyPair;
import java.security.cert.X509Certificate;
import java.security.interfaces.ECPrivateKey;
import java.time.Duration;
import java.time.Instant;
import java.util.Date;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import org.apache.pekko.actor.testkit.typed.javadsl.ActorTestKit;

/** Two routers with a link, one controller, a dialling and a hosting identity with certificates, and their sessions. */
final class EdgeWorld implements AutoCloseable {
    static final Duration DAY = Duration.ofDays(1);

    final ActorTestKit kit = ActorTestKit.create();
    final MovableClock clock = new MovableClock();
    final ScheduledThreadPoolExecutor timers = new ScheduledThreadPoolExecutor(1);
    final ExecutorService threads = Executors.newCachedThreadPool();
    final TestModel model = new TestModel();
    final TestControllers controllers = new TestControllers();
    final CertificateAuthority ca =
            CertificateAuthority.selfSignedRoot(CertificateSubject.commonName("root"), KeyPairs.p256(), "test", DAY);
    final X509Certificate clientLeaf = leaf("client", AlternativeNames.NONE);
    final X509Certificate hostLeaf = leaf("host", AlternativeNames.NONE);
    final KeyPair signing = KeyPairs.p256();
    final String kid = Fingerprint.ofDer(signing.getPublic().getEncoded()).hex();
    final TestRouter dialRouter;
    final TestRouter hostRouter;

    EdgeWorld() {
        KeyPair routerKey = KeyPairs.p256();
        X509Certificate routerLeaf = ca.issueNode(
                CertificateSubject.of(
                        "router",
                        routerKey.getPublic(),
                        AlternativeNames.hosts(List.of("localhost"), List.of("127.0.0.1"))),
                DAY);
        Identity identity = Identity.of(
                List.of(routerLeaf),
                routerKey.getPrivate(),
                List.of(new ServerChain(List.of(routerLeaf), routerKey.getPrivate())),
                TrustAnchors.of(ca.chain()));
        model.anchors(TrustAnchors.of(ca.chain()));
        model.jwtKey(kid, signing.getPublic());
        model.identity("client", false);
        model.identity("host", false);
        model.service("svc", false);
        model.allow("client", "svc", PolicyType.DIAL);
        model.allow("host", "svc", PolicyType.BIND);
        dialRouter = new TestRouter(kit, "r1", model, controllers, () -> identity, timers, threads, clock);
        hostRouter = new TestRouter(kit, "r2", model, controllers, () -> identity, timers, threads, clock);
        MemoryLink.join(TestControllers.LINK, dialRouter.forwarder, hostRouter.forwarder, threads);
        dialRouter.announce("as-client", "client-token", "client", clientLeaf);
        hostRouter.announce("as-host", "host-token", "host", hostLeaf);
    }

    X509Certificate leaf(String name, AlternativeNames names) {
        return ca.issueClient(CertificateSubject.of(name, KeyPairs.p256().getPublic(), names), DAY);
    }

    X509Certificate leafOf(String spiffePath) {
        return leaf("spiffe", AlternativeNames.of(new SpiffeId("test", spiffePath)));
    }

    TestSdk client() {
        return dialRouter.open("client-token", clientLeaf);
    }

    TestSdk host() {
        return hostRouter.open("host-token", hostLeaf);
    }

    String dialToken() {
        return token("dial-session", "as-client", "client", "Dial");
    }

    String bindToken() {
        return token("bind-session", "as-host", "host", "Bind");
    }

    String token(String session, String apiSession, String identity, String type) {
        return sign(new JWTClaimsSet.Builder()
                .subject("svc")
                .jwtID(session)
                .audience("openziti")
                .issueTime(new Date())
                .expirationTime(Date.from(Instant.now().plus(DAY)))
                .claim("z_asid", apiSession)
                .claim("z_iid", identity)
                .claim("z_t", "s")
                .claim("z_st", type)
                .claim("z_leg", true)
                .claim("n", UUID.randomUUID().toString())
                .build());
    }

    /** An access token as controllers with OIDC issue it. */
    String accessToken(String apiSession, String identity, X509Certificate certificate, Instant expires) {
        return sign(new JWTClaimsSet.Builder()
                .subject(identity)
                .audience("openziti")
                .issueTime(new Date())
                .expirationTime(Date.from(expires))
                .claim("z_asid", apiSession)
                .claim("z_t", "a")
                .claim("z_cfs", List.of(Fingerprint.of(certificate).hex()))
                .build());
    }

    String sign(JWTClaimsSet claims) {
        try {
            SignedJWT jwt = new SignedJWT(
                    new JWSHeader.Builder(JWSAlgorithm.ES256).keyID(kid).build(), claims);
            jwt.sign(new ECDSASigner((ECPrivateKey) signing.getPrivate()));
            return jwt.serialize();
        } catch (JOSEException e) {
            throw new AssertionError(e);
        }
    }

    @Override
    public void close() {
        dialRouter.edge.close();
        hostRouter.edge.close();
        kit.shutdownTestKit();
        timers.shutdownNow();
        threads.shutdownNow();
    }
}
