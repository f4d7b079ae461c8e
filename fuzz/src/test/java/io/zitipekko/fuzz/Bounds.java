package io.zitipekko.fuzz;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import java.time.Duration;

/**
 * What one input may cost: memory in proportion to its length, and little time. Both are counted for the calling thread alone, so that a
 * busy machine makes no difference. Thread-safe.
 */
public final class Bounds {
    private static final long FREE_BYTES = 32L << 20;
    private static final long BYTES_PER_BYTE = 512;
    private static final Duration CPU_TIME = Duration.ofSeconds(5);
    private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

    private Bounds() {}

    /** Decodes something; what it throws is for the caller. */
    @FunctionalInterface
    public interface Decoding<X extends Exception> {
        void run() throws X;
    }

    /**
     * Runs one decoding; when it costs too much, once more, because the first one pays for the classes that it loads.
     *
     * @param length of the input
     * @throws AssertionError when it took more than its input is worth
     */
    public static <X extends Exception> void hold(int length, Decoding<X> decoding) throws X {
        if (excess(length, decoding).isEmpty()) {
            return;
        }
        String excess = excess(length, decoding);
        if (!excess.isEmpty()) {
            throw new AssertionError(excess);
        }
    }

    private static <X extends Exception> String excess(int length, Decoding<X> decoding) throws X {
        long allocated = THREADS.getCurrentThreadAllocatedBytes();
        long nanos = THREADS.getCurrentThreadCpuTime();
        decoding.run();
        long bytes = THREADS.getCurrentThreadAllocatedBytes() - allocated;
        long spent = THREADS.getCurrentThreadCpuTime() - nanos;
        if (bytes > FREE_BYTES + BYTES_PER_BYTE * length) {
            return bytes + " bytes were allocated for an input of " + length;
        }
        return spent > CPU_TIME.toNanos()
                ? spent / 1_000_000 + " ms were spent on an input of " + length + " bytes"
                : "";
    }
}
