package io.zitipekko.actors.session;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import io.zitipekko.actors.enrollment.EnrollmentSettings;
import io.zitipekko.actors.event.EventBus;
import io.zitipekko.actors.identity.NetworkAuthority;
import io.zitipekko.actors.model.Change;
import io.zitipekko.actors.model.EntityType;
import io.zitipekko.actors.model.Proposal;
import io.zitipekko.actors.model.Samples;
import io.zitipekko.actors.model.entity.AuthPolicy;
import io.zitipekko.actors.model.entity.Authenticator;
import io.zitipekko.actors.model.entity.Entity;
import io.zitipekko.actors.model.entity.PolicyType;
import io.zitipekko.actors.model.entity.Semantic;
import io.zitipekko.actors.model.id.AuthenticatorId;
import io.zitipekko.actors.model.id.IdentityId;
import io.zitipekko.actors.model.type.AuthPolicies;
import io.zitipekko.actors.model.type.Authenticators;
import io.zitipekko.actors.model.writer.InMemoryModel;
import io.zitipekko.actors.session.token.SigningKey;
import io.zitipekko.actors.session.token.TrustedKeys;
import io.zitipekko.transport.identity.Fingerprint;
import io.zitipekko.transport.identity.PresentedCertificates;
import io.zitipekko.transport.pki.AlternativeNames;
import io.zitipekko.transport.pki.CertificateAuthority;
import io.zitipekko.transport.pki.CertificateSubject;
import io.zitipekko.transport.pki.KeyPairs;
import java.security.KeyPair;
import java.security.cert.X509Certificate;
import java.time.Clock;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletionStage;
import org.apache.pekko.actor.testkit.typed.javadsl.ActorTestKit;
import org.apache.pekko.cluster.typed.Cluster;
import org.apache.pekko.cluster.typed.Join;
import org.awaitility.Awaitility;

/** One controller's sessions over a model in memory, in a cluster of one. */
public final class SessionWorld implements AutoCloseable {
    public static final String EDGE_API = "ctrl.test:1280";
    public static final LoginRequest LOGIN =
            new LoginRequest(List.of("all"), Map.of("os", "any"), Map.of("type", "test"), "127.0.0.1");

    private static final Config CONFIG = ConfigFactory.parseString(
                    """
                    include "ziti-sessions"
                    pekko.actor.provider = cluster
                    pekko.remote.artery.canonical { hostname = "127.0.0.1", port = 0 }
                    pekko.cluster.jmx.multi-mbeans-in-same-jvm = on
                    pekko.cluster.downing-provider-class = "org.apache.pekko.cluster.sbr.SplitBrainResolverProvider"
                    pekko.coordinated-shutdown.exit-jvm = off
                    pekko.loglevel = WARNING
                    """)
            .withFallback(ConfigFactory.load());

    public final CertificateAuthority root;
    public final CertificateAuthority intermediate;
    public final SigningKey signingKey;
    public final KeyPair serverKeys = KeyPairs.p256();
    public final InMemoryModel model = InMemoryModel.create();
    public final ActorTestKit kit = ActorTestKit.create("sessions", CONFIG.resolve());
    public final EventBus events = new EventBus();
    public final NetworkAuthority authority;
    public final SessionServices sessions;

    public SessionWorld(Duration timeout) {
        root = CertificateAuthority.selfSignedRoot(
                CertificateSubject.commonName("root"), KeyPairs.p256(), "test", Duration.ofDays(1000));
        intermediate = root.issueIntermediate(
                CertificateSubject.commonName("signing"), KeyPairs.p256(), "test", 0, Duration.ofDays(900));
        signingKey = SigningKey.of(
                root.issueServer(
                        CertificateSubject.of(
                                "ctrl",
                                serverKeys.getPublic(),
                                AlternativeNames.hosts(List.of("localhost"), List.of("127.0.0.1"))),
                        Duration.ofDays(100)),
                serverKeys.getPrivate());
        authority = new NetworkAuthority("test", List.of(root.certificate()), intermediate);
        Cluster cluster = Cluster.get(kit.system());
        cluster.manager().tell(Join.create(cluster.selfMember().address()));
        Awaitility.await().until(() -> cluster.selfMember().status().toString().equals("Up"));
        sessions = SessionServices.start(
                kit.system(),
                model,
                new SessionSettings(
                        timeout,
                        EDGE_API,
                        () -> signingKey,
                        TrustedKeys.only(() -> signingKey),
                        authority,
                        EnrollmentSettings.of(List.of("tls:ctrl.test:6262"))),
                events,
                Clock.systemUTC());
    }

