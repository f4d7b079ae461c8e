package io.zitipekko.transport.xgress.end;

import org.jspecify.annotations.Nullable;

/**
 * Keeps a task scheduled for a state's next deadline, at most one. A task that comes too early costs little: it looks, and is set anew;
 * so acknowledgements that push the deadline out do not touch the timer. The lock is not held while the timer is called.
 */
final class Alarm {
    private final CircuitTimer timer;
    private final Object lock;
    private final CircuitState state;
    private final Runnable task;

    // Guarded by lock.
    private long at = SendBuffer.NEVER;
    private CircuitTimer.@Nullable Scheduled scheduled;

    /** @param lock what guards the state */
    Alarm(CircuitTimer timer, Object lock, CircuitState state, Runnable task) {
        this.timer = timer;
        this.lock = lock;
        this.state = state;
        this.task = task;
    }

    /** Sets the task to the deadline that the state has now. Called without the lock. */
    void settle() {
        long wanted;
        long delay;
        CircuitTimer.Scheduled obsolete;
        synchronized (lock) {
            wanted = state.nextDeadline();
            // Only a closed circuit takes its task back, so that the timer does not hold on to it.
            boolean useless = wanted == SendBuffer.NEVER && state.isClosed() && scheduled != null;
            if (wanted >= at && !useless) {
                return;
            }
            obsolete = scheduled;
            scheduled = null;
            at = wanted;
            delay = Math.max(0, wanted - timer.nanoTime());
        }
        if (obsolete != null) {
            obsolete.cancel();
        }
        if (wanted == SendBuffer.NEVER) {
            return;
        }
        CircuitTimer.Scheduled fresh = timer.schedule(delay, () -> fire(wanted));
        synchronized (lock) {
            if (at == wanted && scheduled == null) {
                scheduled = fresh;
            }
        }
    }

    private void fire(long deadline) {
        synchronized (lock) {
            if (at == deadline) {
                at = SendBuffer.NEVER;
                scheduled = null;
            }
        }
        task.run();
    }
}
