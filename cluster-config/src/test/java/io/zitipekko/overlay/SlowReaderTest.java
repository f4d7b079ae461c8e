package io.zitipekko.overlay;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.zitipekko.sdk.ZitiContext;
import io.zitipekko.sdk.dial.DialOptions;
import io.zitipekko.sdk.dial.OutgoingConnection;
import io.zitipekko.sdk.host.BindOptions;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;
import org.apache.pekko.Done;
import org.apache.pekko.NotUsed;
import org.apache.pekko.japi.Pair;
import org.apache.pekko.stream.KillSwitches;
import org.apache.pekko.stream.SharedKillSwitch;
import org.apache.pekko.stream.javadsl.Flow;
import org.apache.pekko.stream.javadsl.Keep;
import org.apache.pekko.stream.javadsl.Sink;
import org.apache.pekko.stream.javadsl.Source;
import org.apache.pekko.util.ByteString;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Connections that are the ends of their circuits themselves: one that is not read stops its own sender and no neighbour of the same
 * channel, and all of it arrives in the end; also where the other side speaks in data mode.
 */
@Timeout(value = 6, unit = TimeUnit.MINUTES)
final class SlowReaderTest {
    private static final int NEIGHBOURS = 3;
    private static final int SOME = 8 << 20;
    private static final int MUCH = 32 << 20;
    /** Window, receive buffer and queues of one circuit whose reader stands still, with room to spare. */
    private static final long HELD_AT_MOST = 16 << 20;

    private static MiniOverlay overlay;
    private static ZitiContext client;
    /** What hosts wait for before they read, by name. */
    private static final Map<String, CompletableFuture<Done>> gates = new ConcurrentHashMap<>();
    /** What hosts have sent, by seed. */
    private static final Map<Long, AtomicLong> sentByHosts = new ConcurrentHashMap<>();

    @BeforeAll
    static void start() {
        overlay = MiniOverlay.start();
        ZitiContext host = overlay.connect(overlay.network().enrollIdentity(MiniOverlay.HOST, "hosts"));
        for (boolean own : new boolean[] {true, false}) {
            overlay.service(service(own));
            MiniOverlay.await(host.bind(service(own), BindOptions.DEFAULTS.withOwnFlowControl(own))
                    .to(Sink.foreach(connection -> {
                        assertThat(connection.ownFlowControl()).isEqualTo(own);
                        connection.handleWith(
                                handler(connection.appData().utf8String().split(" ")), overlay.applications());
                    }))
                    .run(overlay.applications()));
        }
        client = overlay.connect(overlay.client("client"));
    }

    @AfterAll
    static void stop() {
        overlay.close();
    }

    private static String service(boolean own) {
        return own ? "own-flow-control" : "data-mode";
    }

    /** What a host does on a connection, as its dialer says. */
    private static Flow<ByteString, ByteString, ?> handler(String[] what) {
        return switch (what[0]) {
            case "send" -> {
                Blob blob = new Blob(Long.parseLong(what[1]), Integer.parseInt(what[2]));
                AtomicLong sent = sentByHosts.computeIfAbsent(blob.seed(), seed -> new AtomicLong());
                yield Flow.fromSinkAndSource(Sink.ignore(), blob.source().wireTap(part -> sent.addAndGet(part.size())));
            }
            case "receive" ->
                behind(gates.computeIfAbsent(what[1], name -> new CompletableFuture<>()))
                        .via(Blob.digesting())
                        .map(ByteString::fromString);
            case "leave-after" ->
                Flow.fromSinkAndSourceCoupled(
                        Flow.of(ByteString.class).take(Long.parseLong(what[1])).to(Sink.ignore()), Source.maybe());
            default -> throw new AssertionError("a dialer asked for '" + what[0] + "'");
        };
    }

    /** Lets nothing through before the gate is open. */
    private static Flow<ByteString, ByteString, NotUsed> behind(CompletionStage<Done> gate) {
        return Flow.of(ByteString.class).mapAsync(1, part -> gate.thenApply(open -> part));
    }

