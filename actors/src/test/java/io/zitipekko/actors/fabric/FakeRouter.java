package io.zitipekko.actors.fabric;

import static org.awaitility.Awaitility.await;

import com.google.protobuf.MessageLite;
import com.google.protobuf.Parser;
import io.zitipekko.transport.channel.ChannelHeaders;
import io.zitipekko.transport.channel.Headers;
import io.zitipekko.transport.channel.Hello;
import io.zitipekko.transport.channel.HelloAnswer;
import io.zitipekko.transport.channel.Message;
import io.zitipekko.transport.control.Capabilities;
import io.zitipekko.transport.control.ControlContentType;
import io.zitipekko.transport.control.ControlHeader;
import io.zitipekko.transport.control.PeerData;
import io.zitipekko.transport.control.RouteErrorCode;
import io.zitipekko.transport.control.RouteResult;
import io.zitipekko.transport.control.proto.Fault;
import io.zitipekko.transport.control.proto.FaultSubject;
import io.zitipekko.transport.control.proto.Listener;
import io.zitipekko.transport.control.proto.Listeners;
import io.zitipekko.transport.control.proto.Route;
import io.zitipekko.transport.control.proto.RouterLinks;
import io.zitipekko.transport.identity.PresentedCertificates;
import io.zitipekko.transport.tls.TlsPeer;
import java.net.InetSocketAddress;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;

/** The router's side of a control connection, driven by a test. Answers Route with success unless told to refuse. */
final class FakeRouter {
    private final TestFabric network;
    final String id;
    final X509Certificate leaf;
    private FakeChannel channel;
    volatile RouteErrorCode refuse;
    volatile boolean silent;
    volatile PeerData egressData = PeerData.EMPTY;

    FakeRouter(TestFabric network, String id, X509Certificate leaf) {
        this.network = network;
        this.id = id;
        this.leaf = leaf;
    }

    Headers.Builder helloHeaders() {
        Listeners listeners = Listeners.newBuilder()
                .addListeners(Listener.newBuilder()
                        .setAddress("tls:" + id + ".example:3022")
                        .setProtocol("tls")
                        .addGroups("default")
                        .setLocalBinding("transport"))
                .build();
        return Headers.builder()
                .string(ChannelHeaders.HELLO_VERSION, "v2.1.0|rev|date|linux|amd64")
                .string(ChannelHeaders.TYPE, "ctrl.default")
                .bool(ChannelHeaders.IS_GROUPED, true)
                .bool(ChannelHeaders.IS_FIRST_GROUP_CONNECTION, true)
                .mask(ControlHeader.CAPABILITIES, Capabilities.ROUTER_2_1)
                .bytes(ControlHeader.LISTENERS, listeners.toByteArray());
    }

    TlsPeer peer(X509Certificate... chain) {
        InetSocketAddress address = InetSocketAddress.createUnresolved(id, 1);
        return new TlsPeer(address, address, "ziti-ctrl", new PresentedCertificates(List.of(chain)));
    }

    HelloAnswer hello(Hello hello, TlsPeer peer) {
        return network.fabric
                .acceptor()
                .onHello(hello, peer)
                .toCompletableFuture()
                .join();
    }

    HelloAnswer hello() {
        return hello(new Hello(id, helloHeaders().build()), peer(leaf));
    }

    void connect() {
        HelloAnswer answer = hello();
        if (!(answer instanceof HelloAnswer.Accept)) {
            throw new AssertionError("refused: " + answer);
        }
        open(new Hello(id, helloHeaders().build()));
    }

    /** Opens a channel as if its hello had been accepted. */
    FakeChannel open(Hello hello) {
        FakeChannel opened = new FakeChannel(Message.of(0, hello.headers(), hello.token()), peer(leaf));
        opened.onSend(message -> {
            if (message.contentType() == ControlContentType.ROUTE) {
                routed(opened, message);
            }
        });
        opened.opened(network.fabric.acceptor().onChannel(opened, hello));
        channel = opened;
        return opened;
    }

    private void routed(FakeChannel on, Message message) {
        Route route = parse(Route.parser(), message);
        if (silent) {
            return;
        }
        RouteResult result = refuse == null || !route.hasEgress()
                ? RouteResult.success(
                        route.getCircuitId(), route.getAttempt(), route.hasEgress() ? egressData : PeerData.EMPTY)
                : RouteResult.failure(route.getCircuitId(), route.getAttempt(), refuse, "refused by the test");
        on.receive(result.toMessage());
    }

    FakeChannel channel() {
        return channel;
    }

    void tell(int contentType, MessageLite body) {
        channel.receive(Message.of(contentType, Headers.EMPTY, body.toByteArray()));
    }

    Message ask(int contentType, MessageLite body) {
        return ask(Message.of(contentType, Headers.EMPTY, body.toByteArray()));
    }

    Message ask(Message request) {
        return channel.ask(request).orTimeout(60, TimeUnit.SECONDS).join();
    }

    void fault(FaultSubject subject, String about) {
        tell(
                ControlContentType.FAULT,
                Fault.newBuilder().setSubject(subject).setId(about).build());
    }

    void reportLink(String link, String dest, int iteration, boolean full) {
        tell(
                ControlContentType.ROUTER_LINKS,
                RouterLinks.newBuilder()
                        .setFullRefresh(full)
                        .addLinks(RouterLinks.RouterLink.newBuilder()
                                .setId(link)
                                .setDestRouterId(dest)
                                .setLinkProtocol("tls")
                                .setDialAddress("tls:" + dest + ":1")
                                .setIteration(iteration))
                        .build());
    }

    <M> List<M> all(int contentType, Parser<M> parser) {
        return channel.sent().stream()
                .filter(m -> m.contentType() == contentType)
                .map(m -> parse(parser, m))
                .toList();
    }

    /** Waits for a message that was sent to this router. */
    <M> M expect(int contentType, Parser<M> parser, Predicate<M> wanted) {
        return await("content type " + contentType + " at " + id)
                .atMost(Duration.ofSeconds(10))
                .pollInterval(Duration.ofMillis(10))
                .until(
                        () -> all(contentType, parser).stream().filter(wanted).findFirst(),
                        java.util.Optional::isPresent)
                .orElseThrow();
    }

    static <M> M parse(Parser<M> parser, Message message) {
        try {
            return parser.parseFrom(message.bodyBytes());
        } catch (com.google.protobuf.InvalidProtocolBufferException e) {
            throw new AssertionError(e);
        }
    }
}
