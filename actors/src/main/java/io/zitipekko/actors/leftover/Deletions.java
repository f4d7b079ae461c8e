package io.zitipekko.actors.leftover;

import io.zitipekko.actors.model.Change;
import io.zitipekko.actors.model.Model;
import io.zitipekko.actors.model.ModelException;
import io.zitipekko.actors.model.Proposal;
import io.zitipekko.actors.work.BoundedWork;
import java.time.Duration;
import java.util.List;
import java.util.function.Function;
import org.apache.pekko.actor.Cancellable;
import org.apache.pekko.actor.typed.javadsl.ActorContext;
import org.jspecify.annotations.Nullable;

/**
 * Many deletions that an actor has the model make, in small batches and one at a time. Something that ended by itself meanwhile fails its whole
 * batch: the actor looks again at once. After any other failure, e.g. for want of a leader, it does so a little later. Part of its actor's state.
 *
 * @param <M> the messages of the actor
 */
public final class Deletions<M> {
    /** How much goes away in one proposal: what others propose meanwhile waits for one batch, not for all of them. */
    public static final int BATCH = 100;

    private static final Duration RETRY = Duration.ofMillis(500);

    private final ActorContext<M> context;
    private final Model model;
    private final String what;
    private boolean underWay;
    /** Whoever looks before it comes has done what it is for. */
    private @Nullable Cancellable retry;

    /** @param what is deleted, for the log */
    public Deletions(ActorContext<M> context, Model model, String what) {
        this.context = context;
        this.model = model;
        this.what = what;
    }

    /** Until this is over no other batch is proposed. */
    public boolean underWay() {
        return underWay;
    }

    /**
     * Proposes a batch.
     *
     * @param outcome what the actor is sent when it is over, to be answered with {@link #over}; null: it was done
     */
    public void propose(List<Change> batch, Function<@Nullable Throwable, M> outcome) {
        underWay = true;
        cancelRetry();
        context.pipeToSelf(
                model.propose(new Proposal(batch, Proposal.Author.CONTROLLER)),
                (commit, failure) -> outcome.apply(failure));
    }

    /**
     * The batch under way is over.
     *
     * @param again what the actor is sent later unless it may go on at once
     * @return whether to look at once for more
     */
    public boolean over(@Nullable Throwable failure, M again) {
        underWay = false;
        Throwable cause = failure == null ? null : BoundedWork.cause(failure);
        if (cause == null
                || cause instanceof ModelException refusal && refusal.kind() == ModelException.Kind.NOT_FOUND) {
            return true;
        }
        context.getLog().warn("{} could not be deleted yet: {}", what, cause.toString());
        retry = context.scheduleOnce(RETRY, context.getSelf(), again);
        return false;
    }

    private void cancelRetry() {
        if (retry != null) {
            retry.cancel();
            retry = null;
        }
    }
}
