package io.zitipekko.bench;

import java.time.Duration;

/**
 * How long and how much.
 *
 * @param rounds counted rounds of each figure
 * @param warmup before the first figure of each bench; figures after it warm up for a fifth of it
 * @param round length of a round that counts operations in a time
 * @param bytes moved in a round, all circuits together
 */
public record Sizes(int rounds, Duration warmup, Duration round, long bytes) {
    /** For figures that mean something. */
    public static final Sizes FULL = new Sizes(5, Duration.ofSeconds(10), Duration.ofSeconds(2), 256_000_000);

    /** For a proof that every figure can be taken, in seconds. */
    public static final Sizes QUICK = new Sizes(2, Duration.ofMillis(300), Duration.ofMillis(300), 8_000_000);

    public Sizes {
        if (rounds < 1 || bytes < 1 || round.isNegative() || round.isZero() || warmup.isNegative()) {
            throw new IllegalArgumentException("sizes: " + rounds + " rounds of " + round + " or " + bytes
                    + " bytes after " + warmup + " (expected: all above 0)");
        }
    }

    public Duration laterWarmup() {
        return warmup.dividedBy(5);
    }
}
