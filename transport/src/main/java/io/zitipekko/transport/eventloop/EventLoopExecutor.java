package io.zitipekko.transport.eventloop;

import java.util.ArrayDeque;
import java.util.List;
import java.util.concurrent.AbstractExecutorService;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import scala.util.control.NonFatal;

/**
 * Runs tasks where they are submitted, one after the other, instead of waking another thread for each.
 *
 * <pre>
 *   selector thread ---execute---> runs now; what it submits meanwhile queues behind it   (trampoline)
 *   any other thread --execute---> fallback thread, which trampolines likewise
 *   after max-run tasks or max-time: the rest of the queue ------------> fallback threads
 * </pre>
 *
 * The last rule lets a busy selector return to its sockets. Order among tasks is not promised, as with any executor; Pekko
 * itself sees to it that one actor runs on one thread at a time. Tasks must not block.
 *
 * <p>A task that throws is reported to its thread's uncaught-exception handler, which is the actor system's, and the loop
 * goes on; a fatal error is thrown on, after the tasks behind it have been handed to the fallback threads.
 */
final class EventLoopExecutor extends AbstractExecutorService {
    private static final long IDLE_SECONDS = 60;

    private final ThreadPoolExecutor fallback;
    private final int maxRun;
    private final long maxNanos;
    private final ThreadLocal<Loop> loops = ThreadLocal.withInitial(Loop::ofCurrentThread);

    EventLoopExecutor(ThreadFactory threads, EventLoopSettings settings) {
        fallback = new ThreadPoolExecutor(
                settings.fallbackThreads(),
                settings.fallbackThreads(),
                IDLE_SECONDS,
                TimeUnit.SECONDS,
                new LinkedBlockingQueue<>(),
                threads);
        fallback.allowCoreThreadTimeOut(true);
        maxRun = settings.maxRun();
        maxNanos = settings.maxTime().toNanos();
    }

    @Override
    public void execute(Runnable task) {
        Loop loop = loops.get();
        if (loop.running) {
            loop.queue.add(task);
        } else if (loop.onSelectorThread) {
            if (fallback.isShutdown()) {
                throw new RejectedExecutionException("event loop is shut down");
            }
            run(loop, task);
        } else {
            fallback.execute(() -> run(loops.get(), task));
        }
    }

    private void run(Loop loop, Runnable first) {
        loop.running = true;
        long start = System.nanoTime();
        int done = 0;
        @Nullable Runnable task = first;
        try {
            while (task != null) {
                runReporting(task);
                done++;
                if (!loop.queue.isEmpty() && (done >= maxRun || System.nanoTime() - start >= maxNanos)) {
                    return;
                }
                task = loop.queue.poll();
            }
        } finally {
            loop.running = false;
            handOver(loop);
        }
    }

    /** The tasks left over run one by one on the fallback threads, so that all of these may take a share. */
    private void handOver(Loop loop) {
        Runnable task;
        while ((task = loop.queue.poll()) != null) {
            Runnable left = task;
            fallback.execute(() -> run(loops.get(), left));
        }
    }

    private static void runReporting(Runnable task) {
        try {
            task.run();
        } catch (Throwable failure) {
            if (!NonFatal.apply(failure)) {
                throw failure;
            }
            Thread thread = Thread.currentThread();
            thread.getUncaughtExceptionHandler().uncaughtException(thread, failure);
        }
    }

    @Override
    public void shutdown() {
        fallback.shutdown();
    }

    @Override
    public List<Runnable> shutdownNow() {
        return fallback.shutdownNow();
    }

    @Override
    public boolean isShutdown() {
        return fallback.isShutdown();
    }

    @Override
    public boolean isTerminated() {
        return fallback.isTerminated();
    }

    @Override
    public boolean awaitTermination(long timeout, TimeUnit unit) throws InterruptedException {
        return fallback.awaitTermination(timeout, unit);
    }

    /** What one thread is doing for one executor. Touched by that thread only. */
    private static final class Loop {
        final boolean onSelectorThread;
        final ArrayDeque<Runnable> queue = new ArrayDeque<>();
        boolean running;

        private Loop(boolean onSelectorThread) {
            this.onSelectorThread = onSelectorThread;
        }

        static Loop ofCurrentThread() {
            return new Loop(Thread.currentThread().getName().contains(EventLoopConfigurator.SELECTOR_DISPATCHER));
        }
    }
}
