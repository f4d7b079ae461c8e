package io.zitipekko.bench.jmh;

import io.zitipekko.transport.channel.Message;
import io.zitipekko.transport.xgress.XgressOptions;
import io.zitipekko.transport.xgress.end.CircuitClosed;
import io.zitipekko.transport.xgress.end.CircuitEnd;
import io.zitipekko.transport.xgress.end.CircuitTimer;
import io.zitipekko.transport.xgress.end.Delivery;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.apache.pekko.util.ByteString;
import org.jspecify.annotations.Nullable;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/** Both ends of a circuit without a network: window, payload, order, delivery, acknowledgement. The score is per payload. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(1)
public class CircuitBenchmark {
    /** Bytes of a payload's body. */
    @Param({"64", "32768"})
    public int size;

    private final ScheduledThreadPoolExecutor clock = new ScheduledThreadPoolExecutor(1);
    private final CircuitTimer timer = CircuitTimer.on(clock);
    private final Side sender = new Side(CircuitEnd.Side.INITIATOR);
    private final Side receiver = new Side(CircuitEnd.Side.TERMINATOR);
    private ByteString body = ByteString.emptyByteString();

    /** Starts the circuit. */
    @Setup
    public void prepare() {
        clock.setRemoveOnCancelPolicy(true);
        sender.peer = receiver.end;
        receiver.peer = sender.end;
        body = Samples.bytes(size);
        receiver.end.start();
        sender.end.start();
    }

    /** One payload there, and its acknowledgement, or its place in one, back. */
    @Benchmark
    public long payload() {
        sender.end.send(body);
        return receiver.taken;
    }

    /** Stops the clock. */
    @TearDown
    public void close() {
        clock.shutdownNow();
    }

    private final class Side implements CircuitEnd.Fabric, CircuitEnd.Local {
        final CircuitEnd end;

        @Nullable
        CircuitEnd peer;

        long taken;

        Side(CircuitEnd.Side side) {
            this.end = new CircuitEnd(
                    new CircuitEnd.Spec(Samples.CIRCUIT, side, XgressOptions.DEFAULTS, "bench"), this, this, timer);
        }

        @Override
        public boolean offer(Message message) {
            CircuitEnd other = peer;
            if (other != null) {
                other.receive(message);
            }
            return true;
        }

        @Override
        public void onClosed(CircuitClosed how) {}

        @Override
        public void onReadable() {
            for (Delivery next = end.poll(); next != null; next = end.poll()) {
                if (next instanceof Delivery.Data data) {
                    taken += data.payload().body().size();
                }
            }
        }

        @Override
        public void onWritable() {}

        @Override
        public void onPeerStopped() {}
    }
}
