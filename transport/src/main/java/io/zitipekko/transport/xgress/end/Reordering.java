package io.zitipekko.transport.xgress.end;

/**
 * By how much payloads overtake each other on the path without a loss, in nanoseconds between the times at which they left. Between
 * routers they travel on several TCP connections, of which one may be behind the others by more than a round trip. Not thread-safe.
 */
final class Reordering {
    /** Tolerated before anything was learned. */
    private static final long LEAST = 10_000_000L;

    /** What was seen counts for one to two of these: paths change. */
    private static final long SPAN = 2_000_000_000L;

    private long greatest;
    private long greatestBefore;
    private long spanEnd;
    private boolean begun;
    // Of payloads of two copies, since the window has shrunk last.
    private long perhaps;

    /** A payload of one copy was acknowledged after one that left at {@code latest}. */
    void overtaken(long latest, long left, long now) {
        if (!begun || now - spanEnd >= 0) {
            begun = true;
            greatestBefore = now - spanEnd < SPAN ? greatest : 0;
            greatest = 0;
            spanEnd = now + SPAN;
        }
        if (latest > left) {
            greatest = Math.max(greatest, latest - left);
        }
    }

    /** Payloads are given up, and what was thought of earlier ones is settled. */
    void suspect() {
        perhaps = 0;
    }

    /** As {@link #overtaken}, of the payload's first copy; it may have been the second that has arrived. */
    void perhapsOvertaken(long latest, long left) {
        if (latest > left) {
            perhaps = Math.max(perhaps, latest - left);
        }
    }

    /** It was the first. */
    void wasNoLoss() {
        greatest = Math.max(greatest, perhaps);
        perhaps = 0;
    }

    /**
     * How much earlier than an acknowledged payload another must have left to be taken for lost: a quarter of the round trip, or a quarter more than
     * has lately been seen. Below half of the retransmission time, or what is lost would be found by that alone.
     */
    long tolerated(RttEstimator rtt) {
        long seen = Math.max(greatest, greatestBefore);
        return Math.max(Math.max(LEAST, rtt.smoothed() / 4), Math.min(seen + seen / 4, rtt.timeout(0) / 2));
    }
}
