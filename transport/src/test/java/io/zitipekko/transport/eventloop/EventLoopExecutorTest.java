package io.zitipekko.transport.eventloop;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class EventLoopExecutorTest {
    private final AtomicReference<Throwable> reported = new AtomicReference<>();
    private final EventLoopExecutor executor = new EventLoopExecutor(
            task -> {
                Thread thread = new Thread(task, "fallback");
                thread.setDaemon(true);
                thread.setUncaughtExceptionHandler((t, e) -> reported.set(e));
                return thread;
            },
            new EventLoopSettings(1, 4, Duration.ofSeconds(10)));

    @AfterEach
    void stop() {
        executor.shutdownNow();
    }

    /** Runs on a thread that the executor takes for a selector's. */
    private void onSelectorThread(Runnable body) throws Exception {
        CompletableFuture<Void> done = new CompletableFuture<>();
        Thread thread = new Thread(
                () -> {
                    try {
                        body.run();
                        done.complete(null);
                    } catch (Throwable e) {
                        done.completeExceptionally(e);
                    }
                },
                "system-" + EventLoopConfigurator.SELECTOR_DISPATCHER + "-1");
        thread.setUncaughtExceptionHandler((t, e) -> reported.set(e));
        thread.start();
        done.get(60, TimeUnit.SECONDS);
    }

    @Test
    void runsAtOnceOnASelectorThread() throws Exception {
        List<String> threads = new ArrayList<>();

        onSelectorThread(
                () -> executor.execute(() -> threads.add(Thread.currentThread().getName())));

        assertThat(threads).singleElement().asString().contains(EventLoopConfigurator.SELECTOR_DISPATCHER);
    }

    @Test
    void queuesWhatATaskSubmitsBehindIt() throws Exception {
        List<Integer> order = new ArrayList<>();

        onSelectorThread(() -> executor.execute(() -> {
            executor.execute(() -> order.add(2));
            executor.execute(() -> order.add(3));
            order.add(1);
        }));

        assertThat(order).containsExactly(1, 2, 3);
    }

    @Test
    void handsTheRestToTheFallbackThreadsAfterARun() throws Exception {
        List<String> threads = Collections.synchronizedList(new ArrayList<>());
        CountDownLatch all = new CountDownLatch(6);

        onSelectorThread(() -> executor.execute(() -> {
            for (int i = 0; i < 6; i++) {
                executor.execute(() -> {
                    threads.add(Thread.currentThread().getName());
                    all.countDown();
                });
            }
        }));

        assertThat(all.await(60, TimeUnit.SECONDS)).isTrue();
        assertThat(threads.stream().filter(name -> name.equals("fallback"))).hasSize(3);
    }

    @Test
    void runsWhatOtherThreadsSubmitOnAFallbackThread() throws Exception {
        CompletableFuture<String> thread = new CompletableFuture<>();

        executor.execute(() -> thread.complete(Thread.currentThread().getName()));

        assertThat(thread.get(60, TimeUnit.SECONDS)).isEqualTo("fallback");
    }

    @Test
    void reportsATaskThatThrowsAndGoesOn() throws Exception {
        List<Integer> order = new ArrayList<>();

        onSelectorThread(() -> executor.execute(() -> {
            executor.execute(() -> order.add(1));
            throw new IllegalStateException("on purpose");
        }));

        assertThat(reported.get()).hasMessage("on purpose");
        assertThat(order).containsExactly(1);
    }

    @Test
    void throwsAFatalErrorOnAndStillRunsTheRest() throws Exception {
        CompletableFuture<String> behind = new CompletableFuture<>();

        assertThatThrownBy(() -> onSelectorThread(() -> executor.execute(() -> {
                    executor.execute(
                            () -> behind.complete(Thread.currentThread().getName()));
                    throw new LinkageError("on purpose");
                })))
                .hasRootCauseInstanceOf(LinkageError.class);

        assertThat(behind.get(60, TimeUnit.SECONDS)).isEqualTo("fallback");
    }

    @Test
    void refusesTasksOnceShutDown() {
        executor.shutdown();

        assertThatThrownBy(() -> onSelectorThread(() -> executor.execute(() -> {})))
                .hasRootCauseInstanceOf(RejectedExecutionException.class);
        assertThatThrownBy(() -> executor.execute(() -> {})).isInstanceOf(RejectedExecutionException.class);
    }
}
