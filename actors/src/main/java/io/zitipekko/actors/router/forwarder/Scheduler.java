package io.zitipekko.actors.router.forwarder;

import java.time.Duration;

/** Runs something later, on a thread that must not be blocked. */
@FunctionalInterface
public interface Scheduler {
    void schedule(Duration delay, Runnable task);
}
