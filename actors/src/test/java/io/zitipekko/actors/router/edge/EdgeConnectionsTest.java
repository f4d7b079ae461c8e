package io.zitipekko.actors.router.edge;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.zitipekko.transport.channel.Headers;
import io.zitipekko.transport.channel.Lane;
import io.zitipekko.transport.channel.Message;
import io.zitipekko.transport.control.CreateCircuitV2Request;
import io.zitipekko.transport.edge.EdgeContentType;
import io.zitipekko.transport.edge.EdgeHeader;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.pekko.util.ByteString;
import org.junit.jupiter.api.Test;

/** Data between two SDKs through two routers and the link between them. */
final class EdgeConnectionsTest extends EdgeTestBase {
    @Test
    void theRequestCarriesWhoDialsAndWhatForTheHost() {
        Open open = open();

        CreateCircuitV2Request asked = world.controllers.asked.get(0);
        assertThat(asked.apiSessionToken()).isEqualTo("client-token");
        assertThat(asked.fingerprints()).hasSize(1);
        assertThat(asked.peerData().string(EdgeHeader.CALLER_ID)).contains("a caller");
        assertThat(asked.peerData().string(1115)).contains("client");
        assertThat(asked.peerData().string(1116)).contains("name of client");
        assertThat(open.answer().headers().string(EdgeHeader.CIRCUIT_ID)).contains("circuit-1");
        assertThat(open.child()).isNegative();
    }

    @Test
    void theDialNamesListenerDialerAndToken() {
        TestSdk host = boundHost();
        CompletableFuture<Message> dialled = new CompletableFuture<>();
        host.onDial(dialled::complete);
        world.client()
                .channel
                .request(Lane.HIGH, TestSdk.connectMessage(1, world.dialToken(), Headers.EMPTY), TestSdk.SOON);

        Message dial = dialled.join();

        assertThat(dial.headers().int32(EdgeHeader.CONN_ID)).hasValue(1);
        assertThat(dial.headers().string(EdgeHeader.CALLER_ID)).contains("a caller");
        assertThat(dial.headers().bytes(EdgeHeader.APP_DATA).orElseThrow()).containsExactly(1, 2, 3);
        assertThat(dial.headers().string(EdgeHeader.DIALER_IDENTITY_ID)).contains("client");
        assertThat(dial.headers().string(EdgeHeader.DIALER_IDENTITY_NAME)).contains("name of client");
        assertThat(dial.headers().string(EdgeHeader.CIRCUIT_ID)).contains("circuit-1");
        assertThat(dial.bodyText()).startsWith("ey");
    }

    @Test
    void aHundredMegabytesArriveUnchangedBothWays() throws Exception {
        Open open = open();
        int size = 100 << 20;
        Receiver atHost = new Receiver(size);
        Receiver atClient = new Receiver(size);
        open.host().onConnection(open.child(), atHost::accept);
        open.client().onConnection(1, atClient::accept);

        CompletableFuture<String> up =
                CompletableFuture.supplyAsync(() -> pump(open.client(), 1, size, 1), world.threads);
        CompletableFuture<String> down =
                CompletableFuture.supplyAsync(() -> pump(open.host(), open.child(), size, 2), world.threads);

        assertThat(atHost.done.get(60, TimeUnit.SECONDS)).isEqualTo(up.join());
        assertThat(atClient.done.get(60, TimeUnit.SECONDS)).isEqualTo(down.join());
    }

    @Test
    void finHalfClosesAndTheOtherWayGoesOn() {
        Open open = open();

        open.client().data(1, ByteString.fromString("last words"));
        open.client().fin(1);

        assertThat(open.host().next(open.child()).bodyText()).isEqualTo("last words");
        Message fin = open.host().next(open.child());
        assertThat(fin.body().isEmpty()).isTrue();
        assertThat(fin.headers().int32(EdgeHeader.FLAGS)).hasValue(1);
        open.host().data(open.child(), ByteString.fromString("not mine"));
        assertThat(open.client().next(1).bodyText()).isEqualTo("not mine");
    }

