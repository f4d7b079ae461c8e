package io.zitipekko.actors.log;

import io.zitipekko.actors.model.Model.Commit;
import io.zitipekko.actors.model.ModelException;
import io.zitipekko.actors.model.Proposal;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/** The proposals that this node waits for. They are answered on {@code executor}, never on the thread that applies the log. */
final class PendingCalls {
    /** More waiting proposals than this are refused: the log is not keeping up. */
    private static final int LIMIT = 20_000;

    private final Map<CallId, Waiting> waiting = new ConcurrentHashMap<>();
    private final AtomicLong numbers = new AtomicLong();
    private final long origin;
    private final Executor executor;

    PendingCalls(long origin, Executor executor) {
        this.origin = origin;
        this.executor = executor;
    }

    /** A proposal and who waits for it. */
    record Waiting(CallId call, Proposal proposal, CompletableFuture<Commit> commit) {}

    /** @throws ModelException {@code OVERLOADED} */
    Waiting register(Proposal proposal) {
        if (waiting.size() >= LIMIT) {
            throw new ModelException(
                    ModelException.Kind.OVERLOADED, LIMIT + " changes wait already: try again in a moment");
        }
        CallId call = new CallId(origin, numbers.incrementAndGet());
        Waiting entry = new Waiting(call, proposal, new CompletableFuture<>());
        waiting.put(call, entry);
        return entry;
    }

    @Nullable
    Waiting get(CallId call) {
        return waiting.get(call);
    }

    List<Waiting> all() {
        return List.copyOf(waiting.values());
    }

    void complete(CallId call, Commit commit) {
        // Calls of other nodes are the many: look before taking.
        if (call.origin() == origin) {
            Waiting entry = waiting.remove(call);
            if (entry != null) {
                entry.commit().completeAsync(() -> commit, executor);
            }
        }
    }

    void fail(CallId call, ModelException reason) {
        Waiting entry = waiting.remove(call);
        if (entry != null) {
            executor.execute(() -> entry.commit().completeExceptionally(reason));
        }
    }
}
