package io.zitipekko.actors.fabric;

import io.zitipekko.actors.controller.ControllerSettings;
import io.zitipekko.actors.controller.NetworkTuning;
import io.zitipekko.actors.enrollment.RouterRenewals;
import io.zitipekko.actors.event.EventBus;
import io.zitipekko.actors.identity.NetworkAuthority;
import io.zitipekko.actors.model.Change;
import io.zitipekko.actors.model.Proposal;
import io.zitipekko.actors.model.Samples;
import io.zitipekko.actors.model.entity.ApiSession;
import io.zitipekko.actors.model.entity.EdgeRouter;
import io.zitipekko.actors.model.entity.PolicyType;
import io.zitipekko.actors.model.entity.Service;
import io.zitipekko.actors.model.id.ApiSessionId;
import io.zitipekko.actors.model.id.RouterId;
import io.zitipekko.actors.model.id.SessionId;
import io.zitipekko.actors.model.type.EdgeRouters;
import io.zitipekko.actors.model.writer.InMemoryModel;
import io.zitipekko.actors.session.ApiSessions;
import io.zitipekko.actors.session.AuthenticatedSession;
import io.zitipekko.actors.session.AuthenticationResult;
import io.zitipekko.actors.session.DialAuthorizer;
import io.zitipekko.actors.session.DialDecision;
import io.zitipekko.actors.session.LoginRequest;
import io.zitipekko.actors.session.SessionServices;
import io.zitipekko.actors.session.token.ServiceSessionTokens;
import io.zitipekko.actors.session.token.SignedTokens;
import io.zitipekko.actors.session.token.SigningKey;
import io.zitipekko.actors.session.token.TrustedKeys;
import io.zitipekko.actors.work.BoundedWork;
import io.zitipekko.transport.address.TransportAddress;
import io.zitipekko.transport.channel.VersionInfo;
import io.zitipekko.transport.identity.Fingerprint;
import io.zitipekko.transport.identity.Identity;
import io.zitipekko.transport.identity.PresentedCertificates;
import io.zitipekko.transport.identity.ServerChain;
import io.zitipekko.transport.identity.TrustAnchors;
import io.zitipekko.transport.pki.AlternativeNames;
import io.zitipekko.transport.pki.CertificateAuthority;
import io.zitipekko.transport.pki.CertificateSubject;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.cert.X509Certificate;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;
import java.util.stream.Collectors;
import javax.security.auth.x500.X500Principal;
import org.apache.pekko.actor.testkit.typed.javadsl.ActorTestKit;
import org.apache.pekko.actor.typed.javadsl.Behaviors;

/** A controller's fabric in one JVM, over a model in memory, with a clock that tests move. */
final class TestFabric implements AutoCloseable {
    /** Time that stands still until it is moved. */
    static final class TestClock extends Clock {
        private volatile Instant now = Instant.now();

        void advance(Duration by) {
            now = now.plus(by);
        }

        @Override
        public Instant instant() {
            return now;
        }

        @Override
        public ZoneId getZone() {
            return ZoneOffset.UTC;
        }

        @Override
        public Clock withZone(ZoneId zone) {
            return this;
        }
    }

    static final NetworkTuning QUICK = new NetworkTuning(
            10,
            Duration.ofMinutes(1),
            Duration.ofSeconds(10),
            2,
            Duration.ofSeconds(65),
            Duration.ofHours(1),
            0.02,
            4,
            15);

    final TestClock clock = new TestClock();
    final InMemoryModel model = InMemoryModel.create();
    final CertificateAuthority authority = newAuthority();
    final Fabric fabric;
    final EventBus events = new EventBus();
    /** What a test says of tokens. */
    @FunctionalInterface
    interface Decisions {
        DialDecision decide(String apiSessionToken, String sessionToken, PolicyType type, RouterId router);
    }

    volatile Decisions authorizer = (api, session, type, router) ->
            new DialDecision.Denied(DialDecision.Refusal.INVALID_API_SESSION, "no session");
    /** What it says when it is asked again. */
    volatile Function<DialDecision.Allowed, DialDecision> confirmation = allowed -> allowed;

    volatile Set<String> knownTokens = Set.of();
    private final ActorTestKit kit = ActorTestKit.create();

    TestFabric() {
        this(QUICK);
    }