    @Test
    void flagsAndTraceIdsTravelWithTheData() {
        Open open = open();

        open.client()
                .send(Message.of(
                        EdgeContentType.DATA,
                        Headers.builder()
                                .int32(EdgeHeader.CONN_ID, 1)
                                .int32(EdgeHeader.FLAGS, 0x0104)
                                .bytes(EdgeHeader.UUID, new byte[16])
                                .int32(EdgeHeader.SEQ, 7)
                                .build(),
                        "x"));

        Message arrived = open.host().next(open.child());
        assertThat(arrived.headers().int32(EdgeHeader.FLAGS)).hasValue(0x0104);
        assertThat(arrived.headers().bytes(EdgeHeader.UUID)).isPresent();
        assertThat(arrived.headers().has(EdgeHeader.SEQ)).isFalse();
    }

    @Test
    void closingOneEndClosesTheOtherAfterItsData() {
        Open open = open();

        open.client().data(1, ByteString.fromString("bye"));
        open.client().stateClosed(1);

        assertThat(open.host().next(open.child()).bodyText()).isEqualTo("bye");
        Message next = open.host().next(open.child());
        assertThat(next.contentType()).isEqualTo(EdgeContentType.STATE_CLOSED);
        assertThat(next.bodyText()).isEqualTo("close called");
    }

    @Test
    void theHostMaySpeakFirstAndCloseFirst() {
        TestSdk host = boundHost();
        host.onDial(dial -> {
            int child = dial.headers().int32(EdgeHeader.ROUTER_PROVIDED_CONN_ID).orElseThrow();
            host.channel.reply(Lane.HIGH, dial, TestSdk.dialSuccess(dial, child));
            host.data(child, ByteString.fromString("welcome"));
            host.stateClosed(child);
        });
        TestSdk client = world.client();

        client.connect(1, world.dialToken());

        assertThat(client.next(1).bodyText()).isEqualTo("welcome");
    }

    @Test
    void aHostThatRefusesGivesItsReasonToTheDialer() {
        TestSdk host = boundHost();
        host.onDial(dial -> host.channel.reply(
                Lane.HIGH,
                dial,
                Message.of(
                        EdgeContentType.DIAL_FAILED,
                        Headers.builder().int32(EdgeHeader.CONN_ID, 1).build(),
                        "not today")));

        Message answer = world.client().connect(1, world.dialToken());

        assertRefused(answer, 1, 0, "error: (not today)");
        assertTablesEmpty();
    }

    @Test
    void aHostThatKeepsSilentIsGivenUp() {
        boundHost();

        Message answer = world.client().connect(1, world.dialToken());

        assertRefused(answer, 1, 0, "timed out waiting for the host");
        assertTablesEmpty();
    }

    @Test
    void aTerminatorThatIsNotHereIsRefused() {
        TestSdk host = boundHost();
        world.controllers.onCreate = request -> null;
        host.channel.close("gone");
        world.controllers.connected = true;

        Message answer = world.client().connect(1, world.dialToken());

        assertThat(answer.contentType()).isEqualTo(EdgeContentType.STATE_CLOSED);
        assertThat(code(answer)).isEqualTo(1);
    }

    @Test
    void anSdkThatChoosesItsOwnIdsGetsAStartSignal() {
        TestSdk host = world.host();
        host.request(Message.of(
                EdgeContentType.BIND,
                Headers.builder().int32(EdgeHeader.CONN_ID, 1).build(),
                world.bindToken()));
        await().atMost(TestSdk.SOON)
                .until(() -> !world.controllers.terminators().isEmpty());
        CompletableFuture<Message> start = new CompletableFuture<>();
        host.onDial(dial -> {
            Message success = TestSdk.dialSuccess(dial, 42);
            host.channel.expectReply(success, start);
            host.channel.reply(Lane.HIGH, dial, success);
        });
        TestSdk client = world.client();

        Message answer = client.connect(1, world.dialToken());

        assertThat(answer.contentType()).isEqualTo(EdgeContentType.STATE_CONNECTED);
        assertThat(start.join().contentType()).isEqualTo(EdgeContentType.STATE_CONNECTED);
        assertThat(start.join().headers().int32(EdgeHeader.CONN_ID)).hasValue(1);
        client.data(1, ByteString.fromString("hello"));
        assertThat(host.next(42).bodyText()).isEqualTo("hello");
    }

