package io.zitipekko.transport.xgress.end;

import io.zitipekko.transport.xgress.Payload;
import io.zitipekko.transport.xgress.PayloadFlags;
import java.util.ArrayDeque;
import org.jspecify.annotations.Nullable;

/** The receiving direction of a circuit's end: order, meaning of flags, and what waits for the local side. Not thread-safe. */
final class Inbound {
    private final ReceiveBuffer buffer;
    private final ArrayDeque<Delivery> deliveries = new ArrayDeque<>();
    // Null until the peer's first payload: what it can do, 0 when it did not say.
    private @Nullable Integer peerCapabilities;
    private boolean takesNoMore;
    private boolean finishedQueued;
    private boolean endReceived;
    private boolean peerGone;
    private boolean discarding;

    Inbound(int limitBytes, int firstSequence, CircuitMemory.Part memory) {
        this.buffer = new ReceiveBuffer(limitBytes, firstSequence, memory);
    }

    ReceiveBuffer.Outcome accept(Payload payload) {
        return buffer.accept(payload);
    }

    /**
     * Takes in what is in order now.
     *
     * @return what the peer did wrong, or null
     */
    @Nullable
    String advance() {
        Payload payload;
        while ((payload = buffer.nextInOrder()) != null) {
            int size = payload.body().size();
            if (peerCapabilities == null) {
                peerCapabilities = payload.capabilities().orElse(0);
            }
            if (size == 0 || discarding) {
                buffer.taken(size);
            } else if (finishedQueued) {
                buffer.taken(size);
                return "payload " + payload.sequence() + " of " + size + " bytes after the end of the peer's data";
            } else {
                deliveries.add(new Delivery.Data(payload));
            }
            takesNoMore |= payload.has(PayloadFlags.WRITE_FAILED);
            boolean end = payload.has(PayloadFlags.EOF | PayloadFlags.CIRCUIT_END);
            // A peer that half-closes by EOF says End only when it is gone both ways: nothing reaches it any more.
            peerGone |= payload.has(PayloadFlags.CIRCUIT_END)
                    && PayloadFlags.has(peerCapabilities, PayloadFlags.CAPABILITY_EOF);
            if (!peerGone && (end || PayloadFlags.has(payload.edgeFlags(), PayloadFlags.EDGE_FIN))) {
                finish();
            }
            endReceived |= end;
        }
        return buffer.isExhausted() ? "the circuit's sequence numbers are used up" : null;
    }

    private void finish() {
        if (!finishedQueued && !discarding) {
            deliveries.add(new Delivery.Finished(takesNoMore));
        }
        finishedQueued = true;
    }

    /** What the peer can do is known early, from a payload that is not in order yet. */
    void capabilities(int capabilities) {
        if (peerCapabilities == null) {
            peerCapabilities = capabilities;
        }
    }

    /** Null as long as nothing came from the peer. */
    @Nullable
    Integer peerCapabilities() {
        return peerCapabilities;
    }

    @Nullable
    Delivery poll() {
        Delivery next = deliveries.poll();
        if (next instanceof Delivery.Data data) {
            buffer.taken(data.payload().body().size());
        }
        return next;
    }

    boolean hasDeliveries() {
        return !deliveries.isEmpty();
    }

    /** The peer's direction has ended for good, and the local side has taken all of it. */
    boolean isEnded() {
        return endReceived && deliveries.isEmpty();
    }

    /** The peer has closed the circuit. */
    boolean isPeerGone() {
        return peerGone;
    }

    boolean isEndReceived() {
        return endReceived;
    }

    /** The local side wants no more: what waits and what is to come is dropped. */
    void discard() {
        discarding = true;
        while (poll() != null) {
            // poll gives back the room that each took
        }
    }

    /** The last delivery. */
    void close(CircuitClosed how) {
        buffer.end();
        deliveries.add(new Delivery.Closed(how));
    }

    /** Drops all but the last delivery, which the local side did not come for. */
    void dropUntaken() {
        Delivery last = deliveries.pollLast();
        discard();
        if (last != null) {
            deliveries.add(last);
        }
    }

    long storedBytes() {
        return buffer.storedBytes();
    }

    boolean hasGap() {
        return buffer.hasGap();
    }
}
