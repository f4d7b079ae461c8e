package io.zitipekko.transport.memory;

import java.util.concurrent.atomic.AtomicLong;

/**
 * What many queues of one node store together for those who do not read: bounded, however many they are. Each may have an eighth of what is still
 * free (dynamic thresholds, after Choudhury and Hahne, "Dynamic Queue Length Thresholds for Shared-Memory Packet Switches", 1998): a few have as much
 * as their own bounds allow, very many that stand still cannot keep the others from having something, and what is in use hardly reaches the bound:
 * it is exceeded only by the little that a queue is always allowed. Thread-safe.
 */
public final class SharedMemory {
    private static final int OF_FREE = 8;

    /** Of all that the JVM may use; everything else needs some, too. */
    private static final int OF_HEAP = 4;

    private static final long NO_LIMIT = Long.MAX_VALUE;

    private final long limit;
    private final AtomicLong taken = new AtomicLong();

    private SharedMemory(long limit) {
        this.limit = limit;
    }

    /** A quarter of the largest heap that this JVM may have. */
    public static SharedMemory ofHeap() {
        return of(Runtime.getRuntime().maxMemory() / OF_HEAP);
    }

    /** @param limit in bytes */
    public static SharedMemory of(long limit) {
        return new SharedMemory(limit);
    }

    /** For queues whose own bounds are enough, since they are few. Counts nothing. */
    public static SharedMemory unbounded() {
        return new SharedMemory(NO_LIMIT);
    }

    /** Bytes that one queue may hold at the moment; it may have more already. Not negative. */
    public long allowance() {
        return Math.max(0, (limit - taken.get()) / OF_FREE);
    }

    /** A queue holds so many bytes more, or less where it is negative. */
    public void add(long bytes) {
        if (limit != NO_LIMIT) {
            taken.addAndGet(bytes);
        }
    }

    /** Bytes in use. */
    public long taken() {
        return taken.get();
    }
}
