package io.zitipekko.transport.channel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.zitipekko.transport.channel.ChannelFixture.Acceptor;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.pekko.util.ByteString;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Replies, probes, heartbeats and bad input on an open channel (protocol/01 sections 8, 9 and 12). */
class ChannelMessagesTest {
    private static final Duration LONG = Duration.ofSeconds(60);
    private static final long T1 = 1767323045000000000L;

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

    private RawPeer open(ChannelKind kind) throws Exception {
        RawPeer peer = fixture.raw(listen(kind));
        peer.hello(Headers.EMPTY);
        return peer;
    }

    @Test
    void aRequestCompletesWithItsReply() throws Exception {
        acceptor.handler = channel -> new Echo(channel);
        Channel client = fixture.dial(listen(ChannelKind.EDGE), ChannelKind.EDGE);

        Message reply = client.request(
                        Lane.HIGH,
                        Message.of(60783, Headers.builder().string(128, "mark").build(), "hello"),
                        LONG)
                .toCompletableFuture()
                .get(60, TimeUnit.SECONDS);

        assertThat(reply.bodyText()).isEqualTo("re: hello");
        assertThat(reply.headers().string(ChannelHeaders.REFLECTED)).contains("mark");
    }

    private static final class Echo implements ChannelHandler {
        private final Channel channel;

        Echo(Channel channel) {
            this.channel = channel;
        }

        @Override
        public void onMessage(Message message) {
            channel.reply(Lane.HIGH, message, Message.of(60784, Headers.EMPTY, "re: " + message.bodyText()));
        }

        @Override
        public void onClosed(String reason) {
            // Nothing to release.
        }
    }

    @Test
    void aRequestWithoutAReplyTimesOutAndALateReplyGoesToTheHandler() throws Exception {
        try (RawPeer peer = open(ChannelKind.EDGE)) {
            Channel channel = acceptor.next();
            var waiting = channel.request(Lane.DEFAULT, Message.of(60787, Headers.EMPTY, "dial"), Duration.ofMillis(50))
                    .toCompletableFuture();
            Message request = peer.receive();

            assertThatThrownBy(() -> waiting.get(60, TimeUnit.SECONDS)).hasCauseInstanceOf(TimeoutException.class);
            peer.send(
                    Message.of(
                            60788,
                            Headers.builder().int32(1, request.sequence()).build(),
                            "late"),
                    1);

            assertThat(RecordingHandler.of(channel).next().bodyText()).isEqualTo("late");
        }
    }

    @Test
    void aRequestFailsWhenTheChannelCloses() throws Exception {
        try (RawPeer peer = open(ChannelKind.EDGE)) {
            var waiting = acceptor.next()
                    .request(Lane.DEFAULT, Message.of(60787, Headers.EMPTY, "dial"), LONG)
                    .toCompletableFuture();
            peer.receive();
            peer.close();

            assertThatThrownBy(() -> waiting.get(60, TimeUnit.SECONDS))
                    .hasCauseInstanceOf(ChannelClosedException.class);
        }
    }

    @Test
    void aReplyForOfTheWrongWidthOrMinusOneIsNoReply() throws Exception {
        try (RawPeer peer = open(ChannelKind.EDGE)) {
            RecordingHandler handler = RecordingHandler.of(acceptor.next());

            peer.send(Message.of(2, Headers.builder().bytes(1, new byte[1]).build(), "narrow"), 1);
            peer.send(Message.of(2, Headers.builder().int32(1, -1).build(), "none"), 2);
            peer.send(Message.of(2, Headers.builder().int32(1, 77).build(), "nobody's"), 3);
            peer.send(Message.of(0, Headers.EMPTY, "second hello"), 4);
            peer.send(Message.of(999_999, Headers.EMPTY, "unknown"), 5);

            for (String text : new String[] {"narrow", "none", "nobody's", "second hello", "unknown"}) {
                assertThat(handler.next().bodyText()).isEqualTo(text);
            }
        }
    }

    @Test
    void sequencesCountFromOne() throws Exception {
        try (RawPeer peer = open(ChannelKind.EDGE)) {
            Channel channel = acceptor.next();
            channel.send(Lane.DEFAULT, Message.of(1, Headers.EMPTY, "a"));
            channel.send(Lane.HIGH, Message.of(1, Headers.EMPTY, "b"));

            assertThat(peer.receive().sequence()).isEqualTo(1);
            Message second = peer.receive();
            assertThat(second.sequence()).isEqualTo(2);
            assertThat(second.bodyText()).isEqualTo("b");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"EDGE", "LINK"})
    void answersALatencyProbeWithItsStamp(String kind) throws Exception {
        try (RawPeer peer = open("EDGE".equals(kind) ? ChannelKind.EDGE : ChannelKind.LINK)) {
            peer.hex("0306090c 03000000 09000000 10000000 00000000 80000000 08000000 0032961cf2ca8618");

            Message answer = peer.receive();
            while (answer.contentType() == ContentTypes.HEARTBEAT) {
                answer = peer.receive();
            }

            assertThat(answer.contentType()).isEqualTo(ContentTypes.RESULT);
            assertThat(answer.headers().int32(1)).hasValue(9);
            assertThat(answer.headers().bool(2)).isTrue();
            assertThat(answer.headers().uint64(128)).hasValue(T1);
            assertThat(answer.body().isEmpty()).isTrue();
        }
    }

    @Test
    void answersAProbeWithoutStampToo() throws Exception {
        try (RawPeer peer = open(ChannelKind.EDGE)) {
            peer.hex("0306090c 03000000 09000000 00000000 00000000");

            Message answer = peer.receive();

            assertThat(Results.isSuccess(answer)).isTrue();
            assertThat(answer.headers().has(128)).isFalse();
        }
    }

