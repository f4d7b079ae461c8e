package io.zitipekko.transport.tls;

import java.nio.ByteBuffer;
import java.util.Arrays;
import org.apache.pekko.util.ByteString;

/**
 * Output buffers of one thread, shared by all its connections: a wrap or unwrap never outlives a call, so an idle connection
 * need not hold any. The result is copied out at its exact size, which for large chunks costs no more than clearing a
 * fresh array would, and for small ones keeps a few bytes from holding on to 64 KiB.
 */
final class ScratchBuffers {
    /** Plain bytes joined into one write, and about what one read brings. */
    static final int BATCH = 64 * 1024;

    /** What JSSE wants to see free before it writes a record: 16 KiB of content plus the largest overhead, rounded up. */
    static final int MAX_RECORD = 17 * 1024;

    private static final ThreadLocal<ScratchBuffers> OF_THREAD = ThreadLocal.withInitial(ScratchBuffers::new);

    private final ByteBuffer out = ByteBuffer.allocate(BATCH + 2 * MAX_RECORD);

    private ScratchBuffers() {}

    /** This thread's buffer, empty. Valid until the caller returns. */
    static ByteBuffer take() {
        ByteBuffer buffer = OF_THREAD.get().out;
        buffer.clear();
        return buffer;
    }

    /** What was written to the buffer, as a copy. */
    static ByteString copyOf(ByteBuffer written) {
        byte[] exact =
                Arrays.copyOfRange(written.array(), written.arrayOffset(), written.arrayOffset() + written.position());
        return ByteString.fromArrayUnsafe(exact);
    }
}
