package io.zitipekko.transport.channel.group;

import io.zitipekko.transport.channel.Message;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeoutException;
import org.apache.pekko.actor.Cancellable;
import org.apache.pekko.actor.ClassicActorSystemProvider;
import org.jspecify.annotations.Nullable;

/** Who waits for the reply to which sequence. An entry goes with its reply, its time-out, or the channel. */
final class PendingReplies {
    private final ClassicActorSystemProvider system;
    private final ConcurrentHashMap<Integer, Waiter> waiting = new ConcurrentHashMap<>();

    PendingReplies(ClassicActorSystemProvider system) {
        this.system = system;
    }

    /** Registers before the request is queued, so that no reply can come too early. */
    CompletionStage<Message> expect(int sequence, int contentType, Duration timeout) {
        Waiter waiter = new Waiter();
        waiting.put(sequence, waiter);
        waiter.timer = system.classicSystem()
                .scheduler()
                .scheduleOnce(
                        timeout,
                        () -> fail(
                                sequence,
                                new TimeoutException("no reply within " + timeout + " to the request of type "
                                        + contentType + " (sequence " + sequence + ")")),
                        system.classicSystem().dispatcher());
        if (waiter.isDone()) {
            waiter.timer.cancel();
        }
        return waiter;
    }

    /** Hands over a reply; false when nobody waits for it. */
    boolean complete(int sequence, Message reply) {
        Waiter waiter = waiting.isEmpty() ? null : waiting.remove(sequence);
        if (waiter == null) {
            return false;
        }
        waiter.cancelTimer();
        waiter.complete(reply);
        return true;
    }

    void fail(int sequence, Throwable cause) {
        Waiter waiter = waiting.remove(sequence);
        if (waiter != null) {
            waiter.cancelTimer();
            waiter.completeExceptionally(cause);
        }
    }

    void failAll(Throwable cause) {
        waiting.keySet().forEach(sequence -> fail(sequence, cause));
    }

    int size() {
        return waiting.size();
    }

    private static final class Waiter extends CompletableFuture<Message> {
        private volatile @Nullable Cancellable timer;

        void cancelTimer() {
            Cancellable running = timer;
            if (running != null) {
                running.cancel();
            }
        }
    }
}
