package io.zitipekko.transport.xgress.end;

import java.util.concurrent.atomic.AtomicLong;

/**
 * What the circuits of one node store together for those who do not read: bounded, however many they are. Each may have an eighth of what is still
 * free (dynamic thresholds, after Choudhury and Hahne, "Dynamic Queue Length Thresholds for Shared-Memory Packet Switches", 1998): a few have as much
 * as their windows allow, very many that stand still cannot keep the others from having something, and what is in use never reaches the bound.
 * Where nothing of a circuit is stored, one payload always is. Thread-safe; its parts are not.
 */
public final class CircuitMemory {
    private static final int OF_FREE = 8;

    /** Of all that the JVM may use; lanes, links and everything else need some, too. */
    private static final int OF_HEAP = 4;

    private final long limit;
    private final AtomicLong taken = new AtomicLong();

    private CircuitMemory(long limit) {
        this.limit = limit;
    }

    /** A quarter of the largest heap that this JVM may have. */
    public static CircuitMemory ofHeap() {
        return of(Runtime.getRuntime().maxMemory() / OF_HEAP);
    }

    /** @param limit in bytes */
    public static CircuitMemory of(long limit) {
        return new CircuitMemory(limit);
    }

    /** For an end whose own bounds are enough, as in an application. */
    public static CircuitMemory unbounded() {
        return new CircuitMemory(Long.MAX_VALUE);
    }

    /** For one more circuit. */
    public Part part() {
        return new Part();
    }

    /** Bytes in use. */
    public long taken() {
        return taken.get();
    }

    /** What one circuit has of it. Whoever has one must {@link #end} it. Not thread-safe. */
    public final class Part {
        private long held;
        private boolean over;

        private Part() {}

        /**
         * Takes room, if there is some.
         *
         * @param needed nothing else of this circuit waits for its reader, so that it could not go on without this
         */
        public boolean take(long size, boolean needed) {
            if (over) {
                return true;
            }
            if (!needed && held + size > (limit - taken.get()) / OF_FREE) {
                return false;
            }
            held += size;
            taken.addAndGet(size);
            return true;
        }

        /** Gives back what was taken. */
        public void give(long size) {
            if (!over) {
                held -= size;
                taken.addAndGet(-size);
            }
        }

        /** Gives everything back, and counts no more. Idempotent. */
        public void end() {
            taken.addAndGet(-held);
            held = 0;
            over = true;
        }
    }
}
