package io.zitipekko.actors.log.entry;

import io.zitipekko.actors.log.CallId;
import io.zitipekko.actors.model.ChangeSet;
import io.zitipekko.actors.model.Model.Commit;
import io.zitipekko.actors.model.view.LatestState;
import io.zitipekko.actors.model.view.ModelState;
import java.util.List;
import java.util.OptionalLong;
import java.util.function.BiConsumer;

/**
 * This member's copy of the model: applies entries in log order, on one thread. Applying decides nothing: it compares the base index and
 * puts the facts, so that members of different versions never differ.
 */
public final class Replica {
    /** What {@link #apply} answers for an entry that did not follow. */
    public static final long CONFLICT = -1;

    private final LatestState latest = new LatestState(ModelState.EMPTY);
    private final CallLedger ledger = new CallLedger();
    private final BiConsumer<CallId, Commit> onApplied;
    private final Runnable onRestored;

    /**
     * @param onApplied told of each change set, on the applying thread
     * @param onRestored told when the state was replaced by a snapshot
     */
    public Replica(BiConsumer<CallId, Commit> onApplied, Runnable onRestored) {
        this.onApplied = onApplied;
        this.onRestored = onRestored;
    }

    /**
     * A replica at one moment.
     *
     * @param state everything there is
     * @param calls what was applied lately
     */
    public record Image(ModelState state, List<CallLedger.Applied> calls) {
        public Image {
            calls = List.copyOf(calls);
        }
    }

    public ModelState state() {
        return latest.get();
    }

    /** For subscribers. */
    public LatestState latest() {
        return latest;
    }

    /** The index at which a proposal was applied, if that was lately. */
    public OptionalLong applied(CallId call) {
        return ledger.indexOf(call);
    }

    /** The model index after it, or {@link #CONFLICT} when the entry does not follow the state; then nothing changed. */
    public long apply(LogEntry entry) {
        ModelState state = latest.get();
        boolean begins = !entry.timelineId().isEmpty();
        if (begins
                ? !state.timelineId().isEmpty()
                : state.timelineId().isEmpty() || entry.baseIndex() != state.index()) {
            return CONFLICT;
        }
        if (begins) {
            latest.reset(ModelState.begin(entry.timelineId()));
        }
        for (DecidedChanges set : entry.sets()) {
            ChangeSet changeSet = new ChangeSet(latest.get().index(), set.changes(), set.author());
            ledger.add(set.call(), changeSet.index());
            onApplied.accept(set.call(), latest.apply(changeSet));
        }
        return latest.get().index();
    }

    /** Costs nothing that grows with the model. */
    public Image image() {
        return new Image(latest.get(), ledger.all());
    }

    /** Puts the replica where {@code image} was taken. Subscribers are not told what changed between. */
    public void restore(Image image) {
        ledger.reset(image.calls());
        latest.reset(image.state());
        onRestored.run();
    }
}
