package io.zitipekko.actors.controller;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import io.zitipekko.actors.model.Samples;
import io.zitipekko.actors.model.entity.Semantic;
import io.zitipekko.actors.model.entity.Service;
import io.zitipekko.actors.model.id.RouterId;
import io.zitipekko.actors.model.id.ServiceId;
import io.zitipekko.actors.model.writer.InMemoryModel;
import io.zitipekko.actors.session.token.SigningKey;
import io.zitipekko.transport.address.TransportAddress;
import io.zitipekko.transport.channel.Channel;
import io.zitipekko.transport.channel.ChannelDial;
import io.zitipekko.transport.channel.ChannelDialer;
import io.zitipekko.transport.channel.ChannelHandler;
import io.zitipekko.transport.channel.ChannelHeaders;
import io.zitipekko.transport.channel.ChannelKind;
import io.zitipekko.transport.channel.ChannelOptions;
import io.zitipekko.transport.channel.Headers;
import io.zitipekko.transport.channel.Lane;
import io.zitipekko.transport.channel.Message;
import io.zitipekko.transport.channel.VersionInfo;
import io.zitipekko.transport.control.Capabilities;
import io.zitipekko.transport.control.ControlContentType;
import io.zitipekko.transport.control.ControlHeader;
import io.zitipekko.transport.control.PeerData;
import io.zitipekko.transport.control.RouteResult;
import io.zitipekko.transport.control.proto.CircuitRequest;
import io.zitipekko.transport.control.proto.Route;
import io.zitipekko.transport.identity.Fingerprint;
import io.zitipekko.transport.identity.Identity;
import io.zitipekko.transport.identity.ServerChain;
import io.zitipekko.transport.identity.TrustAnchors;
import io.zitipekko.transport.pki.AlternativeNames;
import io.zitipekko.transport.pki.CertificateAuthority;
import io.zitipekko.transport.pki.CertificateSubject;
import io.zitipekko.transport.pki.KeyPairs;
import io.zitipekko.transport.tls.ListenerLimits;
import io.zitipekko.transport.tls.SharedTlsListener;
import java.security.KeyPair;
import java.security.cert.X509Certificate;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.cluster.typed.Cluster;
import org.apache.pekko.cluster.typed.Join;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The whole controller but its log and HTTP, with routers that come over real TLS. */
class ControllerOverTlsTest {
    private static final Config CONFIG = ConfigFactory.parseString(
                    """
                    include "ziti-transport"
                    include "ziti-controller"
                    include "ziti-sessions"
                    pekko.loglevel = WARNING
                    """)
            .withFallback(ConfigFactory.load());

    private final CertificateAuthority authority = CertificateAuthority.selfSignedRoot(
            CertificateSubject.commonName("root"), KeyPairs.p256(), "test", Duration.ofDays(10));
    private final InMemoryModel model = InMemoryModel.create();
    private ActorSystem<?> system;
    private ControllerGuardian.Running running;
    private SharedTlsListener listener;

    @BeforeEach
    void start() {
        KeyPair keys = KeyPairs.p256();
        X509Certificate leaf = authority.issueNode(
                CertificateSubject.of(
                        "ctrl1", keys.getPublic(), AlternativeNames.hosts(List.of("localhost"), List.of("127.0.0.1"))),
                Duration.ofDays(1));
        Identity identity = Identity.of(
                List.of(leaf),
                keys.getPrivate(),
                List.of(new ServerChain(List.of(leaf), keys.getPrivate())),
                anchors());
        ControllerSettings settings = ControllerSettings.of(
                "ctrl1",
                () -> identity,
                "test",
                new ControllerSettings.Control("127.0.0.1", 0, TransportAddress.tls("127.0.0.1", 6262)),
                new ControllerSettings.EdgeApi(
                        "127.0.0.1:1280",
                        Map.of(
                                "edge-client",
                                List.of(new ControllerSettings.ApiAddress(
                                        "https://127.0.0.1:1280/edge/client/v1", "v1")))),
                new ControllerSettings.Trust(authority, List.of(authority.certificate())),
                new VersionInfo("v2.1.0", "rev", "date", "linux", "amd64"));
        SigningKey signing = SigningKey.of(leaf, keys.getPrivate());
        CompletableFuture<ControllerGuardian.Running> started = new CompletableFuture<>();
        system = ActorSystem.create(
                ControllerGuardian.create(
                        settings,
                        s -> {
                            Cluster cluster = Cluster.get(s);
                            cluster.manager()
                                    .tell(Join.create(cluster.selfMember().address()));
                            return CompletableFuture.completedFuture(model);
                        },
                        () -> signing,
                        Clock.systemUTC(),
                        started),
                "ziti",
                CONFIG.resolve());
        running = started.orTimeout(60, TimeUnit.SECONDS).join();
        listener = SharedTlsListener.bind(
                        system.classicSystem(), "127.0.0.1", 0, List.of(running.control()), ListenerLimits.DEFAULT)
                .toCompletableFuture()
                .orTimeout(60, TimeUnit.SECONDS)
                .join();
    }

    @AfterEach
    void stop() {
        system.terminate();
        system.getWhenTerminated()
                .toCompletableFuture()
                .orTimeout(60, TimeUnit.SECONDS)
                .join();
    }

