package io.zitipekko.transport.xgress.end;

import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/** Time as a circuit's end sees it. One is shared by all ends of a process; an idle circuit has nothing scheduled in it. */
public interface CircuitTimer {
    /** Monotonic nanoseconds. */
    long nanoTime();

    /** Unix milliseconds, for the stamps that travel. */
    long epochMillis();

    /** Runs {@code task}, which is short and does not block, once after this delay, on any thread. */
    Scheduled schedule(long delayNanos, Runnable task);

    /** Something that was scheduled. */
    interface Scheduled {
        /** Forgets the task if it has not begun. */
        void cancel();
    }

    /**
     * An executor for {@link #on}: one daemon thread of this name, which is started with the first task. Once it is shut down, tasks are
     * dropped: circuits may end after it.
     */
    static ScheduledExecutorService thread(String name) {
        ScheduledThreadPoolExecutor executor = new ScheduledThreadPoolExecutor(1, task -> {
            Thread t = new Thread(task, name);
            t.setDaemon(true);
            return t;
        });
        executor.setRemoveOnCancelPolicy(true);
        executor.setRejectedExecutionHandler(new ThreadPoolExecutor.DiscardPolicy());
        return executor;
    }

    /** Real time, with tasks on this executor (one thread is enough; its remove-on-cancel policy should be on). */
    static CircuitTimer on(ScheduledExecutorService executor) {
        return new CircuitTimer() {
            @Override
            public long nanoTime() {
                return System.nanoTime();
            }

            @Override
            public long epochMillis() {
                return System.currentTimeMillis();
            }

            @Override
            public Scheduled schedule(long delayNanos, Runnable task) {
                Future<?> scheduled = executor.schedule(task, delayNanos, TimeUnit.NANOSECONDS);
                return () -> scheduled.cancel(false);
            }
        };
    }
}
