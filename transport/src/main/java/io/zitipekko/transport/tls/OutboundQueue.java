package io.zitipekko.transport.tls;

import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLEngineResult;
import javax.net.ssl.SSLException;
import org.apache.pekko.util.ByteString;

/** Plain bytes waiting to be wrapped, as the buffers they came in: the engine gathers them into records, so nothing is copied here. */
final class OutboundQueue {
    private static final int MAX_GATHER = 64;
    private static final ByteBuffer NOTHING = ByteBuffer.allocate(0);

    private final ArrayDeque<ByteBuffer> buffers = new ArrayDeque<>();
    private int bytes;

    void add(ByteString plain) {
        if (plain.isCompact()) {
            add(plain.asByteBuffer());
        } else {
            plain.getByteBuffers().forEach(this::add);
        }
    }

    private void add(ByteBuffer buffer) {
        if (buffer.hasRemaining()) {
            buffers.add(buffer);
            bytes += buffer.remaining();
        }
    }

    int bytes() {
        return bytes;
    }

    void clear() {
        buffers.clear();
        bytes = 0;
    }

    /** Wraps one record's worth into {@code target}, or only what the engine itself has to say when there is nothing. */
    SSLEngineResult wrap(SSLEngine engine, ByteBuffer target) throws SSLException {
        if (bytes == 0) {
            return engine.wrap(NOTHING, target);
        }
        SSLEngineResult result;
        if (buffers.size() == 1) {
            result = engine.wrap(buffers.getFirst(), target);
        } else {
            ByteBuffer[] gathered = gather();
            result = engine.wrap(gathered, 0, gathered.length, target);
        }
        bytes -= result.bytesConsumed();
        while (!buffers.isEmpty() && !buffers.getFirst().hasRemaining()) {
            buffers.removeFirst();
        }
        return result;
    }

    /** The buffers of the next record. */
    private ByteBuffer[] gather() {
        ByteBuffer[] gathered = new ByteBuffer[Math.min(buffers.size(), MAX_GATHER)];
        int i = 0;
        for (ByteBuffer buffer : buffers) {
            if (i == gathered.length) {
                break;
            }
            gathered[i++] = buffer;
        }
        return gathered;
    }
}