    @Test
    void traceRouteIsAnsweredHereOrByTheFarEnd() {
        Open open = open();

        for (int hops : new int[] {0, 50}) {
            Message answer = open.client()
                    .request(Message.of(
                            EdgeContentType.TRACE_ROUTE,
                            Headers.builder()
                                    .int32(EdgeHeader.CONN_ID, 1)
                                    .int32(EdgeHeader.TRACE_HOP_COUNT, hops)
                                    .uint64(EdgeHeader.TIMESTAMP, 99)
                                    .build(),
                            ""));

            assertThat(answer.contentType()).isEqualTo(EdgeContentType.TRACE_ROUTE_RESPONSE);
            assertThat(answer.headers().string(EdgeHeader.TRACE_HOP_TYPE)).contains("xgress/edge");
            assertThat(answer.headers().uint64(EdgeHeader.TIMESTAMP)).hasValue(99);
        }
    }

    @Test
    void aConnectionThatIsNotReadHoldsUpNoOther() throws Exception {
        TestSdk host = boundHost();
        LinkedBlockingQueue<Integer> children = new LinkedBlockingQueue<>();
        host.acceptDials(children::add);
        TestSdk client = world.client();
        client.connect(1, world.dialToken());
        int stuck = children.take();
        client.connect(2, world.dialToken());
        int lively = children.take();

        // Nobody reads at the client: the host sends until the windows are full.
        TestSdk reader = client;
        client.channel.pauseReading();
        AtomicLong sent = new AtomicLong();
        world.threads.execute(() -> {
            ByteString chunk = ByteString.fromArray(new byte[32 << 10]);
            for (int i = 0; i < 1024 && !host.channel.isClosed(); i++) {
                host.data(stuck, chunk);
                sent.addAndGet(chunk.size());
            }
        });
        await().atMost(TestSdk.SOON).until(() -> host.channel.other().isPaused());
        assertThat(host.channel.isClosed()).isFalse();

        // The other direction of the same channels, and other connections from the client, still work.
        client.data(2, ByteString.fromString("ping"));
        assertThat(host.next(lively).bodyText()).isEqualTo("ping");

        reader.channel.resumeReading();
        await().atMost(TestSdk.SOON).until(() -> sent.get() == 32L << 20);
        long got = 0;
        while (got < sent.get()) {
            got += client.next(1).body().size();
        }
        assertThat(got).isEqualTo(sent.get());
    }

    @Test
    void losingAChannelFreesEverything() {
        Open open = open();

        open.client().channel.close("gone");

        Message next = open.host().next(open.child());
        while (next.contentType() == EdgeContentType.DATA) {
            next = open.host().next(open.child());
        }
        assertThat(next.contentType()).isEqualTo(EdgeContentType.STATE_CLOSED);
        open.host().channel.close("gone, too");
        assertTablesEmpty();
        await().atMost(TestSdk.SOON).untilAsserted(() -> {
            assertThat(world.controllers.terminators()).isEmpty();
            assertThat(world.hostRouter.edge.terminatorCount()).isZero();
        });
    }

    /** Sends so many bytes in messages of 16 KiB as the channel takes them; the digest of what was sent. */
    private static String pump(TestSdk sdk, int id, int size, long seed) {
        byte[] block = new byte[1 << 20];
        new Random(seed).nextBytes(block);
        MessageDigest digest = sha256();
        int chunk = 16 << 10;
        for (int at = 0; at < size; at += chunk) {
            ByteString body = ByteString.fromArray(block, at % block.length, chunk);
            digest.update(block, at % block.length, chunk);
            Message message = Message.of(
                    EdgeContentType.DATA,
                    Headers.builder().int32(EdgeHeader.CONN_ID, id).build(),
                    body);
            while (!sdk.channel.offer(Lane.DEFAULT, message)) {
                CompletableFuture<Void> room = new CompletableFuture<>();
                sdk.channel.whenWritable(Lane.DEFAULT, () -> room.complete(null));
                room.join();
            }
        }
        return HexFormat.of().formatHex(digest.digest());
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new AssertionError(e);
        }
    }

    /** Digests what arrives until it is complete. */
    private static final class Receiver {
        final CompletableFuture<String> done = new CompletableFuture<>();
        private final MessageDigest digest = sha256();
        private final int size;
        private int got;

        Receiver(int size) {
            this.size = size;
        }

        void accept(Message message) {
            if (message.contentType() != EdgeContentType.DATA) {
                done.completeExceptionally(new AssertionError("closed after " + got + ": " + message.bodyText()));
                return;
            }
            digest.update(message.bodyBytes());
            got += message.body().size();
            if (got >= size) {
                done.complete(HexFormat.of().formatHex(digest.digest()));
            }
        }
    }
}
