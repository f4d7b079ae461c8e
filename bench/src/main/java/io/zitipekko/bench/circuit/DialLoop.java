package io.zitipekko.bench.circuit;

import io.zitipekko.sdk.ZitiContext;
import io.zitipekko.sdk.dial.DialOptions;
import io.zitipekko.sdk.dial.OutgoingConnection;
import java.time.Duration;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.apache.pekko.actor.ClassicActorSystemProvider;
import org.apache.pekko.japi.Pair;
import org.apache.pekko.stream.KillSwitches;
import org.apache.pekko.stream.UniqueKillSwitch;
import org.apache.pekko.stream.javadsl.Keep;
import org.apache.pekko.stream.javadsl.Sink;
import org.apache.pekko.stream.javadsl.Source;
import org.apache.pekko.util.ByteString;

/** Dials a service, closes the connection, dials again, until the time is up. Several may run at once. A failed dial ends it. */
public final class DialLoop {
    private final ClassicActorSystemProvider system;
    private final ZitiContext ziti;
    private final String service;
    private final long until;
    private final Queue<Long> nanos = new ConcurrentLinkedQueue<>();

    public DialLoop(ClassicActorSystemProvider system, ZitiContext ziti, String service, Duration time) {
        this.system = system;
        this.ziti = ziti;
        this.service = service;
        this.until = System.nanoTime() + time.toNanos();
    }

    /** How long each dial took, in no order. */
    public Queue<Long> nanos() {
        return nanos;
    }

    /** One dialer; completes when the time is up. */
    public CompletableFuture<Void> run() {
        CompletableFuture<Void> done = new CompletableFuture<>();
        next(done);
        return done;
    }

    private void next(CompletableFuture<Void> done) {
        long began = System.nanoTime();
        Pair<CompletableFuture<Optional<ByteString>>, Pair<CompletionStage<OutgoingConnection>, UniqueKillSwitch>> run =
                Source.<ByteString>maybe()
                        .viaMat(
                                ziti.outgoingConnection(
                                                service, DialOptions.DEFAULTS.withAppData(CircuitTask.ECHO.appData()))
                                        .viaMat(KillSwitches.single(), Keep.both()),
                                Keep.both())
                        .to(Sink.ignore())
                        .run(system);
        run.second().first().whenComplete((connection, failure) -> {
            long now = System.nanoTime();
            if (failure != null) {
                done.completeExceptionally(failure);
                return;
            }
            nanos.add(now - began);
            run.first().complete(Optional.empty());
            run.second().second().shutdown();
            if (now >= until) {
                done.complete(null);
            } else {
                next(done);
            }
        });
    }
}
