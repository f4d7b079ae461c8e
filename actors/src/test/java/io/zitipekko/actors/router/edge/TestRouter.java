package io.zitipekko.actors.router.edge;

import io.zitipekko.actors.model.id.ApiSessionId;
import io.zitipekko.actors.model.id.IdentityId;
import io.zitipekko.actors.model.id.RouterId;
import io.zitipekko.actors.router.ControllerId;
import io.zitipekko.actors.router.RouterSettings;
import io.zitipekko.actors.router.circuit.CircuitEnds;
import io.zitipekko.actors.router.dial.RouteHandler;
import io.zitipekko.actors.router.dial.TransportDialer;
import io.zitipekko.actors.router.edge.session.ApiSessionTable;
import io.zitipekko.actors.router.edge.session.LegacyApiSession;
import io.zitipekko.actors.router.forwarder.Faults;
import io.zitipekko.actors.router.forwarder.Forwarder;
import io.zitipekko.transport.address.TransportAddress;
import io.zitipekko.transport.channel.ChannelHandler;
import io.zitipekko.transport.channel.ChannelOptions;
import io.zitipekko.transport.channel.Headers;
import io.zitipekko.transport.channel.Hello;
import io.zitipekko.transport.channel.HelloAnswer;
import io.zitipekko.transport.edge.EdgeHeader;
import io.zitipekko.transport.identity.Fingerprint;
import io.zitipekko.transport.identity.Identity;
import io.zitipekko.transport.identity.PresentedCertificates;
import io.zitipekko.transport.memory.SharedMemory;
import io.zitipekko.transport.tls.TlsPeer;
import io.zitipekko.transport.tls.TlsServerProtocol;
import io.zitipekko.transport.xgress.CircuitId;
import io.zitipekko.transport.xgress.XgressOptions;
import io.zitipekko.transport.xgress.end.CircuitMemory;
import io.zitipekko.transport.xgress.end.CircuitTimer;
import java.net.InetSocketAddress;
import java.security.cert.X509Certificate;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executor;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.apache.pekko.actor.ClassicActorSystemProvider;
import org.apache.pekko.actor.testkit.typed.javadsl.ActorTestKit;
import org.apache.pekko.actor.typed.javadsl.Behaviors;

/** The data plane and edge side of one router, without control connection and links. */
final class TestRouter {
    static final ControllerId CONTROLLER = new ControllerId("ctrl1");

    final RouterId id;
    final Forwarder forwarder;
    final CircuitEnds ends;
    final EdgeSide edge;
    final RouteHandler routes;
    final ApiSessionTable apiSessions = new ApiSessionTable();
    final ConcurrentLinkedQueue<CircuitId> endedCircuits = new ConcurrentLinkedQueue<>();
    private final RouterSettings.EdgeListener listener;
    private final Executor executor;

    TestRouter(
            ActorTestKit kit,
            String name,
            TestModel model,
            TestControllers controllers,
            Supplier<Identity> identity,
            ScheduledExecutorService timers,
            Executor executor,
            Clock clock) {
        this.id = new RouterId(name);
        this.executor = executor;
        this.forwarder = new Forwarder(
                id,
                new Faults() {
                    @Override
                    public void forwardFailed(CircuitId circuit, Optional<ControllerId> owner) {}

                    @Override
                    public void ended(CircuitId circuit, ControllerId owner, boolean initiator) {
                        endedCircuits.add(circuit);
                        controllers.onCircuitEnded(circuit);
                    }

                    @Override
                    public void linkMissing(io.zitipekko.transport.xgress.XgressAddress link) {}

                    @Override
                    public void idle(ControllerId owner, java.util.Map<CircuitId, Long> idleNanos) {}
                },
                (delay, task) -> {
                    // the executor's shutdown at the end of a test is the only cancellation
                    ScheduledFuture<?> unused = timers.schedule(task, delay.toMillis(), TimeUnit.MILLISECONDS);
                },
                System::nanoTime);
        this.ends = new CircuitEnds(forwarder, CircuitTimer.on(timers), CircuitMemory.of(SharedMemory.ofHeap()));
        this.listener = new RouterSettings.EdgeListener(
                TransportAddress.tls("127.0.0.1", 0),
                TransportAddress.tls("127.0.0.1", 0),
                ChannelOptions.EDGE,
                Duration.ofMillis(300),
                Duration.ofSeconds(1),
                XgressOptions.DEFAULTS);
        RouterSettings.Edge settings = new RouterSettings.Edge(
                List.of(listener), Duration.ofSeconds(60), RouterSettings.SessionValidation.DEFAULT);
        EdgeParts parts = new EdgeParts(
                id,
                "v2.1.0|test|2026-11-22|linux|amd64",
                identity,
                settings,
                Duration.ofSeconds(10),
                controllers,
                model,
                apiSessions,
                ends,
                new io.zitipekko.actors.router.RefusalReporter(controllers, Clock.systemUTC()),
                executor,
                clock);
        CompletableFuture<EdgeSide> started = new CompletableFuture<>();
        kit.spawn(Behaviors.setup(context -> {
            started.complete(EdgeSide.start(context, parts));
            return Behaviors.empty();
        }));
        this.edge = started.join();
        this.routes = new RouteHandler(
                forwarder,
                List.of(
                        edge.hostDialer(),
                        new TransportDialer(
                                kit.system(), ends, RouterSettings.TransportDial.DEFAULT, Clock.systemUTC())),
                100,
                Clock.systemUTC());
        controllers.add(this);
    }

    void announce(String sessionId, String token, String identity, X509Certificate... leaves) {
        apiSessions.put(List.of(session(sessionId, token, identity, leaves)));
    }

    static LegacyApiSession session(String sessionId, String token, String identity, X509Certificate... leaves) {
        Set<Fingerprint> fingerprints = new java.util.HashSet<>();
        for (X509Certificate leaf : leaves) {
            fingerprints.add(Fingerprint.of(leaf));
        }
        return new LegacyApiSession(
                new ApiSessionId(sessionId), token, new IdentityId(identity), fingerprints, CONTROLLER);
    }

    /** What a socket of this router speaks. */
    TlsServerProtocol protocol(ClassicActorSystemProvider system) {
        return edge.protocol(system, listener);
    }

    /** Opens a channel as an SDK does; what becomes of it shows later. */
    TestSdk open(String token, X509Certificate leaf) {
        return open(token, leaf, "edge.default");
    }

    TestSdk open(String token, X509Certificate leaf, String type) {
        TlsPeer peer = new TlsPeer(
                new InetSocketAddress("127.0.0.1", 40000),
                new InetSocketAddress("127.0.0.1", 3022),
                "ziti-edge",
                new PresentedCertificates(List.of(leaf)));
        Headers headers = token == null
                ? Headers.EMPTY
                : Headers.builder().string(EdgeHeader.SESSION_TOKEN, token).build();
        Hello hello = new Hello("test sdk", headers);
        EdgeAcceptor acceptor = (EdgeAcceptor) edge.acceptor(listener);
        HelloAnswer answer = acceptor.onHello(hello, peer).toCompletableFuture().join();
        if (!(answer instanceof HelloAnswer.Accept)) {
            throw new AssertionError("hello was answered with " + answer);
        }
        MemoryChannel channel = MemoryChannel.connect("channel-" + token, peer, type, executor);
        ChannelHandler handler = acceptor.onChannel(channel, hello);
        channel.handle(handler);
        return new TestSdk(channel.other());
    }
}
