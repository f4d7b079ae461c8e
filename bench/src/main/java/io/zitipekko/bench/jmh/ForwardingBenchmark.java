package io.zitipekko.bench.jmh;

import io.zitipekko.actors.model.id.RouterId;
import io.zitipekko.actors.router.ControllerId;
import io.zitipekko.actors.router.forwarder.Faults;
import io.zitipekko.actors.router.forwarder.Forward;
import io.zitipekko.actors.router.forwarder.ForwardOutcome;
import io.zitipekko.actors.router.forwarder.Forwarder;
import io.zitipekko.actors.router.forwarder.LinkPort;
import io.zitipekko.transport.channel.Headers;
import io.zitipekko.transport.channel.Message;
import io.zitipekko.transport.xgress.CircuitId;
import io.zitipekko.transport.xgress.Payload;
import io.zitipekko.transport.xgress.XgressAddress;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
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
import org.openjdk.jmh.annotations.Warmup;

/** A transit router's part: circuit and way of one payload looked up, its headers looked over, offered to the next link. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(1)
public class ForwardingBenchmark {
    /** How many circuits the router knows; payloads come for each in turn. */
    @Param({"1", "10000"})
    public int circuits;

    private final Link from = new Link("link-from");
    private final Link to = new Link("link-to");
    private final Forwarder forwarder =
            new Forwarder(new RouterId("router"), Faults.NONE, (delay, task) -> {}, System::nanoTime);
    private Message[] payloads = new Message[0];
    private int next;

    /** Routes the circuits. */
    @Setup
    public void prepare() {
        forwarder.addLink(from);
        forwarder.addLink(to);
        payloads = new Message[circuits];
        for (int i = 0; i < circuits; i++) {
            CircuitId id = new CircuitId("circuit-" + i);
            forwarder.route(
                    id,
                    new ControllerId("controller"),
                    List.of(new Forward(from.address(), to.address(), Forward.Kind.LINK)),
                    Map.of());
            payloads[i] = new Payload(id, i, 0, 1, Headers.EMPTY, Samples.bytes(64)).toMessage();
        }
    }

    /** One payload. */
    @Benchmark
    public ForwardOutcome forward() {
        next = next + 1 == circuits ? 0 : next + 1;
        return forwarder.forward(from.address(), payloads[next]);
    }

    private static final class Link implements LinkPort {
        private final XgressAddress address;
        private int size;

        Link(String id) {
            this.address = new XgressAddress(id);
        }

        @Override
        public XgressAddress address() {
            return address;
        }

        @Override
        public boolean offer(Message message) {
            size += message.body().size();
            return size != -1;
        }

        @Override
        public void whenWritable(Runnable once) {
            once.run();
        }

        @Override
        public void pauseReading() {}

        @Override
        public void resumeReading() {}
    }
}
