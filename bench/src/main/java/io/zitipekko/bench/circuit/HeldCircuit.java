package io.zitipekko.bench.circuit;

import io.zitipekko.sdk.ZitiContext;
import io.zitipekko.sdk.dial.DialOptions;
import io.zitipekko.sdk.dial.Dialer;
import io.zitipekko.sdk.dial.OutgoingConnection;
import java.util.Optional;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;
import org.apache.pekko.actor.ClassicActorSystemProvider;
import org.apache.pekko.stream.KillSwitches;
import org.apache.pekko.stream.UniqueKillSwitch;
import org.apache.pekko.stream.javadsl.Flow;
import org.apache.pekko.stream.javadsl.Keep;
import org.apache.pekko.stream.javadsl.Sink;
import org.apache.pekko.stream.javadsl.Source;
import org.apache.pekko.util.ByteString;

/** An idle circuit that knows when it was closed. */
public final class HeldCircuit {
    private final boolean stalled;
    private final UniqueKillSwitch end;
    private final CompletionStage<OutgoingConnection> connected;
    private final CompletableFuture<End> ended;

    /**
     * @param at the machine's monotonic time, the same in all its processes
     * @param how in words
     */
    private record End(long at, String how) {}

    private HeldCircuit(
            boolean stalled,
            UniqueKillSwitch end,
            CompletionStage<OutgoingConnection> connected,
            CompletableFuture<End> ended) {
        this.stalled = stalled;
        this.end = end;
        this.connected = connected;
        this.ended = ended;
    }

    /** One over which nothing moves. */
    public static HeldCircuit dial(ClassicActorSystemProvider system, ZitiContext ziti, String service) {
        return run(system, CircuitTask.ECHO, Source.maybe(), options -> ziti.outgoingConnection(service, options));
    }

    /** The same, by whoever can dial. */
    public static HeldCircuit dial(ClassicActorSystemProvider system, Dialer dialer, String service) {
        return run(system, CircuitTask.ECHO, Source.maybe(), options -> dialer.outgoingConnection(service, options));
    }

    /** One that sends without end to a host that does not read. */
    public static HeldCircuit stalled(ClassicActorSystemProvider system, ZitiContext ziti, String service) {
        return run(
                system,
                new CircuitTask(CircuitTask.Kind.STALL, 0),
                Source.repeat(Pattern.at(0, Long.MAX_VALUE)).mapMaterializedValue(n -> new CompletableFuture<>()),
                options -> ziti.outgoingConnection(service, options));
    }

    private static HeldCircuit run(
            ClassicActorSystemProvider system,
            CircuitTask task,
            Source<ByteString, CompletableFuture<Optional<ByteString>>> sending,
            Function<DialOptions, Flow<ByteString, ByteString, CompletionStage<OutgoingConnection>>> connection) {
        var run = sending.viaMat(KillSwitches.single(), Keep.both())
                .viaMat(connection.apply(DialOptions.DEFAULTS.withAppData(task.appData())), Keep.both())
                .toMat(Sink.ignore(), Keep.both())
                .run(system);
        // Closed in order or cut: both are the end.
        CompletableFuture<End> ended = run.second()
                .handle((done, failure) ->
                        new End(System.nanoTime(), failure == null ? "closed in order" : failure.toString()))
                .toCompletableFuture();
        return new HeldCircuit(
                task.kind() == CircuitTask.Kind.STALL,
                run.first().first().second(),
                run.first().second(),
                ended);
    }

    public CompletionStage<OutgoingConnection> connected() {
        return connected;
    }

    /** The machine's monotonic time, the same in all its processes, when the application was told that the connection has ended. */
    public CompletableFuture<Long> closedAt() {
        return ended.thenApply(End::at);
    }

    /** How it ended; empty while it is open. */
    public Optional<String> howEnded() {
        return Optional.ofNullable(ended.getNow(null)).map(End::how);
    }

    public boolean isOpen() {
        return !ended.isDone();
    }

    /** Closes it from this side; completes when it is. */
    public CompletionStage<Long> close() {
        if (stalled) {
            // What it sent would keep an end in order waiting for ever.
            end.abort(new CancellationException("released"));
        } else {
            end.shutdown();
        }
        return closedAt();
    }
}
