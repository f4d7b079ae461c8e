package io.zitipekko.actors.identity;

import java.security.SecureRandom;
import java.time.InstantSource;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Makes ids that sort by time: routers decide by them what is older than a snapshot (protocol/03 section 11). Form: {@code c}, nine characters
 * of time, four of a counter, eleven of chance, all base 36. They name, they do not prove: no secret.
 */
public final class TimeOrderedIds {
    private static final int COUNTER_MODULUS = 36 * 36 * 36 * 36;

    private final SecureRandom random = new SecureRandom();
    private final AtomicLong lastMillis = new AtomicLong();
    private final AtomicLong counter = new AtomicLong();
    private final InstantSource clock;

    public TimeOrderedIds(InstantSource clock) {
        this.clock = clock;
    }

    /** The next id; later than every earlier one of this process. */
    public String next() {
        long count = counter.getAndIncrement();
        // The counter turns over after 1.7 million ids; time then has moved on, or is made to.
        long millis = lastMillis.updateAndGet(
                last -> Math.max(clock.millis(), count != 0 && count % COUNTER_MODULUS == 0 ? last + 1 : last));
        return "c" + padded(millis, 9) + padded(count % COUNTER_MODULUS, 4)
                + padded(random.nextLong() & Long.MAX_VALUE, 13).substring(2);
    }

    private static String padded(long value, int width) {
        String digits = Long.toString(value, 36);
        return "0".repeat(Math.max(0, width - digits.length())) + digits;
    }
}
