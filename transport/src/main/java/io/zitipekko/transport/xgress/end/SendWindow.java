package io.zitipekko.transport.xgress.end;

import io.zitipekko.transport.xgress.XgressOptions;

/**
 * How much may be in flight: a window in bytes and one in payloads, both of which start small and grow with what is acknowledged,
 * for routers on the way queue few messages and drop the rest in silence (protocol/04 sections 5 and 9). What is in flight and what the
 * peer says it has stored never exceed {@code peerBuffer} together, except while it passes on all it gets and nothing was lost: what comes behind a
 * loss is stored. With nothing in flight one payload may always go, whatever the peer claims: a lost window update must not stall the circuit. Not
 * thread-safe.
 */
final class SendWindow {
    /**
     * A window below this grows even while the path queues, so that it holds its own beside windows that know no such restraint. Above, a
     * larger one would only lengthen the queues, and make every copy on the way a cache miss.
     */
    private static final int ENOUGH_FOR_A_QUEUE = 1 << 20;

    /** What is left of that where many share a queue, which is long because of all of them. */
    private static final int ENOUGH_FOR_A_LONG_QUEUE = 256 << 10;

    private static final int COUNT_START = 64;
    private static final int COUNT_MIN = 8;
    private static final int COUNT_MAX = 16_384;

    private final int min;
    private final int peerBuffer;
    /** A peer that has no more than this stored passes on what it gets. */
    private final int nextToNothing;

    private int max;
    private double bytes;
    private double count = COUNT_START;
    // Until the first loss the window doubles in each round trip, afterwards it grows by an eighth.
    private boolean probing = true;
    // As they were before the last shrink, which may have been for nothing; 0 when that is undone.
    private double bytesBefore;
    private double countBefore;
    private boolean probingBefore;
    private int maxBefore;
    private long inFlightBytes;
    private int inFlightCount;
    private long remoteStored;

    SendWindow(XgressOptions options) {
        this.min = options.windowMin();
        this.max = options.windowMax();
        this.peerBuffer = options.peerBuffer();
        this.nextToNothing = peerBuffer / 8;
        this.bytes = options.windowStart();
    }

    /** Whether a payload of this size may leave now. */
    boolean admits(int size) {
        if (inFlightCount == 0) {
            return true;
        }
        return inFlightCount < count && inFlightBytes + size <= bytes && inFlightBytes + size + remoteStored <= room();
    }

    /** For what is in flight and what the peer has stored. */
    private int room() {
        return remoteStored <= nextToNothing ? max : peerBuffer;
    }

    void sent(int size) {
        inFlightBytes += size;
        inFlightCount++;
    }

    /**
     * @param queueing whether queues on the path hold a good part of what is in flight
     * @param queueLong whether they hold it for long
     */
    void acknowledged(int size, boolean queueing, boolean queueLong) {
        // Growing a window that is not used would let a later burst out unmeasured.
        boolean used = inFlightBytes * 2 >= bytes || inFlightCount * 2 >= count;
        inFlightBytes -= size;
        inFlightCount--;
        if (used && !queueLong && !(queueing && bytes >= ENOUGH_FOR_A_QUEUE)) {
            // Doubled beyond what the peer has room for, it would overshoot by more than is gained.
            bytes = Math.min(Math.max(bytes, room()), bytes + (probing && bytes < peerBuffer ? size : size / 8.0));
            count = Math.min(COUNT_MAX, count + (probing ? 1 : 0.125));
        }
    }

    /** Queues on the path are long, and one's own part in them is made smaller. Called once per window. */
    void ease() {
        if (bytes > ENOUGH_FOR_A_LONG_QUEUE) {
            probing = false;
            bytes = Math.max(ENOUGH_FOR_A_LONG_QUEUE, bytes * 0.875);
            // What it was before is too much now, whatever it had shrunk for.
            bytesBefore = 0;
        }
    }

    /** Takes back a {@link #sent}. */
    void unsent(int size) {
        inFlightBytes -= size;
        inFlightCount--;
    }

    /** The peer's stored bytes, unsigned 32 bits, as of the last acknowledgement that came. */
    void remoteStored(long stored) {
        this.remoteStored = stored;
    }

    /** Payloads were lost, or only late. Called once per window of them, not once each. */
    void shrink() {
        bytesBefore = bytes;
        countBefore = count;
        probingBefore = probing;
        maxBefore = max;
        probing = false;
        max = peerBuffer;
        bytes = Math.max(min, Math.min(max, bytes * 0.75));
        count = Math.max(COUNT_MIN, count * 0.75);
    }

    /** All that was taken for lost the last time was only late. */
    void undoShrink() {
        if (bytesBefore > 0) {
            bytes = Math.max(bytes, bytesBefore);
            count = Math.max(count, countBefore);
            probing |= probingBefore;
            max = maxBefore;
            bytesBefore = 0;
        }
    }

    /** Nothing is in flight any more. */
    void clear() {
        inFlightBytes = 0;
        inFlightCount = 0;
    }

    long bytes() {
        return (long) bytes;
    }

    long inFlightBytes() {
        return inFlightBytes;
    }

    int inFlightCount() {
        return inFlightCount;
    }

    boolean isEmpty() {
        return inFlightCount == 0;
    }
}
