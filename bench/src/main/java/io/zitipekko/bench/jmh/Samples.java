package io.zitipekko.bench.jmh;

import io.zitipekko.transport.channel.Headers;
import io.zitipekko.transport.channel.Message;
import io.zitipekko.transport.xgress.CircuitId;
import io.zitipekko.transport.xgress.Payload;
import java.util.Random;
import org.apache.pekko.util.ByteString;

/** Messages of the sizes that are measured. */
final class Samples {
    static final CircuitId CIRCUIT = new CircuitId("3xKq7LmT0aZbWcYdE5fG9h");

    private Samples() {}

    static ByteString bytes(int size) {
        byte[] bytes = new byte[size];
        new Random(1).nextBytes(bytes);
        return ByteString.fromArrayUnsafe(bytes);
    }

    /** A payload as it crosses a link. */
    static Message payload(int sequence, int size) {
        return new Payload(CIRCUIT, sequence, 0, 4711, Headers.EMPTY, bytes(size)).toMessage();
    }
}
