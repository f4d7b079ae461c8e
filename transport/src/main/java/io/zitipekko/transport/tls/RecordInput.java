package io.zitipekko.transport.tls;

import java.nio.ByteBuffer;
import javax.net.ssl.SSLException;
import org.apache.pekko.util.ByteString;
import org.jspecify.annotations.Nullable;

/**
 * Received bytes cut at TLS record boundaries. Holds one socket read and at most one record that the read before left
 * unfinished; only that record is ever copied.
 */
final class RecordInput {
    private static final int HEADER = 5;
    /** RFC 8446 section 5.2 and RFC 5246 section 6.2.3: 2^14 plus at most 2048. */
    private static final int MAX_CONTENT = 16 * 1024 + 2048;

    static final int HANDSHAKE_RECORD = 22;

    private static final ByteBuffer NOTHING = ByteBuffer.allocate(0);

    /** The latest read, in read mode. */
    private ByteBuffer chunk = NOTHING;

    /** An unfinished record, in write mode, made to the record's size once that is known; null when there is none. */
    private @Nullable ByteBuffer partial;

    /** The finished former partial record while it is being consumed, in read mode. */
    private @Nullable ByteBuffer joined;

    /** Takes over a read. Only when {@link #next} has returned null. */
    void add(ByteString bytes) {
        if (chunk.hasRemaining()) {
            throw new IllegalStateException("the read before has not been consumed");
        }
        chunk = ByteBuffer.wrap(bytes.toArrayUnsafe());
    }

    /**
     * A buffer that begins with a complete record.
     *
     * @return null when more bytes are needed; what is left has then been put aside
     * @throws SSLException when a record claims an impossible length
     */
    @Nullable
    ByteBuffer next() throws SSLException {
        if (joined != null) {
            if (joined.hasRemaining()) {
                return joined;
            }
            joined = null;
        }
        if (partial == null) {
            if (chunk.remaining() >= HEADER && chunk.remaining() >= recordLength(chunk, chunk.position())) {
                return chunk;
            }
            if (!chunk.hasRemaining()) {
                chunk = NOTHING;
                return null;
            }
            partial = ByteBuffer.allocate(HEADER);
        }
        return complete(partial);
    }

    private @Nullable ByteBuffer complete(ByteBuffer unfinished) throws SSLException {
        ByteBuffer record = unfinished;
        if (record.capacity() == HEADER) {
            moveFromChunk(record);
            if (record.hasRemaining()) {
                chunk = NOTHING;
                return null;
            }
            record = ByteBuffer.allocate(recordLength(record, 0)).put(record.flip());
            partial = record;
        }
        moveFromChunk(record);
        if (record.hasRemaining()) {
            chunk = NOTHING;
            return null;
        }
        partial = null;
        joined = record.flip();
        return joined;
    }

    private void moveFromChunk(ByteBuffer target) {
        int count = Math.min(target.remaining(), chunk.remaining());
        target.put(target.position(), chunk, chunk.position(), count);
        target.position(target.position() + count);
        chunk.position(chunk.position() + count);
    }

    /** Whether there are bytes that {@link #next} has not put aside or handed out to the end. */
    boolean hasUnread() {
        return chunk.hasRemaining() || (joined != null && joined.hasRemaining());
    }

    /** Forgets everything. */
    void clear() {
        chunk = NOTHING;
        partial = null;
        joined = null;
    }

    /** Content type of the record at a buffer's position. */
    static int typeOf(ByteBuffer record) {
        return record.get(record.position()) & 0xff;
    }

    private static int recordLength(ByteBuffer buffer, int at) throws SSLException {
        int content = buffer.getShort(at + 3) & 0xffff;
        if (content > MAX_CONTENT) {
            throw new SSLException("record of " + content + " bytes (expected: at most " + MAX_CONTENT + ")");
        }
        return HEADER + content;
    }
}
