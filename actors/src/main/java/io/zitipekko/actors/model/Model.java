package io.zitipekko.actors.model;

import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;

/** The model as the rest of a controller sees it: read here, change by proposal, be told of changes. Thread-safe. */
public interface Model {
    /** The latest state that this node has applied. */
    ModelView view();

    /**
     * Proposes a change. Completes when it is durable <em>and</em> this node's {@link #view} has it; fails with {@link ModelException}.
     * A failure {@code NO_LEADER} does not say that nothing happened.
     */
    CompletionStage<Commit> propose(Proposal proposal);

    /** Calls {@code listener} for every later change set, in order, one at a time, on the model's thread: must not block. */
    Subscription subscribe(Consumer<Commit> listener);

    /**
     * @param changeSet what changed
     * @param before the state before it
     * @param after the state with it
     */
    record Commit(ChangeSet changeSet, ModelView before, ModelView after) {}

    /** Ends a subscription when closed. */
    interface Subscription extends AutoCloseable {
        @Override
        void close();
    }
}
