package io.zitipekko.bench.jmh;

import io.zitipekko.transport.channel.Message;
import io.zitipekko.transport.channel.frame.FrameBatch;
import io.zitipekko.transport.channel.frame.FrameDecoder;
import io.zitipekko.transport.channel.frame.FrameLimits;
import io.zitipekko.transport.channel.frame.FramingException;
import java.util.concurrent.TimeUnit;
import org.apache.pekko.util.ByteString;
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
import org.openjdk.jmh.infra.Blackhole;

/** Frames to bytes and back: 16 payloads in one batch, and in one chunk. The score is per payload. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(1)
public class FramingBenchmark {
    private static final int MESSAGES = 16;

    /** Bytes of a payload's body. */
    @Param({"64", "1024", "16384"})
    public int size;

    private final FrameBatch batch = new FrameBatch();
    private final FrameDecoder decoder = FrameDecoder.forListener(FrameLimits.ofTotal(1 << 20));
    private Message message = Samples.payload(0, 0);
    private ByteString chunk = ByteString.emptyByteString();

    /** Makes what is encoded and decoded. */
    @Setup
    public void prepare() {
        message = Samples.payload(7, size);
        chunk = encoded().compact();
    }

    private ByteString encoded() {
        for (int i = 0; i < MESSAGES; i++) {
            batch.add(message, i, null);
        }
        return batch.take();
    }

    /** Messages to one write. */
    @Benchmark
    @org.openjdk.jmh.annotations.OperationsPerInvocation(MESSAGES)
    public ByteString encode() {
        return encoded();
    }

    /** One read to messages. */
    @Benchmark
    @org.openjdk.jmh.annotations.OperationsPerInvocation(MESSAGES)
    public void decode(Blackhole sink) throws FramingException {
        decoder.feed(chunk);
        for (Message next = decoder.next(); next != null; next = decoder.next()) {
            sink.consume(next);
        }
    }
}