    private static CompletableFuture<Done> open() {
        return CompletableFuture.completedFuture(Done.getInstance());
    }

    private static Flow<ByteString, ByteString, CompletionStage<OutgoingConnection>> dial(
            boolean ownDialer, boolean ownHost, String what) {
        return client.outgoingConnection(
                service(ownHost),
                DialOptions.DEFAULTS.withOwnFlowControl(ownDialer).withAppData(ByteString.fromString(what)));
    }

    /** Has a host send, and reads behind this gate. */
    private static CompletionStage<String> download(
            boolean ownDialer, boolean ownHost, Blob blob, CompletionStage<Done> gate) {
        return Source.<ByteString>empty()
                .via(dial(ownDialer, ownHost, "send " + blob.seed() + " " + blob.bytes()))
                .via(behind(gate))
                .via(Blob.digesting())
                .runWith(Sink.head(), overlay.applications());
    }

    /** Sends to a host that reads behind this gate. */
    private static CompletionStage<String> upload(
            boolean ownDialer, boolean ownHost, Blob blob, String gate, AtomicLong sent) {
        return blob.source()
                .wireTap(part -> sent.addAndGet(part.size()))
                .via(dial(ownDialer, ownHost, "receive " + gate))
                .runFold(ByteString.emptyByteString(), ByteString::concat, overlay.applications())
                .thenApply(ByteString::utf8String);
    }

    private static void awaitStandstill(AtomicLong sent) {
        long[] last = {-1};
        int[] same = {0};
        await("the sender of a reader that stands still stops")
                .atMost(MiniOverlay.PATIENCE)
                .until(() -> {
                    same[0] = sent.get() == last[0] && last[0] > 0 ? same[0] + 1 : 0;
                    last[0] = sent.get();
                    return same[0] >= 10;
                });
        assertThat(sent.get())
                .as("bytes under way to a reader that stands still")
                .isLessThan(HELD_AT_MOST);
    }

    @Test
    void aDialerThatDoesNotReadStopsItsOwnHostAndNoNeighbour() {
        Blob slow = new Blob(100, MUCH);
        CompletableFuture<Done> gate = new CompletableFuture<>();
        AtomicLong sent = sentByHosts.computeIfAbsent(slow.seed(), seed -> new AtomicLong());
        CompletionStage<String> received = download(true, true, slow, gate);
        awaitStandstill(sent);

        List<Blob> blobs = IntStream.range(0, NEIGHBOURS)
                .mapToObj(i -> new Blob(101 + i, MUCH))
                .toList();
        List<CompletionStage<String>> neighbours =
                blobs.stream().map(blob -> download(true, true, blob, open())).toList();
        for (int i = 0; i < NEIGHBOURS; i++) {
            assertThat(MiniOverlay.await(neighbours.get(i)))
                    .isEqualTo(blobs.get(i).digest());
        }
        assertThat(received.toCompletableFuture()).isNotDone();

        gate.complete(Done.getInstance());
        assertThat(MiniOverlay.await(received)).isEqualTo(slow.digest());
    }

    @Test
    void aHostThatDoesNotReadStopsItsOwnDialerAndNoNeighbour() {
        Blob slow = new Blob(200, MUCH);
        AtomicLong sent = new AtomicLong();
        CompletionStage<String> digest = upload(true, true, slow, "slow", sent);
        awaitStandstill(sent);

        gates.put("open", open());
        List<Blob> blobs = IntStream.range(0, NEIGHBOURS)
                .mapToObj(i -> new Blob(201 + i, MUCH))
                .toList();
        List<CompletionStage<String>> neighbours = blobs.stream()
                .map(blob -> upload(true, true, blob, "open", new AtomicLong()))
                .toList();
        for (int i = 0; i < NEIGHBOURS; i++) {
            assertThat(MiniOverlay.await(neighbours.get(i)))
                    .isEqualTo(blobs.get(i).digest());
        }
        assertThat(digest.toCompletableFuture()).isNotDone();

        gates.get("slow").complete(Done.getInstance());
        assertThat(MiniOverlay.await(digest)).isEqualTo(slow.digest());
    }

