package io.zitipekko.transport.xgress.end;

import io.zitipekko.transport.xgress.XgressOptions;

/**
 * Smoothed round-trip time and the retransmission time that follows from it, in the manner of
 * <a href="https://datatracker.ietf.org/doc/html/rfc6298">RFC 6298</a>. Samples come from own send times only: the stamps that travel
 * are taken by other clocks on the way (protocol/04 section 2.5). Not thread-safe.
 */
final class RttEstimator {
    /** A sample beyond this says more about a suspended machine than about the path. */
    private static final long ABSURD_NANOS = 60_000_000_000L;

    /** On an even path the variation vanishes, and an acknowledgement a little late would look like a loss. */
    private static final long LEAST_MARGIN = 20_000_000L;

    private static final long TOLERATED_QUEUE = 5_000_000L;
    private static final long LONG_QUEUE = 100_000_000L;
    private static final int SPAN = 1 << 16;

    private final long start;
    private final long min;
    private final long max;
    private long smoothed;
    // Moves with each sample, of which a round trip may bring many; the greatest of a round trip is what counts.
    private long deviation;
    private long greatestDeviation;
    private long variation;
    private long roundEnd;
    // Of this span of samples and of the one before: a path may change.
    private long least = Long.MAX_VALUE;
    private long leastBefore = Long.MAX_VALUE;
    private int samples;
    private long last;

    RttEstimator(XgressOptions options) {
        this.start = options.retransmitStart().toNanos();
        this.min = options.retransmitMin().toNanos();
        this.max = options.retransmitMax().toNanos();
    }

    /** @param now when the acknowledgement came */
    void sample(long nanos, long now) {
        if (nanos < 0 || nanos > ABSURD_NANOS) {
            return;
        }
        least = Math.min(least, nanos);
        if (++samples == SPAN) {
            leastBefore = least;
            least = Long.MAX_VALUE;
            samples = 0;
        }
        last = nanos;
        if (smoothed == 0) {
            smoothed = Math.max(1, nanos);
            deviation = nanos / 2;
            variation = deviation;
            roundEnd = now + smoothed;
        } else {
            deviation += (Math.abs(smoothed - nanos) - deviation) / 4;
            smoothed = Math.max(1, smoothed + (nanos - smoothed) / 8);
            vary(now);
        }
    }

    /**
     * The variation grows at once, and falls by a quarter of the difference in a round trip: it would otherwise be forgotten within one, of which
     * a stream makes many samples.
     */
    private void vary(long now) {
        greatestDeviation = Math.max(greatestDeviation, deviation);
        variation = Math.max(variation, deviation);
        if (now - roundEnd >= 0) {
            variation -= (variation - greatestDeviation) / 4;
            greatestDeviation = 0;
            roundEnd = now + smoothed;
        }
    }

    /** Nanoseconds; 0 before the first sample. */
    long smoothed() {
        return smoothed;
    }

    /**
     * Whether what was acknowledged last has spent a good part of its time in queues: more in flight would not arrive sooner. The last one
     * tells, not the mean, for a link that repairs a loss holds up what is behind it now and then.
     */
    boolean isQueueing() {
        long shortest = Math.min(least, leastBefore);
        return last - shortest > shortest / 4 + TOLERATED_QUEUE;
    }

    /**
     * Whether queues have held what was acknowledged lately for longer than the way itself takes twice, and a tenth of a second: a link that
     * repairs one loss after another does not.
     */
    boolean isQueueLong() {
        long shortest = Math.min(least, leastBefore);
        // Divided, not multiplied: the shortest is unknown, and as large as can be, after the path has failed.
        return (Math.min(last, smoothed) - LONG_QUEUE) / 3 > shortest;
    }

    /** The path has failed for a while, and may be another from now on. */
    void forgetLeast() {
        least = Long.MAX_VALUE;
        leastBefore = Long.MAX_VALUE;
        samples = 0;
    }

    /** The retransmission time after {@code backoff} time-outs in a row without an acknowledgement. */
    long timeout(int backoff) {
        long base = smoothed == 0 ? start : smoothed + Math.max(4 * variation, Math.max(smoothed, LEAST_MARGIN));
        return Math.min(max, Math.max(min, base) << Math.min(backoff, 16));
    }
}
