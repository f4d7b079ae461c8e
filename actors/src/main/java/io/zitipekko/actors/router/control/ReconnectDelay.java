package io.zitipekko.actors.router.control;

import java.time.Duration;
import java.util.function.DoubleSupplier;

/**
 * When a lost controller is dialed again. A controller that is restarted is back within seconds, and no circuit can be opened until its
 * routers are back too: for the first half minute it is asked again and again, which costs a refused connection each time. After
 * that it is away for longer, and is asked ever more rarely. All delays are spread by half, so that the routers of a network do not come at
 * the same moment. Not thread-safe; time is given, so that nothing here waits.
 */
final class ReconnectDelay {
    private static final Duration FIRST = Duration.ofMillis(50);
    private static final Duration LONGEST_WHILE_EAGER = Duration.ofMillis(250);
    private static final Duration EAGER = Duration.ofSeconds(30);
    private static final Duration LONGEST = Duration.ofMinutes(5);
    private static final double GROWTH = 1.5;

    /** A channel that lived shorter was not wanted: its controller is not to be asked again at once. */
    private static final Duration SHORT_LIFE = Duration.ofSeconds(10);

    private static final Duration AFTER_SHORT_LIFE = Duration.ofSeconds(1);

    private final DoubleSupplier random;
    private Duration next = FIRST;
    private long openedAt;
    private long awaySince;
    private boolean away;

    /** @param random from 0 to below 1 */
    ReconnectDelay(DoubleSupplier random) {
        this.random = random;
    }

    /** A channel was opened. */
    void opened(long nowNanos) {
        openedAt = nowNanos;
        next = FIRST;
        away = false;
    }

    /** How long to wait after a channel was lost. */
    Duration afterLoss(long nowNanos) {
        return spread(nowNanos - openedAt < SHORT_LIFE.toNanos() ? AFTER_SHORT_LIFE : FIRST);
    }

    /** How long to wait after a dial that failed. */
    Duration afterFailure(long nowNanos) {
        if (!away) {
            away = true;
            awaySince = nowNanos;
        }
        Duration longest = nowNanos - awaySince < EAGER.toNanos() ? LONGEST_WHILE_EAGER : LONGEST;
        Duration delay = shorter(next, longest);
        next = shorter(Duration.ofNanos((long) (delay.toNanos() * GROWTH)), LONGEST);
        return spread(delay);
    }

    private static Duration shorter(Duration a, Duration b) {
        return a.compareTo(b) < 0 ? a : b;
    }

    private Duration spread(Duration delay) {
        return Duration.ofNanos((long) (delay.toNanos() * (0.5 + random.getAsDouble())));
    }
}
