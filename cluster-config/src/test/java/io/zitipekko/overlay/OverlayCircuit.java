package io.zitipekko.overlay;

import static org.assertj.core.api.Assertions.assertThat;

import io.zitipekko.sdk.ZitiContext;
import io.zitipekko.sdk.dial.OutgoingConnection;
import java.time.Duration;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.apache.pekko.Done;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.japi.Pair;
import org.apache.pekko.stream.OverflowStrategy;
import org.apache.pekko.stream.javadsl.Keep;
import org.apache.pekko.stream.javadsl.Sink;
import org.apache.pekko.stream.javadsl.Source;
import org.apache.pekko.stream.javadsl.SourceQueueWithComplete;
import org.apache.pekko.util.ByteString;

/** One open connection of our SDK to a service, written and read by hand. Not thread-safe, but {@link #ended}. */
public final class OverlayCircuit implements AutoCloseable {
    private static final int QUEUED = 16;

    private final OutgoingConnection connection;
    private final SourceQueueWithComplete<ByteString> input;
    private final BlockingQueue<ByteString> output;
    private final CompletableFuture<Done> ended;

    private OverlayCircuit(
            OutgoingConnection connection,
            SourceQueueWithComplete<ByteString> input,
            BlockingQueue<ByteString> output,
            CompletableFuture<Done> ended) {
        this.connection = connection;
        this.input = input;
        this.output = output;
        this.ended = ended;
    }

    /** Dials; completes when the host has accepted, fails with the SDK's refusal. */
    public static CompletionStage<OverlayCircuit> open(ActorSystem<?> system, ZitiContext ziti, String service) {
        BlockingQueue<ByteString> output = new LinkedBlockingQueue<>();
        Pair<Pair<SourceQueueWithComplete<ByteString>, CompletionStage<OutgoingConnection>>, CompletionStage<Done>>
                run = Source.<ByteString>queue(QUEUED, OverflowStrategy.backpressure())
                        .viaMat(ziti.outgoingConnection(service), Keep.both())
                        .toMat(Sink.foreach(output::add), Keep.both())
                        .run(system);
        CompletableFuture<Done> ended =
                run.second().exceptionally(failure -> Done.getInstance()).toCompletableFuture();
        return run.first()
                .second()
                .thenApply(
                        connection -> new OverlayCircuit(connection, run.first().first(), output, ended));
    }

    public OutgoingConnection connection() {
        return connection;
    }

    /** Completes when the connection is over, in whatever way. */
    public CompletionStage<Done> ended() {
        return ended;
    }

    public boolean isOpen() {
        return !ended.isDone();
    }

    public CompletionStage<?> send(ByteString data) {
        return input.offer(data);
    }

    /** Half-close: nothing more is sent. */
    public void finish() {
        input.complete();
    }

    /** Sends to a host that echoes, and checks that the same comes back. */
    public void assertEchoes(String text) {
        send(ByteString.fromString(text));

        ByteString back = ByteString.emptyByteString();
        long deadline = System.nanoTime() + MiniOverlay.PATIENCE.toNanos();
        while (back.size() < text.length()) {
            back = back.concat(next(Duration.ofNanos(deadline - System.nanoTime())));
        }
        assertThat(back.utf8String()).isEqualTo(text);
    }

    private ByteString next(Duration within) {
        try {
            ByteString part = output.poll(within.toMillis(), TimeUnit.MILLISECONDS);
            if (part == null) {
                throw new AssertionError(
                        "nothing came over circuit " + connection.circuitId() + (isOpen() ? "" : ": it is closed"));
            }
            return part;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError("interrupted", e);
        }
    }

    /** Fails unless the connection ends soon. */
    public void assertEnds(String why) {
        assertThat(ended).as("circuit %s: %s", connection.circuitId(), why).succeedsWithin(MiniOverlay.PATIENCE);
    }

    @Override
    public void close() {
        input.complete();
    }
}
