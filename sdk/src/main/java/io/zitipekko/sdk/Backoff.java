package io.zitipekko.sdk;

import java.time.Duration;
import java.util.concurrent.ThreadLocalRandom;

/** Pauses between attempts: doubling from a least to a most, each shortened by a random part so that many clients do not step together. */
public final class Backoff {
    private final Duration min;
    private final Duration max;
    private int attempts;

    public Backoff(Duration min, Duration max) {
        this.min = min;
        this.max = max;
    }

    /** The pause before the next attempt. */
    public synchronized Duration next() {
        long full = Math.min(max.toMillis(), min.toMillis() << Math.min(attempts, 20));
        attempts++;
        return Duration.ofMillis(
                Math.max(1, full / 2 + ThreadLocalRandom.current().nextLong(full / 2 + 1)));
    }

    /** An attempt succeeded. */
    public synchronized void reset() {
        attempts = 0;
    }
}
