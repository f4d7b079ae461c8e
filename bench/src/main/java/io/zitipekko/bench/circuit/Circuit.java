package io.zitipekko.bench.circuit;

import io.zitipekko.sdk.ZitiContext;
import io.zitipekko.sdk.dial.DialOptions;
import io.zitipekko.sdk.dial.OutgoingConnection;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.apache.pekko.actor.ClassicActorSystemProvider;
import org.apache.pekko.japi.Pair;
import org.apache.pekko.stream.javadsl.Flow;
import org.apache.pekko.stream.javadsl.Keep;
import org.apache.pekko.stream.javadsl.Sink;
import org.apache.pekko.stream.javadsl.Source;
import org.apache.pekko.util.ByteString;

/** A dialled circuit that moves its bytes when it is told to. Thread-safe. */
public final class Circuit {
    private final CircuitTask task;
    private final CompletableFuture<ByteString> go;
    private final CompletableFuture<Optional<ByteString>> end;
    private final CompletionStage<OutgoingConnection> connected;
    private final CompletionStage<Long> receivedAt;

    private Circuit(
            CircuitTask task,
            CompletableFuture<ByteString> go,
            CompletableFuture<Optional<ByteString>> end,
            CompletionStage<OutgoingConnection> connected,
            CompletionStage<ByteString> receipt) {
        this.task = task;
        this.go = go;
        this.end = end;
        this.connected = connected;
        this.receivedAt = receipt.thenApply(this::checked);
    }

    public static Circuit dial(ClassicActorSystemProvider system, ZitiContext ziti, String service, CircuitTask task) {
        Flow<ByteString, ByteString, CompletionStage<OutgoingConnection>> flow =
                ziti.outgoingConnection(service, DialOptions.DEFAULTS.withAppData(task.appData()));
        CompletableFuture<ByteString> go = new CompletableFuture<>();
        Source<ByteString, CompletableFuture<Optional<ByteString>>> signal =
                Source.completionStage(go).concatMat(Source.<ByteString>maybe(), Keep.right());
        var sending = task.kind() == CircuitTask.Kind.UP ? signal.via(new Supply(task.bytes())) : signal;
        var connecting = sending.viaMat(flow, Keep.both());
        var receiving = task.kind() == CircuitTask.Kind.UP ? connecting : connecting.via(new Receive(task.bytes()));
        Pair<
                        Pair<CompletableFuture<Optional<ByteString>>, CompletionStage<OutgoingConnection>>,
                        CompletionStage<ByteString>>
                run = receiving.toMat(Sink.head(), Keep.both()).run(system);
        return new Circuit(task, go, run.first().first(), run.first().second(), run.second());
    }

    private long checked(ByteString receipt) {
        long now = System.nanoTime();
        end.complete(Optional.empty());
        if (!receipt.equals(Receive.receipt(task.bytes(), Pattern.checksum(task.bytes())))) {
            var read = receipt.asByteBuffer();
            throw new IllegalStateException(
                    read.getLong() + " bytes with checksum " + Long.toHexString(read.getLong()) + " came (expected: "
                            + task.bytes() + " with " + Long.toHexString(Pattern.checksum(task.bytes())) + ")");
        }
        return now;
    }

    public CompletionStage<OutgoingConnection> connected() {
        return connected;
    }

    /** Starts; the seconds until the last byte had been received and, upwards, its receipt was back. */
    public CompletionStage<Double> move() {
        Pattern.checksum(task.bytes());
        long began = System.nanoTime();
        go.complete(ByteString.fromString("!"));
        return receivedAt.thenApply(at -> (at - began) / 1e9);
    }

    public void close() {
        end.complete(Optional.empty());
    }
}
