package io.zitipekko.command.run;

import io.zitipekko.command.CommandFailure;
import io.zitipekko.node.NodeException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/** Runs asynchronous work from the command line's thread, and keeps a node there until it is told to stop. */
public final class Foreground {
    private static final Duration LONGEST_STOP = Duration.ofSeconds(9);

    private Foreground() {}

    /** Waits for work. @throws CommandFailure with the cause's one line when it failed */
    public static <T> T await(CompletionStage<T> work) {
        try {
            return work.toCompletableFuture().join();
        } catch (CompletionException e) {
            Throwable cause = NodeException.unwrapped(e);
            throw new CommandFailure(NodeException.rootMessage(cause), cause);
        }
    }

    /** Blocks until SIGTERM or SIGINT, then stops what runs. Returns the exit code. */
    public static int untilStopped(Supplier<? extends CompletionStage<?>> stop) {
        return untilStopped(stop, new CompletableFuture<Void>());
    }

    /** The same, or until what runs has ended by itself, which is a failure. */
    public static int untilStopped(Supplier<? extends CompletionStage<?>> stop, CompletionStage<?> ended) {
        CountDownLatch over = new CountDownLatch(1);
        Thread hook = new Thread(
                () -> {
                    try {
                        stop.get().toCompletableFuture().get(LONGEST_STOP.toMillis(), TimeUnit.MILLISECONDS);
                    } catch (InterruptedException e) {
                        Thread.currentThread().interrupt();
                    } catch (Exception e) {
                        System.err.println(
                                "ziti-pekko: not everything stopped cleanly: " + NodeException.rootMessage(e));
                    } finally {
                        over.countDown();
                    }
                },
                "stop");
        Runtime.getRuntime().addShutdownHook(hook);
        ended.whenComplete((v, failure) -> over.countDown());
        try {
            over.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        return ended.toCompletableFuture().isDone() ? 1 : 0;
    }
}
