package io.zitipekko.transport.channel.underlay;

import java.util.concurrent.atomic.AtomicLong;

/** Numbers underlays within the process. */
final class UnderlayIds {
    private static final AtomicLong NEXT = new AtomicLong(1);

    private UnderlayIds() {}

    static long next() {
        return NEXT.getAndIncrement();
    }
}