    @Test
    void aControllerAnswersAPing() throws Exception {
        try (RawPeer peer = open(ChannelKind.CONTROL)) {
            peer.send(Message.of(ContentTypes.PING, Headers.EMPTY, ""), 2);

            Message answer = peer.receive();
            while (answer.contentType() == ContentTypes.HEARTBEAT) {
                answer = peer.receive();
            }

            assertThat(answer.headers().int32(1)).hasValue(2);
            assertThat(answer.bodyText()).isEqualTo("ok");
        }
    }

    @Test
    void answersAHeartbeatOnAMessageOfItsOwnWhenNothingElseGoesOut() throws Exception {
        try (RawPeer peer = open(ChannelKind.CONTROL)) {
            acceptor.next();
            peer.hex("0306090c 05000000 07000000 10000000 00000000 05000000 08000000 0032961cf2ca8618");

            Message answer = peer.receive();
            while (!answer.headers().has(ChannelHeaders.HEARTBEAT_RESPONSE)) {
                answer = peer.receive();
            }

            assertThat(answer.contentType()).isEqualTo(ContentTypes.HEARTBEAT);
            assertThat(answer.headers().uint64(ChannelHeaders.HEARTBEAT_RESPONSE))
                    .hasValue(T1);
        }
    }

    @Test
    void beatsOnTheFirstMessageAndReportsTheRoundTrip() throws Exception {
        try (RawPeer peer = open(ChannelKind.LINK)) {
            Channel channel = acceptor.next();
            channel.send(Lane.DEFAULT, Message.of(1100, Headers.EMPTY, "x"));
            Message beat = peer.receive();
            assertThat(beat.headers().has(ChannelHeaders.HEARTBEAT)).isTrue();
            peer.send(
                    Message.of(
                            5,
                            Headers.builder()
                                    .uint64(
                                            6,
                                            beat.headers()
                                                    .uint64(ChannelHeaders.HEARTBEAT)
                                                    .getAsLong())
                                    .build(),
                            ""),
                    1);

            assertThat(RecordingHandler.of(channel).latencies.poll(60, TimeUnit.SECONDS))
                    .isBetween(Duration.ZERO, Duration.ofSeconds(5));
        }
    }

    @Test
    void closesWhenHeartbeatsGoUnanswered() throws Exception {
        ChannelOptions strict = new ChannelOptions(
                LONG, 1 << 20, 1 << 20, Duration.ofMillis(100), Duration.ofMillis(100), Duration.ZERO);
        try (RawPeer peer = fixture.raw(fixture.listen(ChannelKind.CONTROL, strict, acceptor))) {
            peer.hello(Headers.EMPTY);

            assertThat(RecordingHandler.of(acceptor.next()).closeReason()).contains("heartbeat");
        }
    }

    @Test
    void edgeChannelsDoNotBeat() throws Exception {
        try (RawPeer peer = open(ChannelKind.EDGE)) {
            acceptor.next().send(Lane.DEFAULT, Message.of(60786, Headers.EMPTY, "x"));

            assertThat(peer.receive().headers().size()).isZero();
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "0306090c 05000000 01000000 01000000 00000000 aa",
                "0306090d 05000000 01000000 00000000 00000000",
                "0306090c 05000000 01000000 ffffffff 02000000",
                "0306090c 05000000 01000000 00000000 ffffffff"
            })
    void malformedFramesEndTheConnectionAndNothingElse(String bytes) throws Exception {
        try (RawPeer peer = open(ChannelKind.EDGE)) {
            RecordingHandler handler = RecordingHandler.of(acceptor.next());
            peer.hex(bytes);

            assertThat(handler.closeReason()).isNotEmpty();
            assertThat(peer.rest()).isEmpty();
        }
        try (RawPeer next = open(ChannelKind.EDGE)) {
            assertThat(acceptor.next().isClosed()).isFalse();
        }
    }

    @Test
    void aHandlerThatFailsClosesItsChannel() throws Exception {
        acceptor.handler = channel -> new FailingHandler(new RecordingHandler(channel));
        try (RawPeer peer = open(ChannelKind.EDGE)) {
            Channel channel = acceptor.next();
            peer.send(Message.of(1, Headers.EMPTY, "x"), 1);

            assertThat(RecordingHandler.of(channel).closeReason()).contains("broken");
        }
    }

    private record FailingHandler(RecordingHandler recorder) implements ChannelHandler {
        @Override
        public void onMessage(Message message) {
            throw new IllegalStateException("broken");
        }

        @Override
        public void onClosed(String reason) {
            recorder.onClosed(reason);
        }
    }

    @Test
    void forwardingGivesAnOwnSequenceAndDropsHeartbeatsWithoutCopyingTheBody() throws Exception {
        try (RawPeer from = open(ChannelKind.LINK);
                RawPeer to = open(ChannelKind.EDGE)) {
            RecordingHandler received = RecordingHandler.of(acceptor.next());
            Channel onward = acceptor.next();
            from.send(
                    Message.of(
                            1100,
                            Headers.builder()
                                    .uint64(5, T1)
                                    .string(2256, "circuit")
                                    .build(),
                            "payload"),
                    4711);
            Message message = received.next();
            ByteString body = message.body();

            onward.offer(Lane.DEFAULT, message);
            Message forwarded = to.receive();

            assertThat(forwarded.sequence()).isEqualTo(1);
            assertThat(forwarded.headers().size()).isEqualTo(1);
            assertThat(forwarded.headers().string(2256)).contains("circuit");
            assertThat(forwarded.bodyText()).isEqualTo("payload");
            assertThat(message.body()).isSameAs(body);
        }
    }
}
