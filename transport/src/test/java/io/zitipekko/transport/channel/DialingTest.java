package io.zitipekko.transport.channel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.zitipekko.transport.channel.ChannelFixture.Acceptor;
import io.zitipekko.transport.control.Capabilities;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** The dialer's side: the hello, further underlays, and what it makes of odd listeners. */
class DialingTest {
    private static ChannelFixture fixture;

    @BeforeAll
    static void start() {
        fixture = new ChannelFixture();
    }

    @AfterAll
    static void stop() {
        fixture.close();
    }

    private final Acceptor acceptor = new Acceptor();

    private InetSocketAddress listen(ChannelKind kind) {
        return fixture.listen(kind, ChannelFixture.QUICK, acceptor);
    }

    private CompletableFuture<Channel> dial(InetSocketAddress to, ChannelKind kind, Map<String, Integer> wanted) {
        return fixture.dial(to, fixture.spec(kind, ChannelFixture.QUICK, true, wanted), RecordingHandler::new)
                .toCompletableFuture();
    }

    @Test
    void keepsTheWantedUnderlaysUp() throws Exception {
        Channel client = dial(listen(ChannelKind.LINK), ChannelKind.LINK, Map.of("link.default", 2, "link.ack", 1))
                .get(60, TimeUnit.SECONDS);
        Channel server = acceptor.next();

        await().until(() -> server.underlays().size() == 3 && client.underlays().size() == 3);

        assertThat(server.underlays())
                .extracting(UnderlayInfo::type)
                .containsExactlyInAnyOrder("link.default", "link.default", "link.ack");
        assertThat(client.connectionId()).isEqualTo(server.connectionId());
        assertThat(client.handshake().headers().string(ChannelHeaders.ID)).contains("er1");
        assertThat(acceptor.channels).isEmpty();
    }

    @Test
    void addsToAControlChannelOnlyIfTheControllerGroups() throws Exception {
        acceptor.decide = (hello, peer) -> CompletableFuture.completedFuture(new HelloAnswer.Accept(
                "p", Headers.builder().mask(1002, Capabilities.CONTROLLER_2_1).build()));
        Channel client =
                dial(listen(ChannelKind.CONTROL), ChannelKind.CONTROL, Map.of()).get(60, TimeUnit.SECONDS);

        await().until(() -> client.underlays().size() == 2);

        assertThat(client.underlays()).extracting(UnderlayInfo::type).containsExactly("ctrl.default", "ctrl.high");
    }

    @Test
    void goesOnWithOneUnderlayWhenTheListenerDoesNotGroup() throws Exception {
        try (ServerSocket socket = new ServerSocket(0, 5, InetAddress.getLoopbackAddress())) {
            var dialed = dial(address(socket), ChannelKind.LINK, Map.of());
            RawPeer peer = new RawPeer(socket.accept());
            Message hello = peer.receive();
            assertThat(hello.sequence()).isEqualTo(-1);
            assertThat(hello.headers().string(ChannelHeaders.TYPE)).contains("link.default");
            assertThat(hello.headers().bool(ChannelHeaders.IS_FIRST_GROUP_CONNECTION))
                    .isTrue();
            assertThat(hello.headers().has(ChannelHeaders.GROUP_SECRET)).isFalse();
            peer.send(result(true, ""), -1);

            Channel channel = dialed.get(60, TimeUnit.SECONDS);
            channel.send(Lane.HIGH, Message.of(1101, Headers.EMPTY, "ack"));

            assertThat(channel.connectionId()).isEqualTo("cid");
            Message first = peer.receive();
            assertThat(first.contentType() == ContentTypes.HEARTBEAT ? peer.receive() : first)
                    .extracting(Message::bodyText)
                    .isEqualTo("ack");
            peer.close();
            assertThat(RecordingHandler.of(channel).closeReason()).isNotEmpty();
        }
    }

    @Test
    void failsWithTheTextOfARefusal() throws Exception {
        acceptor.decide = (hello, peer) -> CompletableFuture.completedFuture(new HelloAnswer.Reject("at capacity"));

        assertThatThrownBy(() -> dial(listen(ChannelKind.EDGE), ChannelKind.EDGE, Map.of())
                        .get(60, TimeUnit.SECONDS))
                .hasCauseInstanceOf(HandshakeException.class)
                .hasMessageContaining("at capacity");
    }

