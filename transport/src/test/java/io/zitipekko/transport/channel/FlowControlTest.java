package io.zitipekko.transport.channel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.zitipekko.transport.channel.ChannelFixture.Acceptor;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;
import org.apache.pekko.util.ByteString;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Back-pressure, bounds, and messages from many threads at once. */
class FlowControlTest {
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

    private static Message payload(int bytes) {
        return Message.of(1100, Headers.EMPTY, ByteString.fromArrayUnsafe(new byte[bytes]));
    }

    private static int fill(Channel channel) {
        return fill(channel, Lane.DEFAULT);
    }

    /** Offers until nothing has been taken for a while: lane, stage and both sockets are full. */
    private static int fill(Channel channel, Lane lane) {
        Message message = payload(32 * 1024);
        AtomicInteger sent = new AtomicInteger();
        await().pollDelay(Duration.ZERO)
                .pollInterval(Duration.ofMillis(20))
                .during(Duration.ofMillis(100))
                .until(() -> {
                    int before = sent.get();
                    while (channel.offer(lane, message)) {
                        sent.incrementAndGet();
                    }
                    return sent.get() == before;
                });
        return sent.get();
    }

    @Test
    void offersAreRefusedWhileThePeerDoesNotReadAndWelcomeWhenItDoes() throws Exception {
        try (RawPeer slow = fixture.raw(listen(ChannelKind.EDGE))) {
            slow.hello(Headers.EMPTY);
            Channel channel = acceptor.next();
            fill(channel);
            CountDownLatch writable = new CountDownLatch(1);
            channel.whenWritable(Lane.DEFAULT, writable::countDown);
            assertThat(writable.getCount()).isEqualTo(1);
            assertThat(channel.isClosed()).isFalse();

            while (writable.getCount() > 0) {
                assertThat(slow.receive()).isNotNull();
            }

            assertThat(channel.offer(Lane.DEFAULT, payload(10))).isTrue();
        }
    }

    @ParameterizedTest
    @EnumSource(
            value = Lane.class,
            names = {"HIGH", "DEFAULT"})
    void aProbeOnAChannelThatHasNoRoomIsAnsweredWhenThePeerReads(Lane full) throws Exception {
        try (RawPeer slow = fixture.raw(listen(ChannelKind.EDGE))) {
            slow.hello(Headers.EMPTY);
            Channel channel = acceptor.next();
            fill(channel, full);

            slow.send(Message.of(ContentTypes.LATENCY, Headers.EMPTY, ByteString.emptyByteString()), 7);
            // Later than the probe, so that both have arrived when this one has.
            slow.send(payload(1), 8);
            RecordingHandler.of(channel).next();

            Message answer = slow.receive();
            while (answer != null && answer.contentType() != ContentTypes.RESULT) {
                answer = slow.receive();
            }
            assertThat(answer).isNotNull();
            assertThat(answer.headers().int32(ChannelHeaders.REPLY_FOR)).hasValue(7);
        }
    }

    @Test
    void aControlMessageThatFindsNoRoomClosesTheChannelEvenIfThePeerNeverReads() throws Exception {
        try (RawPeer deaf = fixture.raw(listen(ChannelKind.EDGE))) {
            deaf.hello(Headers.EMPTY);
            Channel channel = acceptor.next();
            fill(channel);

            await().until(() -> !channel.send(Lane.DEFAULT, payload(1000)));

            assertThat(RecordingHandler.of(channel).closeReason()).contains("does not read");
            assertThat(channel.closed().toCompletableFuture().get(60, TimeUnit.SECONDS))
                    .isNotNull();
        }
    }

    @Test
    void whatIsTakenOrDroppedTellsItsSenderEitherWay() throws Exception {
        AtomicInteger offered = new AtomicInteger();
        AtomicInteger taken = new AtomicInteger();
        try (RawPeer deaf = fixture.raw(listen(ChannelKind.EDGE))) {
            deaf.hello(Headers.EMPTY);
            Channel channel = acceptor.next();
            Message message = payload(64 * 1024);
            // The kernel's buffers take some at first: full is what stays full.
            await().atMost(Duration.ofMinutes(1)).during(Duration.ofMillis(300)).until(() -> {
                int before = taken.get();
                boolean room = false;
                while (channel.offer(Lane.DEFAULT, message, taken::incrementAndGet)) {
                    offered.incrementAndGet();
                    room = true;
                }
                return !room && taken.get() == before && before < offered.get();
            });

            channel.close("enough");
            channel.closed().toCompletableFuture().get(60, TimeUnit.SECONDS);

            assertThat(taken).hasValue(offered.get());
            assertThat(channel.offer(Lane.DEFAULT, message)).isFalse();
            CountDownLatch told = new CountDownLatch(1);
            channel.whenWritable(Lane.DEFAULT, told::countDown);
            assertThat(told.getCount()).isZero();
        }
    }

    @Test
    void pausedReadingDeliversNothingUntilItIsResumed() throws Exception {
        acceptor.handler = channel -> {
            channel.pauseReading();
            return new RecordingHandler(channel);
        };
        Channel client = fixture.dial(listen(ChannelKind.EDGE), ChannelKind.EDGE);
        Channel server = acceptor.next();
        int sent = fill(client);
        assertThat(RecordingHandler.of(server).messages).isEmpty();

        server.resumeReading();

        await().until(() -> RecordingHandler.of(server).messages.size() >= sent);
        assertThatThrownBy(server::resumeReading).isInstanceOf(IllegalStateException.class);
    }