    /** Adds entities as they are. */
    public void put(Change... changes) {
        model.propose(new Proposal(Arrays.asList(changes), Proposal.Author.CONTROLLER))
                .toCompletableFuture()
                .join();
    }

    public void delete(EntityType<?> type, String id) {
        put(Samples.delete(type, id));
    }

    public <E extends Entity> void replace(EntityType<E> type, E before, E after) {
        put(new Change.Put<>(type, after, before));
    }

    /**
     * Identity {@code client} may dial and {@code host} may bind {@code service}, over {@code router}; policies {@code dial}, {@code bind},
     * {@code routers} and {@code services}.
     *
     * @param tag before every name, so that several such networks stand side by side
     */
    public void aServiceNetwork(String tag) {
        put(
                Samples.put(Samples.identity(tag + "client", tag + "clients")),
                Samples.put(Samples.identity(tag + "host", tag + "hosts")),
                Samples.put(Samples.service(tag + "service", tag + "services")),
                Samples.put(Samples.router(tag + "router", false, tag + "routers")),
                Samples.put(Samples.servicePolicy(
                        tag + "dial",
                        PolicyType.DIAL,
                        Semantic.ANY_OF,
                        List.of("#" + tag + "clients"),
                        List.of("#" + tag + "services"))),
                Samples.put(Samples.servicePolicy(
                        tag + "bind",
                        PolicyType.BIND,
                        Semantic.ANY_OF,
                        List.of("#" + tag + "hosts"),
                        List.of("#" + tag + "services"))),
                Samples.put(Samples.edgeRouterPolicy(
                        tag + "routers",
                        Semantic.ANY_OF,
                        List.of("#" + tag + "clients", "#" + tag + "hosts"),
                        List.of("#" + tag + "routers"))),
                Samples.put(Samples.serviceEdgeRouterPolicy(
                        tag + "services",
                        Semantic.ANY_OF,
                        List.of("@" + tag + "service"),
                        List.of("#" + tag + "routers"))));
    }

    /** Gives an identity a certificate that it can log in with. */
    public PresentedCertificates certificateFor(String identity) {
        return certificateFor(identity, intermediate, Duration.ofDays(1));
    }

    public PresentedCertificates certificateFor(String identity, CertificateAuthority issuer, Duration validity) {
        X509Certificate leaf = issuer.issueClient(
                CertificateSubject.of(identity, KeyPairs.p256().getPublic(), AlternativeNames.NONE), validity);
        PresentedCertificates presented = new PresentedCertificates(issuer.presented(leaf));
        authenticatorOf(identity, presented);
        return presented;
    }

    /** Lets an identity log in with a certificate. */
    public void authenticatorOf(String identity, PresentedCertificates presented) {
        put(new Change.Put<>(
                Authenticators.TYPE,
                new Authenticator(
                        new AuthenticatorId("cert-" + identity),
                        Samples.META,
                        new IdentityId(identity),
                        new Authenticator.Certificate(
                                Fingerprint.of(presented.chain().get(0)), "pem", true, null, null)),
                null));
    }

    /** Gives an identity a password. */
    public void passwordFor(String identity, String username, String password) {
        put(new Change.Put<>(
                Authenticators.TYPE,
                new Authenticator(
                        new AuthenticatorId("updb-" + identity),
                        Samples.META,
                        new IdentityId(identity),
                        get(sessions.passwords().hash(username, password))),
                null));
    }

    /** Changes the default policy. */
    public void policy(boolean certAllowed, boolean certAllowExpired, int maxAttempts, int lockoutMinutes) {
        AuthPolicy before =
                model.view().get(AuthPolicies.TYPE, AuthPolicies.DEFAULT).orElseThrow();
        replace(
                AuthPolicies.TYPE,
                before,
                new AuthPolicy(
                        before.id(),
                        before.meta(),
                        before.name(),
                        certAllowed,
                        certAllowExpired,
                        true,
                        5,
                        maxAttempts,
                        lockoutMinutes));
    }

    /** Logs in with a certificate. */
    public AuthenticatedSession login(PresentedCertificates presented) {
        AuthenticationResult result = get(sessions.apiSessions().authenticateByCertificate(presented, LOGIN));
        return ((AuthenticationResult.Authenticated) result).session();
    }

    public static <T> T get(CompletionStage<T> stage) {
        return stage.toCompletableFuture().join();
    }

    @Override
    public void close() {
        kit.shutdownTestKit();
    }
}
