package io.zitipekko.transport.eventloop;

import com.typesafe.config.Config;
import java.time.Duration;

/**
 * How an event loop shares its thread.
 *
 * @param fallbackThreads threads for tasks that no selector's thread submits
 * @param maxRun tasks run in a row before the rest is handed to the fallback threads
 * @param maxTime time after which likewise
 */
record EventLoopSettings(int fallbackThreads, int maxRun, Duration maxTime) {
    EventLoopSettings {
        if (fallbackThreads < 1) {
            throw new IllegalArgumentException("fallback-threads: " + fallbackThreads + " (expected: >= 1)");
        }
        if (maxRun < 1) {
            throw new IllegalArgumentException("max-run: " + maxRun + " (expected: >= 1)");
        }
        if (maxTime.isNegative() || maxTime.isZero()) {
            throw new IllegalArgumentException("max-time: " + maxTime + " (expected: > 0)");
        }
    }

    /** Reads the dispatcher's block; 0 fallback threads means one per processor. */
    static EventLoopSettings of(Config config) {
        int threads = config.getInt("fallback-threads");
        return new EventLoopSettings(
                threads == 0 ? Runtime.getRuntime().availableProcessors() : threads,
                config.getInt("max-run"),
                config.getDuration("max-time"));
    }
}
