package io.zitipekko.bench.jmh;

import io.zitipekko.transport.channel.ChannelHeaders;
import io.zitipekko.transport.channel.Headers;
import io.zitipekko.transport.xgress.Payload;
import io.zitipekko.transport.xgress.XgressHeader;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/** What is done to the headers of one payload on its way. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(1)
public class HeaderRewriteBenchmark {
    private final Headers plain = Samples.payload(7, 0).headers();
    private final Headers withHeartbeat = plain.toBuilder()
            .uint64(ChannelHeaders.HEARTBEAT, 1)
            .uint64(ChannelHeaders.HEARTBEAT_RESPONSE, 2)
            .build();
    private final Payload payload = Payload.from(Samples.payload(7, 0));

    private static boolean isOfTheCircuit(int id) {
        return id >= XgressHeader.PAYLOAD_FIRST && id <= XgressHeader.RTT_STAMP;
    }

    /** A payload as most are: nothing has to go. */
    @Benchmark
    public Headers nothingToStrip() {
        return plain.filtered(HeaderRewriteBenchmark::isOfTheCircuit);
    }

    /** One on which the channel's heartbeats rode. */
    @Benchmark
    public Headers stripHeartbeats() {
        return withHeartbeat.filtered(HeaderRewriteBenchmark::isOfTheCircuit);
    }

    /** A circuit's end reads a payload. */
    @Benchmark
    public Payload read() {
        return Payload.from(io.zitipekko.transport.channel.Message.of(1100, plain, payload.body()));
    }

    /** A circuit's end writes a payload. */
    @Benchmark
    public Object write() {
        return payload.toMessage();
    }
}
