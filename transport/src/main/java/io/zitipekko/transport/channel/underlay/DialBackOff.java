package io.zitipekko.transport.channel.underlay;

import java.time.Duration;

/**
 * When the next underlay of one channel may be dialed (protocol/01 section 10). Failures count per channel, not per type. Not
 * thread-safe; time is given, so that nothing here waits.
 */
final class DialBackOff {
    private static final Duration BASE = Duration.ofSeconds(2);
    private static final Duration MAX = Duration.ofSeconds(60);
    private static final int MAX_DOUBLINGS = 6;

    private final long stableNanos;
    private final long gapNanos;
    private int failures;
    private long lastDial;
    private long lastSuccess;
    private boolean dialed;

    /**
     * @param stableAfter an underlay that lives shorter counts as a failure; zero for never
     * @param gap least time between two dials
     */
    DialBackOff(Duration stableAfter, Duration gap) {
        this.stableNanos = stableAfter.toNanos();
        this.gapNanos = gap.toNanos();
    }

    /** How long to wait before a dial, counted from now. */
    Duration delay(long nowNanos) {
        if (failures > 0 && stableNanos > 0 && lastSuccess != 0 && nowNanos - lastSuccess > stableNanos) {
            failures = 0;
        }
        long backOff =
                failures == 0 ? 0 : Math.min(MAX.toNanos(), BASE.toNanos() << Math.min(failures - 1, MAX_DOUBLINGS));
        long gap = dialed ? Math.max(0, gapNanos - (nowNanos - lastDial)) : 0;
        return Duration.ofNanos(Math.max(backOff, gap));
    }

    void dialing(long nowNanos) {
        dialed = true;
        lastDial = nowNanos;
    }

    void succeeded(long nowNanos) {
        lastSuccess = nowNanos;
        if (stableNanos == 0) {
            failures = 0;
        }
    }

    void failed() {
        failures++;
        lastSuccess = 0;
    }

    /** An underlay that was up since then has ended. */
    void lost(long upSinceNanos, long nowNanos) {
        if (stableNanos > 0 && nowNanos - upSinceNanos < stableNanos) {
            failed();
        } else {
            failures = 0;
        }
    }
}