    private TrustAnchors anchors() {
        return TrustAnchors.of(List.of(authority.certificate()));
    }

    @Test
    void routerJoinsWithTwoUnderlaysAndRoutesACircuitOfItsOwn() {
        Identity router = enroll("r1");
        Router connected = dial("r1", router);

        Message result = connected.channel().handshake();
        assertThat(result.headers().string(ChannelHeaders.ID)).contains("ctrl1");
        assertThat(result.headers().mask(ControlHeader.CAPABILITIES)).isEqualTo(Capabilities.CONTROLLER_2_1);
        assertThat(result.headers().string(ControlHeader.API_ADDRESSES).orElseThrow())
                .isEqualTo(
                        "{\"edge-client\":[{\"url\":\"https://127.0.0.1:1280/edge/client/v1\",\"version\":\"v1\"}]}");
        await().until(() ->
                connected.received().stream().anyMatch(m -> m.contentType() == ControlContentType.SERVER_HELLO));
        await().until(() -> connected.channel().underlays().size() == 2);

        model.propose(Samples.proposal(
                        Samples.put(new Service(
                                new ServiceId("s"), Samples.META, "s", false, "smartrouting", Set.of(), List.of(), 0)),
                        Samples.put(Samples.terminator("t1", "s", "r1")),
                        Samples.put(Samples.serviceEdgeRouterPolicy(
                                "all", Semantic.ANY_OF, List.of("#all"), List.of("#all")))))
                .toCompletableFuture()
                .join();
        Message answer = connected
                .channel()
                .request(
                        Lane.HIGH,
                        Message.of(
                                ControlContentType.CIRCUIT_REQUEST,
                                Headers.EMPTY,
                                CircuitRequest.newBuilder()
                                        .setService("s")
                                        .build()
                                        .toByteArray()),
                        Duration.ofSeconds(10))
                .toCompletableFuture()
                .join();

        assertThat(answer.contentType()).isEqualTo(ControlContentType.CIRCUIT_SUCCESS);
        assertThat(running.context().fabric().circuits()).hasSize(1);

        connected.channel().close("done");
        await().until(() ->
                running.context().fabric().router(new RouterId("r1")).isEmpty());
    }

    @Test
    void certificateThatIsNotTheEnrolledOneGetsNoResult() {
        enroll("r1");
        Identity impostor = identity("r1");

        assertThatThrownBy(() -> dial("r1", impostor)).isNotNull();
        assertThat(running.context().fabric().routers()).isEmpty();
    }

    private Identity identity(String name) {
        KeyPair keys = KeyPairs.p256();
        X509Certificate leaf = authority.issueClient(
                CertificateSubject.of(name, keys.getPublic(), AlternativeNames.NONE), Duration.ofDays(1));
        return Identity.of(List.of(leaf), keys.getPrivate(), List.of(), anchors());
    }

    private Identity enroll(String id) {
        Identity identity = identity(id);
        model.propose(Samples.proposal(Samples.put(Samples.router(id, false)
                        .withCertificate(
                                Fingerprint.of(identity.clientChain().get(0)),
                                "pem",
                                Clock.systemUTC().instant()))))
                .toCompletableFuture()
                .join();
        return identity;
    }

    private record Router(Channel channel, ConcurrentLinkedQueue<Message> received) {}

    private Router dial(String id, Identity identity) {
        Headers headers = Headers.builder()
                .string(ChannelHeaders.HELLO_VERSION, "v2.1.0|rev|date|linux|amd64")
                .mask(ControlHeader.CAPABILITIES, Capabilities.ROUTER_2_1)
                .build();
        ChannelOptions quick = new ChannelOptions(
                Duration.ofSeconds(5),
                16 << 20,
                1 << 20,
                Duration.ofSeconds(30),
                Duration.ofSeconds(60),
                Duration.ofMillis(1));
        ConcurrentLinkedQueue<Message> received = new ConcurrentLinkedQueue<>();
        Channel channel = ChannelDialer.dial(
                        system.classicSystem(),
                        new ChannelDial(
                                ChannelKind.CONTROL,
                                TransportAddress.tls(
                                        "127.0.0.1", listener.localAddress().getPort()),
                                () -> identity,
                                List.of("ziti-ctrl"),
                                id,
                                headers,
                                quick,
                                true,
                                Map.of()),
                        opened -> new ChannelHandler() {
                            @Override
                            public void onMessage(Message message) {
                                received.add(message);
                                if (message.contentType() == ControlContentType.ROUTE) {
                                    Route route = parse(message);
                                    opened.reply(
                                            Lane.HIGH,
                                            message,
                                            RouteResult.success(
                                                            route.getCircuitId(), route.getAttempt(), PeerData.EMPTY)
                                                    .toMessage());
                                }
                            }

                            @Override
                            public void onClosed(String reason) {}
                        })
                .toCompletableFuture()
                .orTimeout(60, TimeUnit.SECONDS)
                .join();
        return new Router(channel, received);
    }

    private static Route parse(Message message) {
        try {
            return Route.parseFrom(message.bodyBytes());
        } catch (com.google.protobuf.InvalidProtocolBufferException e) {
            throw new AssertionError(e);
        }
    }
}