    @ParameterizedTest(name = "dialer {0}, host {1}")
    @CsvSource({"true, true", "true, false", "false, true", "false, false"})
    void eitherModeCarriesEverythingBothWaysToEitherMode(boolean ownDialer, boolean ownHost) {
        gates.put("open", open());
        Blob blob = new Blob(300, SOME);
        Pair<CompletionStage<OutgoingConnection>, CompletionStage<String>> run = Source.<ByteString>empty()
                .viaMat(dial(ownDialer, ownHost, "send 300 " + SOME), Keep.right())
                .via(Blob.digesting())
                .toMat(Sink.head(), Keep.both())
                .run(overlay.applications());

        assertThat(MiniOverlay.await(run.first()).ownFlowControl()).isEqualTo(ownDialer);
        assertThat(MiniOverlay.await(run.second())).isEqualTo(blob.digest());
        // The host answers after the dialer's half-close.
        assertThat(MiniOverlay.await(upload(ownDialer, ownHost, blob, "open", new AtomicLong())))
                .isEqualTo(blob.digest());
    }

    @ParameterizedTest(name = "dialer {0}, host {1}")
    @CsvSource({"true, true", "true, false", "false, true"})
    void aHostThatLeavesHalfWayEndsTheConnection(boolean ownDialer, boolean ownHost) {
        Pair<CompletionStage<OutgoingConnection>, CompletionStage<Done>> run = Source.repeat(
                        ByteString.fromArray(new byte[32 << 10]))
                .viaMat(dial(ownDialer, ownHost, "leave-after 20"), Keep.right())
                .toMat(Sink.ignore(), Keep.both())
                .run(overlay.applications());
        String circuit = MiniOverlay.await(run.first()).circuitId();

        MiniOverlay.await(run.second());

        awaitGone(circuit);
    }

    @ParameterizedTest(name = "dialer {0}, host {1}")
    @CsvSource({"true, true", "true, false", "false, true"})
    void aDialerThatLeavesHalfWayEndsTheConnection(boolean ownDialer, boolean ownHost) {
        long seed = 400 + (ownDialer ? 1 : 0) + (ownHost ? 2 : 0);
        SharedKillSwitch application = KillSwitches.shared("application");
        String circuit = MiniOverlay.await(Source.<ByteString>maybe()
                        .via(application.flow())
                        .viaMat(dial(ownDialer, ownHost, "send " + seed + " " + (1 << 30)), Keep.right())
                        .via(application.flow())
                        .to(Sink.ignore())
                        .run(overlay.applications()))
                .circuitId();
        AtomicLong sent = sentByHosts.computeIfAbsent(seed, s -> new AtomicLong());
        await().atMost(MiniOverlay.PATIENCE).until(() -> sent.get() > SOME);

        application.abort(new IllegalStateException("the application has seen enough"));

        awaitGone(circuit);
    }

    @Test
    void whatHasArrivedWaitsForItsReaderWhenTheCircuitIsOver() {
        Blob blob = new Blob(500, 1 << 20);
        CompletableFuture<Done> gate = new CompletableFuture<>();
        Pair<CompletionStage<OutgoingConnection>, CompletionStage<String>> run = Source.<ByteString>empty()
                .viaMat(dial(true, true, "send 500 " + blob.bytes()), Keep.right())
                .via(behind(gate))
                .via(Blob.digesting())
                .toMat(Sink.head(), Keep.both())
                .run(overlay.applications());

        awaitGone(MiniOverlay.await(run.first()).circuitId());
        gate.complete(Done.getInstance());

        assertThat(MiniOverlay.await(run.second())).isEqualTo(blob.digest());
    }

    private static void awaitGone(String circuit) {
        await("circuit " + circuit + " is gone").atMost(MiniOverlay.PATIENCE).untilAsserted(() -> {
            for (int i : List.of(MiniOverlay.CLIENT_ROUTER, MiniOverlay.HOST_ROUTER)) {
                assertThat(overlay.network().router(i).running().forwarder().describe())
                        .noneMatch(line -> line.startsWith(circuit));
            }
        });
    }
}
