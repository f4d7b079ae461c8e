package io.zitipekko.bench;

import java.time.Duration;

/**
 * How long and how much.
 *
 * @param rounds counted rounds of each figure
 * @param warmup before the first figure of each bench; figures after it warm up for a fifth of it
 * @param round length of a round that counts operations in a time
 * @param bytes moved in a round, all circuits together
 * @param services in the model, for lists
 * @param identities likewise
 * @param writes entities that a round creates or binds
 * @param circuits that are open beside what is measured
 * @param victims how often each kind of revocation is measured
 */
public record Sizes(
        int rounds,
        Duration warmup,
        Duration round,
        long bytes,
        int services,
        int identities,
        int writes,
        int circuits,
        int victims) {
    /** For figures that mean something. */
    public static final Sizes FULL =
            new Sizes(5, Duration.ofSeconds(10), Duration.ofSeconds(2), 256_000_000, 10_000, 10_000, 1_000, 1_000, 40);

    /** For a proof that every figure can be taken, in seconds. */
    public static final Sizes QUICK =
            new Sizes(2, Duration.ofMillis(200), Duration.ofMillis(300), 8_000_000, 1_000, 500, 50, 20, 2);

    public Sizes {
        if (services < 1_000 || identities < 200 || writes < 1 || circuits < 1 || victims < 1) {
            throw new IllegalArgumentException("sizes: " + services + " services, " + identities + " identities, "
                    + writes + " writes, " + circuits + " circuits, " + victims
                    + " victims (expected: 1000 services, 200 identities, 1 of the others at least)");
        }
        if (rounds < 1 || bytes < 1 || round.isNegative() || round.isZero() || warmup.isNegative()) {
            throw new IllegalArgumentException("sizes: " + rounds + " rounds of " + round + " or " + bytes
                    + " bytes after " + warmup + " (expected: all above 0)");
        }
    }

    public Duration laterWarmup() {
        return warmup.dividedBy(5);
    }
}
