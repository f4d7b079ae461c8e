package io.zitipekko.transport.xgress.end;

import java.util.Comparator;
import java.util.PriorityQueue;

/** Time that passes only when nothing is left to do now. Single-threaded. */
final class SimulatedTime implements CircuitTimer {
    private record Task(long at, long order, Runnable action, boolean[] cancelled) {}

    private final PriorityQueue<Task> tasks =
            new PriorityQueue<>(Comparator.comparingLong(Task::at).thenComparingLong(Task::order));
    private long now = 1_000_000_000L;
    private long order;

    @Override
    public long nanoTime() {
        return now;
    }

    @Override
    public long epochMillis() {
        return 1_700_000_000_000L + now / 1_000_000;
    }

    @Override
    public Scheduled schedule(long delayNanos, Runnable task) {
        boolean[] cancelled = new boolean[1];
        tasks.add(new Task(now + delayNanos, order++, task, cancelled));
        return () -> cancelled[0] = true;
    }

    /** Runs the next task; false when there is none. */
    boolean step() {
        Task task = tasks.poll();
        if (task == null) {
            return false;
        }
        now = Math.max(now, task.at);
        if (!task.cancelled[0]) {
            task.action.run();
        }
        return true;
    }

    void advance(long nanos) {
        long until = now + nanos;
        while (!tasks.isEmpty() && tasks.peek().at <= until) {
            step();
        }
        now = until;
    }

    void runAll() {
        for (int i = 0; step(); i++) {
            if (i > 5_000_000) {
                throw new AssertionError("does not come to rest");
            }
        }
    }

    boolean isIdle() {
        return tasks.stream().allMatch(t -> t.cancelled[0]);
    }
}
