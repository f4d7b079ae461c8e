package io.zitipekko.actors.leftover;

import io.zitipekko.actors.model.Model;
import io.zitipekko.actors.model.ModelException;
import io.zitipekko.actors.model.ModelView;
import io.zitipekko.actors.model.Proposal;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;

/** Takes so many proposals and no more, as for want of a leader. */
final class FailingModel implements Model {
    private final Model model;
    final AtomicInteger admitted;
    final AtomicInteger refused = new AtomicInteger();

    FailingModel(Model model, int admitted) {
        this.model = model;
        this.admitted = new AtomicInteger(admitted);
    }

    @Override
    public ModelView view() {
        return model.view();
    }

    @Override
    public CompletionStage<Commit> propose(Proposal proposal) {
        if (admitted.getAndDecrement() > 0) {
            return model.propose(proposal);
        }
        refused.incrementAndGet();
        return CompletableFuture.failedFuture(
                new ModelException(ModelException.Kind.NO_LEADER, "no leader, says the test"));
    }

    @Override
    public Subscription subscribe(Consumer<Commit> listener) {
        return model.subscribe(listener);
    }
}