    TestFabric(NetworkTuning tuning) {
        KeyPair keys = newKeys();
        X509Certificate leaf = authority.issueNode(
                CertificateSubject.of("ctrl1", keys.getPublic(), AlternativeNames.NONE), Duration.ofDays(1));
        List<X509Certificate> chain = List.of(leaf);
        Identity identity = Identity.of(
                chain,
                keys.getPrivate(),
                List.of(new ServerChain(chain, keys.getPrivate())),
                TrustAnchors.of(List.of(authority.certificate())));
        SigningKey signing = SigningKey.of(leaf, keys.getPrivate());
        ControllerSettings settings = ControllerSettings.of(
                        "ctrl1",
                        () -> identity,
                        "test",
                        new ControllerSettings.Control("127.0.0.1", 0, TransportAddress.tls("127.0.0.1", 6262)),
                        new ControllerSettings.EdgeApi("127.0.0.1:1280", Map.of()),
                        new ControllerSettings.Trust(authority, List.of(authority.certificate())),
                        new VersionInfo("v2.1.0", "rev", "date", "linux", "amd64"))
                .withNetwork(tuning);
        SignedTokens signed = new SignedTokens(() -> signing, TrustedKeys.only(() -> signing), clock);
        NetworkAuthority network = new NetworkAuthority("test", List.of(authority.certificate()), authority);
        SessionServices sessions = new SessionServices(
                new NoSessions(),
                null,
                null,
                new ServiceSessionTokens(signed, "127.0.0.1:1280", clock),
                new DialAuthorizer() {
                    @Override
                    public DialDecision decide(String api, String session, PolicyType type, RouterId router) {
                        return authorizer.decide(api, session, type, router);
                    }

                    @Override
                    public DialDecision confirm(DialDecision.Allowed allowed, PolicyType type, RouterId router) {
                        return confirmation.apply(allowed);
                    }
                },
                null,
                null,
                null,
                null,
                new RouterRenewals(model, network, new BoundedWork(Runnable::run, 10, "signing"), clock),
                null);
        CompletableFuture<Fabric> spawned = new CompletableFuture<>();
        kit.spawn(Behaviors.setup(context -> {
            spawned.complete(Fabric.spawn(context, settings, model, sessions, () -> signing, events, clock));
            return Behaviors.empty();
        }));
        fabric = spawned.join();
    }

    static CertificateAuthority newAuthority() {
        return CertificateAuthority.selfSignedRoot(
                new X500Principal("CN=root"), newKeys(), "test", Duration.ofDays(10));
    }

    static KeyPair newKeys() {
        try {
            KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
            generator.initialize(256);
            return generator.generateKeyPair();
        } catch (java.security.GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    X509Certificate issue(String name) {
        return authority.issueClient(
                CertificateSubject.of(name, newKeys().getPublic(), AlternativeNames.NONE), Duration.ofDays(1));
    }

    /** Puts an enrolled router into the model, not connected yet. */
    FakeRouter enroll(String id) {
        return enroll(id, false);
    }

    FakeRouter enroll(String id, boolean tunneler) {
        X509Certificate leaf = issue(id);
        EdgeRouter router = Samples.router(id, tunneler).withCertificate(Fingerprint.of(leaf), "pem", clock.instant());
        change(Samples.put(router));
        return new FakeRouter(this, id, leaf);
    }

    /** Enrolls and connects. */
    FakeRouter connect(String id) {
        FakeRouter router = enroll(id);
        router.connect();
        return router;
    }

    EdgeRouter router(String id) {
        return model.view().get(EdgeRouters.TYPE, new RouterId(id)).orElseThrow();
    }

    void change(Change... changes) {
        propose(Samples.proposal(changes));
    }

    void propose(Proposal proposal) {
        model.propose(proposal).toCompletableFuture().join();
    }

    FabricDirectory directory() {
        return fabric.directory();
    }

    @Override
    public void close() {
        kit.shutdownTestKit();
    }

    private final class NoSessions implements ApiSessions {
        @Override
        public CompletionStage<AuthenticationResult> authenticateByCertificate(
                PresentedCertificates presented, LoginRequest request) {
            throw new UnsupportedOperationException();
        }

        @Override
        public CompletionStage<AuthenticationResult> authenticateByPassword(
                String username, String password, LoginRequest request) {
            throw new UnsupportedOperationException();
        }

        @Override
        public Optional<AuthenticatedSession> resolve(String token) {
            return Optional.empty();
        }

        @Override
        public Optional<AuthenticatedSession> find(ApiSessionId id) {
            return Optional.empty();
        }

        @Override
        public void touch(ApiSessionId id) {}

        @Override
        public Set<String> heartbeat(Collection<String> tokens) {
            return tokens.stream().filter(t -> !knownTokens.contains(t)).collect(Collectors.toSet());
        }

        @Override
        public CompletionStage<Void> delete(ApiSessionId id, Proposal.Author author) {
            throw new UnsupportedOperationException();
        }
    }

    /** What an admitted SDK dials and binds with. */
    static DialDecision.Allowed allowed(
            ApiSession apiSession,
            io.zitipekko.actors.model.entity.Identity identity,
            Service service,
            String session) {
        return new DialDecision.Allowed(apiSession, identity, service, new SessionId(session));
    }
}
