package io.zitipekko.transport.xgress.end;

import io.zitipekko.transport.memory.SharedMemory;

/**
 * The circuits' side of a node's {@link SharedMemory}. Where nothing of a circuit is stored, one payload always is. Thread-safe; its parts are
 * not.
 */
public final class CircuitMemory {
    private final SharedMemory shared;

    private CircuitMemory(SharedMemory shared) {
        this.shared = shared;
    }

    public static CircuitMemory of(SharedMemory shared) {
        return new CircuitMemory(shared);
    }

    /** For an end whose own bounds are enough, as in an application. */
    public static CircuitMemory unbounded() {
        return new CircuitMemory(SharedMemory.unbounded());
    }

    /** For one more circuit. */
    public Part part() {
        return new Part();
    }

    /** What circuits share with all else that waits at this node. */
    public SharedMemory shared() {
        return shared;
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
            if (!needed && held + size > shared.allowance()) {
                return false;
            }
            held += size;
            shared.add(size);
            return true;
        }

        /** Gives back what was taken. */
        public void give(long size) {
            if (!over) {
                held -= size;
                shared.add(-size);
            }
        }

        /** Gives everything back, and counts no more. Idempotent. */
        public void end() {
            shared.add(-held);
            held = 0;
            over = true;
        }
    }
}
