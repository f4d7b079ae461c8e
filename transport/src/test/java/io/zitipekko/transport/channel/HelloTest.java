package io.zitipekko.transport.channel;

import static org.assertj.core.api.Assertions.assertThat;

import io.zitipekko.transport.channel.ChannelFixture.Acceptor;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The listener's side of the hello, driven byte by byte (protocol/01 sections 4, 6 and 12). */
class HelloTest {
    private static final String V5 = "0306090c 00000000 01000000 0b000000 03000000 ea030000 03000000 746f6b 696431";

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

    private InetSocketAddress listen() {
        return fixture.listen(ChannelKind.EDGE, ChannelFixture.QUICK, acceptor);
    }

    @Test
    void answersAHelloOfAnySequenceWithAResultForIt() throws Exception {
        try (RawPeer peer = fixture.raw(listen())) {
            peer.hex(V5);

            Message result = peer.receive();

            assertThat(result.contentType()).isEqualTo(ContentTypes.RESULT);
            assertThat(result.sequence()).isEqualTo(-1);
            assertThat(result.headers().int32(ChannelHeaders.REPLY_FOR)).hasValue(1);
            assertThat(result.headers().bool(ChannelHeaders.RESULT_SUCCESS)).isTrue();
            assertThat(result.headers().string(ChannelHeaders.CONNECTION_ID)).isNotEmpty();
            assertThat(result.headers().string(ChannelHeaders.ID)).contains("er1");
            assertThat(result.headers().has(ChannelHeaders.IS_GROUPED)).isFalse();
            Channel channel = acceptor.next();
            assertThat(channel.handshake().headers().string(1002)).contains("tok");
            assertThat(channel.handshake().bodyText()).isEqualTo("id1");
            assertThat(channel.underlays()).hasSize(1);
        }
    }

    @Test
    void addsTheAcceptorsHeadersToTheResult() throws Exception {
        acceptor.decide = (hello, peer) -> CompletableFuture.completedFuture(new HelloAnswer.Accept(
                "p", Headers.builder().string(4, "version").int32(1024, 1).build()));
        try (RawPeer peer = fixture.raw(listen())) {
            peer.hex(V5);

            assertThat(peer.receive().headers().string(4)).contains("version");
        }
    }

    @Test
    void deliversWhatCameInTheSameReadAsTheHello() throws Exception {
        try (RawPeer peer = fixture.raw(listen())) {
            peer.hex(V5 + "0306090c 6fed0000 02000000 00000000 02000000 6869");

            Message first = RecordingHandler.of(acceptor.next()).next();

            assertThat(first.contentType()).isEqualTo(60783);
            assertThat(first.bodyText()).isEqualTo("hi");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"47455420", "0306090d", "474554202f20485454502f312e310d0a0d0a0d0a0d0a"})
    void answersForeignBytesWithItsVersionsAndCloses(String bytes) throws Exception {
        try (RawPeer peer = fixture.raw(listen())) {
            peer.hex(bytes);

            assertThat(peer.rest()).isEqualTo("0306090a020000000100000002000000");
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "0306090c 00000000 01000000 01400000 00000000",
                "0306090c 00000000 01000000 00000000 61100000",
                "0306090c 00000000 01000000 ffffffff 02000000",
                "0306090c 02000000 01000000 00000000 00000000",
                "0306090c 00000000 01000000 01000000 00000000 aa"
            })
    void closesWithoutAResultOnWhatIsNoHello(String bytes) throws Exception {
        try (RawPeer peer = fixture.raw(listen())) {
            peer.hex(bytes);

            assertThat(peer.rest()).isEmpty();
            assertThat(acceptor.channels).isEmpty();
        }
    }

    @Test
    void dropsSilently() throws Exception {
        acceptor.decide = (hello, peer) -> CompletableFuture.completedFuture(new HelloAnswer.Drop("unknown router"));
        try (RawPeer peer = fixture.raw(listen())) {
            peer.hex(V5);

            assertThat(peer.rest()).isEmpty();
        }
    }

    @Test
    void closesWithoutAResultWhenTheCheckFails() throws Exception {
        acceptor.decide = (hello, peer) -> CompletableFuture.failedFuture(new IllegalStateException("no controller"));
        try (RawPeer peer = fixture.raw(listen())) {
            peer.hex(V5);

            assertThat(peer.rest()).isEmpty();
        }
    }

    @Test
    void rejectsWithATextForTheHellosSequence() throws Exception {
        acceptor.decide = (hello, peer) -> CompletableFuture.completedFuture(new HelloAnswer.Reject("at capacity"));
        try (RawPeer peer = fixture.raw(listen())) {
            peer.hex(V5);

            Message result = peer.receive();

            assertThat(Results.isSuccess(result)).isFalse();
            assertThat(result.headers().int32(ChannelHeaders.REPLY_FOR)).hasValue(1);
            assertThat(result.bodyText()).isEqualTo("at capacity");
            assertThat(peer.receive()).isNull();
        }
    }

    @Test
    void cutsHalfAHelloAtItsDeadline() throws Exception {
        ChannelOptions hasty = new ChannelOptions(
                Duration.ofMillis(150), 1 << 20, 1 << 20, Duration.ofMinutes(1), Duration.ofMinutes(1), Duration.ZERO);
        try (RawPeer peer = fixture.raw(fixture.listen(ChannelKind.EDGE, hasty, acceptor))) {
            peer.hex("0306090c 0000");

            assertThat(peer.rest()).isEmpty();
        }
    }

    @Test
    void answersAHelloEvenIfTheOwnerClosesAtOnce() throws Exception {
        acceptor.handler = channel -> {
            channel.close("not enrolled");
            return new RecordingHandler(channel);
        };
        try (RawPeer peer = fixture.raw(listen())) {
            peer.hex(V5);

            assertThat(Results.isSuccess(peer.receive())).isTrue();
            assertThat(peer.receive()).isNull();
            assertThat(RecordingHandler.of(acceptor.next()).closeReason()).isEqualTo("not enrolled");
        }
    }

    @Test
    void sendsWhatTheOwnerQueuedBeforeItClosed() throws Exception {
        acceptor.handler = channel -> {
            channel.send(Lane.HIGH, Message.of(60785, Headers.EMPTY, "sorry"));
            channel.close("refused");
            return new RecordingHandler(channel);
        };
        try (RawPeer peer = fixture.raw(listen())) {
            peer.hex(V5);

            assertThat(Results.isSuccess(peer.receive())).isTrue();
            assertThat(peer.receive().bodyText()).isEqualTo("sorry");
            assertThat(peer.receive()).isNull();
        }
    }

    @Test
    void ownerThatFailsClosesTheChannel() throws Exception {
        acceptor.handler = channel -> {
            throw new IllegalStateException("broken");
        };
        try (RawPeer peer = fixture.raw(listen())) {
            peer.hex(V5);

            assertThat(Results.isSuccess(peer.receive())).isTrue();
            assertThat(peer.receive()).isNull();
        }
    }
}
