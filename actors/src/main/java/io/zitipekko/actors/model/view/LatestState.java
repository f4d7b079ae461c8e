package io.zitipekko.actors.model.view;

import io.zitipekko.actors.model.ChangeSet;
import io.zitipekko.actors.model.Model;
import io.zitipekko.actors.model.Model.Commit;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The latest applied state, readable from any thread, and who wants to hear of the next. Changed by one thread at a time: whoever
 * applies the log.
 */
public final class LatestState {
    private static final Logger LOG = LoggerFactory.getLogger(LatestState.class);

    private final List<Consumer<Commit>> listeners = new CopyOnWriteArrayList<>();
    private volatile ModelState state;

    public LatestState(ModelState initial) {
        this.state = initial;
    }

    public ModelState get() {
        return state;
    }

    /** Puts a state there without telling anyone: at start, and after a snapshot from elsewhere. */
    public void reset(ModelState restored) {
        state = restored;
    }

    /** Applies {@code changeSet}, which must follow the latest state, and tells the listeners. */
    public Commit apply(ChangeSet changeSet) {
        ModelState before = state;
        Commit commit = new Commit(changeSet, before, before.with(changeSet));
        state = (ModelState) commit.after();
        for (Consumer<Commit> listener : listeners) {
            tell(listener, commit);
        }
        return commit;
    }

    /** A listener's fault is its own: the model goes on, and so do the others. */
    private static void tell(Consumer<Commit> listener, Commit commit) {
        try {
            listener.accept(commit);
        } catch (RuntimeException e) {
            LOG.error(
                    "a listener of model changes failed at index {}: it missed that change",
                    commit.after().index(),
                    e);
        }
    }

    public Model.Subscription subscribe(Consumer<Commit> listener) {
        // Wrapped, so that one consumer may subscribe twice and each subscription ends by itself.
        Consumer<Commit> entry = listener::accept;
        listeners.add(entry);
        return () -> listeners.remove(entry);
    }
}
