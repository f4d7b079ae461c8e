package io.zitipekko.transport.xgress.end;

import io.zitipekko.transport.xgress.Payload;

/** What a circuit's end hands to its local side, in this order: any number of Data, at most one Finished, one Closed. */
public sealed interface Delivery {
    /** Content, in order, exactly once; its body is never empty. Headers 0 (trace) and 0x10 (edge flags) come along. */
    record Data(Payload payload) implements Delivery {}

    /**
     * The peer sends no more (half-close): shut down the local write side, keep reading from it.
     *
     * @param takesNoMore the peer had said before that it takes nothing either: it has closed, and the Closed follows
     */
    record Finished(boolean takesNoMore) implements Delivery {}

    /** The circuit is over; nothing follows. Without a Finished before it the peer's data may be cut off. */
    record Closed(CircuitClosed how) implements Delivery {}
}