    @Test
    void failsWhenTheListenerClosesInsteadOfAnswering() throws Exception {
        acceptor.decide = (hello, peer) -> CompletableFuture.completedFuture(new HelloAnswer.Drop("unknown"));

        assertThatThrownBy(() -> dial(listen(ChannelKind.EDGE), ChannelKind.EDGE, Map.of())
                        .get(60, TimeUnit.SECONDS))
                .hasCauseInstanceOf(HandshakeException.class)
                .hasMessageContaining("closed the connection");
    }

    @Test
    void failsWhenNobodyListens() throws Exception {
        InetSocketAddress nobody;
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            nobody = address(socket);
        }

        assertThatThrownBy(() -> dial(nobody, ChannelKind.EDGE, Map.of()).get(60, TimeUnit.SECONDS))
                .hasMessageContaining("refused");
    }

    @Test
    void failsWhenTheListenerSaysNothing() throws Exception {
        ChannelOptions hasty = new ChannelOptions(
                Duration.ofMillis(150), 1 << 20, 1 << 20, Duration.ofMinutes(1), Duration.ofMinutes(1), Duration.ZERO);
        try (ServerSocket socket = new ServerSocket(0, 5, InetAddress.getLoopbackAddress())) {
            var dialed = fixture.dial(
                    address(socket), fixture.spec(ChannelKind.EDGE, hasty, false, Map.of()), RecordingHandler::new);

            assertThatThrownBy(() -> dialed.toCompletableFuture().get(60, TimeUnit.SECONDS))
                    .hasMessageContaining("no hello within");
        }
    }

    @Test
    void dialsASecondTimeWhenTheListenerNamesOurVersionAndThenGivesUp() throws Exception {
        try (ServerSocket socket = new ServerSocket(0, 5, InetAddress.getLoopbackAddress())) {
            var dialed = dial(address(socket), ChannelKind.EDGE, Map.of());
            for (int i = 0; i < 2; i++) {
                RawPeer peer = new RawPeer(socket.accept());
                assertThat(peer.receive()).isNotNull();
                peer.hex("0306090a 02000000 01000000 02000000");
            }

            assertThatThrownBy(() -> dialed.get(60, TimeUnit.SECONDS)).hasMessageContaining("framing version");
        }
    }

    @Test
    void aResultForAnotherSequenceIsNoAnswer() throws Exception {
        try (ServerSocket socket = new ServerSocket(0, 5, InetAddress.getLoopbackAddress())) {
            var dialed = dial(address(socket), ChannelKind.EDGE, Map.of());
            RawPeer peer = new RawPeer(socket.accept());
            peer.receive();
            peer.send(Message.of(2, Headers.builder().int32(1, 5).bool(2, true).build(), ""), -1);

            assertThatThrownBy(() -> dialed.get(60, TimeUnit.SECONDS)).hasMessageContaining("sequence 5");
        }
    }

    @Test
    void replacesALostUnderlay() throws Exception {
        acceptor.decide = (hello, peer) -> CompletableFuture.completedFuture(new HelloAnswer.Accept(
                "p", Headers.builder().mask(1002, Capabilities.CONTROLLER_2_1).build()));
        InetSocketAddress backend = listen(ChannelKind.CONTROL);
        try (TcpRelay relay = new TcpRelay(backend)) {
            Channel client = dial(relay.address(), ChannelKind.CONTROL, Map.of("ctrl.default", 1, "ctrl.high", 1))
                    .get(60, TimeUnit.SECONDS);
            await().until(() -> client.underlays().size() == 2);
            long lost = client.underlays().get(0).id();

            relay.cutOldest();

            await().until(() -> client.underlays().size() == 2
                    && client.underlays().stream().noneMatch(u -> u.id() == lost));
            assertThat(client.isClosed()).isFalse();
            assertThat(client.underlays()).extracting(UnderlayInfo::type).contains("ctrl.default", "ctrl.high");
        }
    }

    @Test
    void closesWhenItsLastUnderlayIsLost() throws Exception {
        try (TcpRelay relay = new TcpRelay(listen(ChannelKind.LINK))) {
            Channel client = dial(relay.address(), ChannelKind.LINK, Map.of("link.default", 1))
                    .get(60, TimeUnit.SECONDS);

            relay.cutOldest();

            assertThat(RecordingHandler.of(client).closeReason()).isNotEmpty();
        }
    }

    private static Message result(boolean success, String text) {
        return Message.of(
                2,
                Headers.builder().string(0, "cid").int32(1, -1).bool(2, success).build(),
                text);
    }

    private static InetSocketAddress address(ServerSocket socket) {
        return new InetSocketAddress(socket.getInetAddress(), socket.getLocalPort());
    }
}
