package io.zitipekko.api.management.entity;

import io.zitipekko.actors.model.Change;
import io.zitipekko.actors.model.Model;
import io.zitipekko.actors.model.ModelException;
import io.zitipekko.actors.model.ModelView;
import io.zitipekko.actors.model.Proposal;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;

/**
 * Changes the model on behalf of a request. What a change is derived from is read without a lock, so two may meet: the later one is then
 * derived again from the new state.
 */
public final class Writes {
    private static final int ATTEMPTS = 25;
    private static final long FIRST_PAUSE_MILLIS = 2;
    private static final long LONGEST_PAUSE_MILLIS = 100;

    private final Model model;

    Writes(Model model) {
        this.model = model;
    }

    /** Proposes what does not depend on earlier state. */
    public CompletionStage<Model.Commit> put(Proposal.Author author, List<Change> changes) {
        return model.propose(new Proposal(changes, author));
    }

    /**
     * Proposes what {@code derive} makes of the current state, again when that state changed meanwhile.
     *
     * @param derive throws to refuse
     */
    public CompletionStage<Model.Commit> derived(Proposal.Author author, Function<ModelView, List<Change>> derive) {
        return attempt(author, derive, 1);
    }

    private CompletionStage<Model.Commit> attempt(
            Proposal.Author author, Function<ModelView, List<Change>> derive, int attempt) {
        CompletionStage<Model.Commit> proposed = put(author, derive.apply(model.view()));
        return proposed.handle((commit, failure) -> {
                    if (failure == null || attempt >= ATTEMPTS || !isConflict(failure)) {
                        return proposed;
                    }
                    return CompletableFuture.<Void>supplyAsync(() -> null, pause(attempt))
                            .thenCompose(none -> attempt(author, derive, attempt + 1));
                })
                .thenCompose(Function.identity());
    }

    private static Executor pause(int attempt) {
        long millis = Math.min(LONGEST_PAUSE_MILLIS, FIRST_PAUSE_MILLIS << Math.min(attempt, 6));
        return CompletableFuture.delayedExecutor(millis, TimeUnit.MILLISECONDS);
    }

    private static boolean isConflict(Throwable failure) {
        Throwable cause =
                failure instanceof CompletionException && failure.getCause() != null ? failure.getCause() : failure;
        return cause instanceof ModelException refusal && refusal.kind() == ModelException.Kind.CONFLICT;
    }
}
