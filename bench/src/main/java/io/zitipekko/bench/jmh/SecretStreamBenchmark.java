package io.zitipekko.bench.jmh;

import io.zitipekko.transport.secret.KeyExchange;
import io.zitipekko.transport.secret.SecretStream;
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
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/** End-to-end encryption of one message, and that together with its decryption. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(1)
public class SecretStreamBenchmark {
    /** Bytes of a message's plain text. */
    @Param({"64", "4096", "32768"})
    public int size;

    private final KeyExchange dialer = KeyExchange.generate();
    private final KeyExchange host = KeyExchange.generate();
    private final SecretStream.Encryptor alone = new SecretStream.Encryptor(dialer.asDialer(host.publicKey()));
    private final SecretStream.Encryptor encryptor = new SecretStream.Encryptor(dialer.asDialer(host.publicKey()));
    private final SecretStream.Decryptor decryptor =
            new SecretStream.Decryptor(host.asHost(dialer.publicKey()), encryptor.header());
    private ByteString plain = ByteString.emptyByteString();

    /** Makes the plain text. */
    @Setup
    public void prepare() {
        plain = Samples.bytes(size);
    }

    /** One message. */
    @Benchmark
    public ByteString encrypt() {
        return alone.encrypt(plain);
    }

    /** One message there. */
    @Benchmark
    public ByteString encryptAndDecrypt() {
        return decryptor.decrypt(encryptor.encrypt(plain));
    }

    /** Wipes the keys. */
    @TearDown
    public void close() {
        alone.close();
        encryptor.close();
        decryptor.close();
        dialer.close();
        host.close();
    }
}