    @Test
    void pausingInsideAHandlerHoldsBackTheRestOfTheSameRead() throws Exception {
        acceptor.handler = channel -> {
            RecordingHandler recorder = new RecordingHandler(channel);
            return new ChannelHandler() {
                @Override
                public void onMessage(Message message) {
                    channel.pauseReading();
                    recorder.onMessage(message);
                }

                @Override
                public void onClosed(String reason) {
                    recorder.onClosed(reason);
                }
            };
        };
        try (RawPeer peer = fixture.raw(listen(ChannelKind.EDGE))) {
            peer.hello(Headers.EMPTY);
            Channel channel = acceptor.next();
            RecordingHandler recorder = RecordingHandler.of(channel);
            peer.hex("0306090c 01000000 01000000 00000000 00000000 0306090c 01000000 02000000 00000000 00000000");

            assertThat(recorder.next().sequence()).isEqualTo(1);
            assertThat(recorder.messages).isEmpty();
            channel.resumeReading();
            assertThat(recorder.next().sequence()).isEqualTo(2);
        }
    }

    @Test
    void noMessageIsLeftBehindByConcurrentSenders() throws Exception {
        AtomicLong received = new AtomicLong();
        acceptor.handler = channel -> new CountingHandler(received);
        Channel client = fixture.dial(listen(ChannelKind.LINK), ChannelKind.LINK);
        acceptor.next();
        int senders = 8;
        int each = 20_000;

        CompletableFuture<?>[] running = IntStream.range(0, senders)
                .mapToObj(i -> CompletableFuture.runAsync(
                        () -> {
                            Message message = payload(20 + i);
                            for (int n = 0; n < each; ) {
                                if (client.offer(Lane.values()[n % 3], message)) {
                                    n++;
                                } else {
                                    Thread.yield();
                                }
                            }
                        },
                        command -> new Thread(command).start()))
                .toArray(CompletableFuture<?>[]::new);
        CompletableFuture.allOf(running).get(60, TimeUnit.SECONDS);

        await().until(() -> received.get() == (long) senders * each);
    }

    @Test
    void singleMessagesWithPausesBetweenThemAllArrive() throws Exception {
        AtomicLong received = new AtomicLong();
        acceptor.handler = channel -> new CountingHandler(received);
        Channel client = fixture.dial(listen(ChannelKind.LINK), ChannelKind.LINK);
        acceptor.next();

        for (int i = 1; i <= 2000; i++) {
            client.offer(Lane.DEFAULT, payload(16));
            long expected = i;
            long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(60);
            while (received.get() < expected) {
                assertThat(System.nanoTime())
                        .as("message %d was left behind", i)
                        .isLessThan(deadline);
                Thread.yield();
            }
        }
    }

    @Test
    void aBurstOverSeveralUnderlaysArrivesWhole() throws Exception {
        AtomicLong bytes = new AtomicLong();
        acceptor.handler = channel -> new ChannelHandler() {
            @Override
            public void onMessage(Message message) {
                bytes.addAndGet(message.body().size());
            }

            @Override
            public void onClosed(String reason) {
                // Counted by then.
            }
        };
        ChannelDial spec =
                fixture.spec(ChannelKind.LINK, ChannelFixture.QUICK, true, Map.of("link.default", 3, "link.ack", 1));
        Channel client = fixture.dial(listen(ChannelKind.LINK), spec, RecordingHandler::new)
                .toCompletableFuture()
                .get(60, TimeUnit.SECONDS);
        await().until(() -> client.underlays().size() == 4);
        int messages = 4000;
        Message message = payload(16 * 1024);
        for (int n = 0; n < messages; ) {
            if (client.offer(Lane.DEFAULT, message)) {
                n++;
            } else {
                CountDownLatch writable = new CountDownLatch(1);
                client.whenWritable(Lane.DEFAULT, writable::countDown);
                assertThat(writable.await(60, TimeUnit.SECONDS)).isTrue();
            }
        }

        await().until(() -> bytes.get() == (long) messages * 16 * 1024);
    }

    @Test
    void aLargeMessageCrossesWhole() throws Exception {
        Channel client = fixture.dial(listen(ChannelKind.CONTROL), ChannelKind.CONTROL);
        byte[] body = new byte[12 << 20];
        for (int i = 0; i < body.length; i++) {
            body[i] = (byte) (i * 7);
        }

        client.send(Lane.DEFAULT, Message.of(20500, Headers.EMPTY, body));

        assertThat(RecordingHandler.of(acceptor.next()).next().bodyBytes()).isEqualTo(body);
    }

    @Test
    void onClosedComesOnceAfterTheLastMessage() throws Exception {
        AtomicInteger after = new AtomicInteger();
        AtomicInteger closes = new AtomicInteger();
        CompletableFuture<String> closed = new CompletableFuture<>();
        acceptor.handler = channel -> new ChannelHandler() {
            @Override
            public void onMessage(Message message) {
                if (closed.isDone()) {
                    after.incrementAndGet();
                }
                channel.close("first");
                channel.close("second");
            }

            @Override
            public void onClosed(String reason) {
                closes.incrementAndGet();
                closed.complete(reason);
            }
        };
        Channel client = fixture.dial(listen(ChannelKind.EDGE), ChannelKind.EDGE);
        for (int i = 0; i < 1000; i++) {
            client.offer(Lane.DEFAULT, payload(10));
        }

        assertThat(closed.get(60, TimeUnit.SECONDS)).isEqualTo("first");
        assertThat(RecordingHandler.of(client).closeReason()).isNotEmpty();
        assertThat(closes).hasValue(1);
        assertThat(after).hasValue(0);
    }

    private record CountingHandler(AtomicLong received) implements ChannelHandler {
        @Override
        public void onMessage(Message message) {
            received.incrementAndGet();
        }

        @Override
        public void onClosed(String reason) {
            // Nothing to release.
        }
    }
}
