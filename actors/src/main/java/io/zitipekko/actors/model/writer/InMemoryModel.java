package io.zitipekko.actors.model.writer;

import io.zitipekko.actors.model.ChangeSet;
import io.zitipekko.actors.model.Model;
import io.zitipekko.actors.model.ModelView;
import io.zitipekko.actors.model.Proposal;
import io.zitipekko.actors.model.view.LatestState;
import io.zitipekko.actors.model.view.ModelState;
import java.util.Queue;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;

/**
 * A model with the writer's every rule and no log: nothing outlives it. For tests and tools. Thread-safe; a proposal is decided on the
 * caller's thread, or on that of whoever is deciding at that moment.
 */
public final class InMemoryModel implements Model {
    private final LatestState latest;
    private final Queue<Waiting> queue = new ConcurrentLinkedQueue<>();
    /** How many proposals wait; who raises it from zero drains the queue. */
    private final AtomicInteger waiting = new AtomicInteger();

    private InMemoryModel(ModelState initial) {
        this.latest = new LatestState(initial);
    }

    private record Waiting(Proposal proposal, CompletableFuture<Commit> commit) {}

    /** A new model that holds the built-in data of protocol/06 section 11 and nothing else. */
    public static InMemoryModel create() {
        InMemoryModel model =
                new InMemoryModel(ModelState.begin(UUID.randomUUID().toString()));
        model.propose(BuiltIns.proposal()).toCompletableFuture().join();
        return model;
    }

    @Override
    public ModelView view() {
        return latest.get();
    }

    @Override
    public CompletionStage<Commit> propose(Proposal proposal) {
        Waiting entry = new Waiting(proposal, new CompletableFuture<>());
        queue.add(entry);
        if (waiting.getAndIncrement() == 0) {
            do {
                decide(queue.remove());
            } while (waiting.decrementAndGet() > 0);
        }
        return entry.commit();
    }

    private void decide(Waiting entry) {
        try {
            ModelState state = latest.get();
            ModelWriter.Decision decision = ModelWriter.decide(state.entities(), entry.proposal());
            Commit commit = latest.apply(new ChangeSet(
                    state.index(), decision.outcomes(), entry.proposal().author()));
            entry.commit().complete(commit);
        } catch (RuntimeException e) {
            // A refusal, or a fault in a rule: either way it is this proposal's, and the next ones go on.
            entry.commit().completeExceptionally(e);
        }
    }

    @Override
    public Subscription subscribe(Consumer<Commit> listener) {
        return latest.subscribe(listener);
    }
}
