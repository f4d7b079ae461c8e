package io.zitipekko.transport.xgress.end;

import io.zitipekko.transport.xgress.Payload;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Puts payloads back in order and refuses what there is no room for (protocol/04 section 3.3). Counts the bytes that are stored:
 * out of order here, or in order and not yet taken by the local side ({@link #taken}). Not thread-safe.
 */
final class ReceiveBuffer {
    /** Most payloads stored in order, and most out of order, for empty ones take memory, too. */
    static final int MAX_STORED = 16_384;

    /** What became of an arrived payload. */
    enum Outcome {
        /** Next in order: {@link #nextInOrder} gives it, and perhaps more. Acknowledge. */
        IN_ORDER,
        /** Stored until the gap before it is filled. Acknowledge. */
        AHEAD,
        /** Had it. Acknowledge again. */
        DUPLICATE,
        /** No room, or absurdly far ahead. Do not acknowledge: the sender will send it again. */
        REFUSED
    }

    /** What a stored payload takes beside its body. */
    private static final int PAYLOAD_COST = 256;

    private final long limit;
    private final CircuitMemory.Part memory;
    private final TreeMap<Integer, Payload> ahead = new TreeMap<>();
    private @Nullable Payload arrived;
    private int expected;
    private int highest;
    private long storedBytes;
    private long aheadBytes;
    private int storedCount;

    ReceiveBuffer(int limitBytes, int firstSequence, CircuitMemory.Part memory) {
        this.limit = limitBytes;
        this.memory = memory;
        this.expected = firstSequence;
        this.highest = firstSequence - 1;
    }

    Outcome accept(Payload payload) {
        int sequence = payload.sequence();
        if (sequence < 0) {
            return Outcome.REFUSED;
        }
        if (sequence < expected || ahead.containsKey(sequence)) {
            return Outcome.DUPLICATE;
        }
        int size = payload.body().size();
        if (sequence == expected ? hasNoRoomInOrder(sequence) : hasNoRoomAhead(sequence, size)) {
            return Outcome.REFUSED;
        }
        boolean nothingWaits = sequence == expected && storedBytes == aheadBytes;
        if (!memory.take(size + PAYLOAD_COST, nothingWaits)) {
            return Outcome.REFUSED;
        }
        storedBytes += size;
        storedCount++;
        highest = Math.max(highest, sequence);
        Payload kept = nothingWaits ? payload : payload.compact();
        if (sequence == expected) {
            arrived = kept;
            return Outcome.IN_ORDER;
        }
        ahead.put(sequence, kept);
        aheadBytes += size;
        return Outcome.AHEAD;
    }

    // What is expected next is refused only for what the local side has not taken: else what waits behind it could
    // never leave.
    private boolean hasNoRoomInOrder(int sequence) {
        long waiting = sequence > highest ? storedBytes : storedBytes - aheadBytes;
        return waiting > limit || storedCount - ahead.size() >= MAX_STORED;
    }

    // Gaps below the highest are filled beyond the limit, but not without end.
    private boolean hasNoRoomAhead(int sequence, int size) {
        return (sequence > highest ? storedBytes > limit : storedBytes + size > 2 * limit)
                || ahead.size() >= MAX_STORED
                || sequence - expected > 4 * MAX_STORED;
    }

    /** The next payload in order, or null. It still counts as stored until {@link #taken}. */
    @Nullable
    Payload nextInOrder() {
        Payload next = arrived;
        if (next != null) {
            arrived = null;
        } else if (!ahead.isEmpty() && ahead.firstKey() == expected) {
            next = ahead.pollFirstEntry().getValue();
            aheadBytes -= next.body().size();
        } else {
            return null;
        }
        expected++;
        return next;
    }

    /** A payload in order has left for the local side, or was not meant for it. */
    void taken(int size) {
        storedBytes -= size;
        storedCount--;
        memory.give(size + PAYLOAD_COST);
    }

    /** The circuit is over: what is still to be taken counts for it no more. */
    void end() {
        clearAhead();
        memory.end();
    }

    /** The sequence to come has no successor: the circuit has to end. */
    boolean isExhausted() {
        return expected > Integer.MAX_VALUE - 16;
    }

    long storedBytes() {
        return storedBytes;
    }

    boolean hasGap() {
        return !ahead.isEmpty();
    }

    private void clearAhead() {
        for (Payload payload : ahead.values()) {
            taken(payload.body().size());
        }
        ahead.clear();
        aheadBytes = 0;
    }
}
