package io.zitipekko.actors.router.forwarder;

import java.util.concurrent.atomic.LongAdder;

/** What the data plane counts; cheap enough to be counted per message. */
public final class ForwarderCounters {
    final LongAdder messages = new LongAdder();
    final LongAdder payloadBytes = new LongAdder();
    final LongAdder broken = new LongAdder();
    final LongAdder malformed = new LongAdder();
    final LongAdder held = new LongAdder();
    final LongAdder dropped = new LongAdder();

    /** Messages handed to their next destination. */
    public long messages() {
        return messages.sum();
    }

    /** Bodies of the payloads among them. */
    public long payloadBytes() {
        return payloadBytes.sum();
    }

    /** Messages that had no way on. */
    public long broken() {
        return broken.sum();
    }

    /** Messages that were none of the data plane's. */
    public long malformed() {
        return malformed.sum();
    }

    /** Transit payloads that had to wait for room. */
    public long held() {
        return held.sum();
    }

    /** Messages dropped for want of room. */
    public long dropped() {
        return dropped.sum();
    }

    /** One more was dropped, at a destination that had taken it. */
    public void countDropped() {
        dropped.increment();
    }
}
