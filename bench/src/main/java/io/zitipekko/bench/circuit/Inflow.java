package io.zitipekko.bench.circuit;

import io.zitipekko.sdk.ZitiContext;
import io.zitipekko.sdk.dial.DialOptions;
import io.zitipekko.sdk.dial.OutgoingConnection;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.pekko.actor.ClassicActorSystemProvider;
import org.apache.pekko.stream.KillSwitches;
import org.apache.pekko.stream.UniqueKillSwitch;
import org.apache.pekko.stream.javadsl.Keep;
import org.apache.pekko.stream.javadsl.Sink;
import org.apache.pekko.stream.javadsl.Source;
import org.apache.pekko.util.ByteString;

/** A dialled circuit whose host sends without end once it is told to; counts what has come. Thread-safe. */
public final class Inflow {
    private static final CircuitTask ENDLESS = new CircuitTask(CircuitTask.Kind.DOWN, Long.MAX_VALUE);

    private final CompletableFuture<ByteString> go;
    private final AtomicLong received;
    private final UniqueKillSwitch stop;
    private final CompletionStage<OutgoingConnection> connected;
    private final CompletionStage<?> ended;

    private Inflow(
            CompletableFuture<ByteString> go,
            AtomicLong received,
            UniqueKillSwitch stop,
            CompletionStage<OutgoingConnection> connected,
            CompletionStage<?> ended) {
        this.go = go;
        this.received = received;
        this.stop = stop;
        this.connected = connected;
        this.ended = ended;
    }

    public static Inflow dial(ClassicActorSystemProvider system, ZitiContext ziti, String service) {
        CompletableFuture<ByteString> go = new CompletableFuture<>();
        AtomicLong received = new AtomicLong();
        var run = Source.completionStage(go)
                .concat(Source.<ByteString>maybe())
                .viaMat(KillSwitches.single(), Keep.right())
                .viaMat(
                        ziti.outgoingConnection(service, DialOptions.DEFAULTS.withAppData(ENDLESS.appData())),
                        Keep.both())
                .toMat(Sink.foreach(bytes -> received.addAndGet(bytes.size())), Keep.both())
                .run(system);
        return new Inflow(go, received, run.first().first(), run.first().second(), run.second());
    }

    public CompletionStage<OutgoingConnection> connected() {
        return connected;
    }

    /** The host sends from now on. */
    public void start() {
        go.complete(ByteString.fromString("!"));
    }

    /** Bytes that have come so far. */
    public long received() {
        return received.get();
    }

    /** Whether it has ended, by itself or since it was told to. */
    public boolean isOver() {
        return ended.toCompletableFuture().isDone();
    }

    /** Closes it from this side; completes when it is. */
    public CompletionStage<Void> stop() {
        // Cut, not closed in order: what is still to come would have to come first.
        stop.abort(new CancellationException("enough"));
        return ended.handle((done, cut) -> null);
    }
}
