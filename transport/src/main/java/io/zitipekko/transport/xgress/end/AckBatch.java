package io.zitipekko.transport.xgress.end;

import io.zitipekko.transport.xgress.Acknowledgement;
import io.zitipekko.transport.xgress.CircuitId;
import java.util.Arrays;

/**
 * Collects sequences for one acknowledgement. The first after a pause goes at once; in a burst they are collected for a fraction of a
 * millisecond, or until there are {@value #MAX_WAITING} of them, or 128 KiB: the delay enters the sender's idea of the round trip
 * (protocol/04 section 9).
 *
 * <p>A sender that has brought 4 MiB in order and fills a batch twice that large within twice the time has a window of a mebibyte or so, of
 * which a quarter acknowledged at once is no burst: then it gets them so, until something is missing or it slows down. For each
 * acknowledgement is a message of its own through all hops. Not thread-safe.
 */
final class AckBatch {
    private static final int MAX_WAITING = 16;
    private static final int MAX_WAITING_BYTES = 128 << 10;
    private static final long STEADY_FROM = 4 << 20;
    private static final int STEADY_FACTOR = 2;
    private static final int STEADY_DEADLINE_FACTOR = 8;
    /** Collected while the fabric takes none; beyond, the sender has to repeat itself and is answered then. */
    private static final int MAX_HELD = 4096;

    private final long delayNanos;
    private final long notableStore;
    private int[] sequences = new int[MAX_WAITING];
    private int count;
    private long bytes;
    // Brought in order and fast enough, without an interruption.
    private long steadyBytes;
    private int stamp;
    private boolean urgent;
    private long lastSent;
    private long lastAdvertised;

    /** @param notableStore stored bytes that the sender will heed: when they go after they were told, it hears of that at once */
    AckBatch(long delayNanos, long notableStore, long now) {
        this.delayNanos = delayNanos;
        this.notableStore = notableStore;
        this.lastSent = now - delayNanos;
    }

    void add(int sequence, int payloadStamp, int size, boolean atOnce) {
        urgent |= atOnce;
        stamp = payloadStamp;
        bytes += size;
        steadyBytes = atOnce ? 0 : steadyBytes + size;
        if (count == MAX_HELD) {
            return;
        }
        if (count == sequences.length) {
            sequences = Arrays.copyOf(sequences, count * 2);
        }
        sequences[count++] = sequence;
    }

    /** The local side took data: the peer must learn of the room when it was told that there was little. */
    void stored(long bytesNow) {
        if (lastAdvertised > notableStore && bytesNow < lastAdvertised / 2) {
            urgent = true;
        }
    }

    boolean isDue(long now) {
        return urgent
                || count >= MAX_WAITING * factor()
                || bytes >= MAX_WAITING_BYTES * factor()
                || (count > 0 && now - lastSent >= delayNanos * factor());
    }

    private int factor() {
        return steadyBytes >= STEADY_FROM ? STEADY_FACTOR : 1;
    }

    /** What waits goes now. */
    void hurry() {
        urgent = true;
    }

    /** Nothing is to be told. */
    boolean isEmpty() {
        return count == 0 && !urgent;
    }

    /**
     * When it is due at the latest; {@link SendBuffer#NEVER} when nothing waits. In a steady stream what arrives next is looked at before
     * any timer, which then is for its end alone and not worth its wake-ups.
     */
    long deadline() {
        return count == 0 && !urgent
                ? SendBuffer.NEVER
                : lastSent + delayNanos * (factor() == 1 ? 1 : STEADY_DEADLINE_FACTOR);
    }

    Acknowledgement take(CircuitId circuitId, int flags, long storedBytes, long now) {
        if (!urgent && bytes < MAX_WAITING_BYTES / 2) {
            // It was the time that made it due.
            steadyBytes = 0;
        }
        lastSent = now;
        lastAdvertised = storedBytes;
        Acknowledgement ack = Acknowledgement.of(
                circuitId,
                flags,
                Math.min(storedBytes, Acknowledgement.UNKNOWN_BUFFER),
                count == 0 ? 0 : stamp,
                Arrays.copyOf(sequences, count));
        count = 0;
        bytes = 0;
        urgent = false;
        if (sequences.length > 4 * MAX_WAITING) {
            sequences = new int[MAX_WAITING];
        }
        return ack;
    }

    /** The fabric did not take it: its sequences wait for the next. */
    void giveBack(Acknowledgement ack) {
        urgent = true;
        for (int sequence : ack.sequences()) {
            add(sequence, ack.rttStamp(), 0, true);
        }
    }
}
