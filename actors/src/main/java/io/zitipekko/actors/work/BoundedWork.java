package io.zitipekko.actors.work;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.concurrent.Semaphore;
import java.util.function.Supplier;

/** Hands expensive work to threads of its own, and refuses at once when too much is waiting: an open door for nobody. Thread-safe. */
public final class BoundedWork {
    private final Executor executor;
    private final Semaphore places;
    private final String what;

    /**
     * @param executor where the work runs
     * @param places how much may run and wait together
     * @param what names the work in the refusal
     */
    public BoundedWork(Executor executor, int places, String what) {
        this.executor = executor;
        this.places = new Semaphore(places);
        this.what = what;
    }

    /** Runs the work; the stage fails with {@link Overloaded} when there is no place for it, and with whatever the work throws. */
    public <T> CompletionStage<T> run(Supplier<T> work) {
        if (!places.tryAcquire()) {
            return CompletableFuture.failedFuture(new Overloaded(what));
        }
        CompletableFuture<T> done = new CompletableFuture<>();
        try {
            executor.execute(() -> {
                try {
                    done.complete(work.get());
                } catch (Throwable e) {
                    done.completeExceptionally(e);
                } finally {
                    places.release();
                }
            });
        } catch (RuntimeException e) {
            places.release();
            done.completeExceptionally(e);
        }
        return done;
    }

    /** What a stage failed with, without the wrapping that stages put around it. */
    public static Throwable cause(Throwable failure) {
        Throwable cause = failure;
        while (cause instanceof CompletionException && cause.getCause() != null) {
            cause = cause.getCause();
        }
        return cause;
    }

    /** No place is free: 429, later. Has no stack trace: it is an answer, not a fault. */
    public static final class Overloaded extends RuntimeException {
        private static final long serialVersionUID = 1L;

        Overloaded(String what) {
            super("too much " + what + " is under way: try again later", null, false, false);
        }
    }
}
