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

    private final long start;
    private final long min;
    private final long max;
    private long smoothed;
    private long variation;

    RttEstimator(XgressOptions options) {
        this.start = options.retransmitStart().toNanos();
        this.min = options.retransmitMin().toNanos();
        this.max = options.retransmitMax().toNanos();
    }

    void sample(long nanos) {
        if (nanos < 0 || nanos > ABSURD_NANOS) {
            return;
        }
        if (smoothed == 0) {
            smoothed = Math.max(1, nanos);
            variation = nanos / 2;
        } else {
            variation += (Math.abs(smoothed - nanos) - variation) / 4;
            smoothed = Math.max(1, smoothed + (nanos - smoothed) / 8);
        }
    }

    /** Nanoseconds; 0 before the first sample. */
    long smoothed() {
        return smoothed;
    }

    /** How much earlier than an acknowledged payload another must have left to be taken for lost, not for overtaken. */
    long reorderWindow() {
        return Math.max(10_000_000L, smoothed / 4);
    }

    /** The retransmission time after {@code backoff} time-outs in a row without an acknowledgement. */
    long timeout(int backoff) {
        long base = smoothed == 0 ? start : smoothed + 4 * variation;
        return Math.min(max, Math.max(min, base) << Math.min(backoff, 16));
    }
}
