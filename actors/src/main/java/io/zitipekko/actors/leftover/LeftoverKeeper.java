package io.zitipekko.actors.leftover;

import io.zitipekko.actors.model.Change;
import io.zitipekko.actors.model.EntityType;
import io.zitipekko.actors.model.Model;
import io.zitipekko.actors.model.ModelView;
import io.zitipekko.actors.model.entity.Entity;
import io.zitipekko.actors.model.type.EntityTypes;
import io.zitipekko.actors.model.view.Leftovers;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Comparator;
import java.util.Deque;
import java.util.Iterator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.PostStop;
import org.apache.pekko.actor.typed.PreRestart;
import org.apache.pekko.actor.typed.SupervisorStrategy;
import org.apache.pekko.actor.typed.javadsl.AbstractBehavior;
import org.apache.pekko.actor.typed.javadsl.ActorContext;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.apache.pekko.actor.typed.javadsl.Receive;
import org.apache.pekko.actor.typed.javadsl.TimerScheduler;
import org.jspecify.annotations.Nullable;

/**
 * Removes what deleted entities left, in small batches, one at a time. One in the cluster, a singleton: looks at everything when it starts
 * and each minute, so that what a member that failed had begun is finished by the next; in between it follows the model. Nobody waits for it,
 * since what is left counts as gone ({@link Leftovers}).
 */
public final class LeftoverKeeper extends AbstractBehavior<LeftoverKeeper.Command> {
    private static final Duration SWEEP_EVERY = Duration.ofMinutes(1);
    private static final Duration RESTART = Duration.ofMillis(500);

    /** How many entities of a sweep are looked at before other messages get their turn. */
    private static final int LOOKED_AT_ONCE = 1000;

    /** Messages to the keeper. */
    public sealed interface Command {}

    private record Deleted(List<Leftovers.Gone> gone) implements Command {}

    private record Sweep() implements Command {}

    private record LookAtMore() implements Command {}

    private record Removed(@Nullable Throwable failure) implements Command {}

    private record Retry() implements Command {}

    /** What the singleton is stopped with. */
    public enum Stop implements Command {
        STOP
    }

    private final Model model;
    private final Model.Subscription subscription;
    private final Set<Leftovers.Gone> gone = new LinkedHashSet<>();
    /** What the sweep under way has not looked at yet. */
    private final Deque<Unseen<?>> unseen = new ArrayDeque<>();

    private final Deletions<Command> deletions;

    private LeftoverKeeper(ActorContext<Command> context, TimerScheduler<Command> timers, Model model) {
        super(context);
        this.model = model;
        this.deletions = new Deletions<>(context, model, "what deleted entities left");
        this.subscription = model.subscribe(commit -> follow(commit, context));
        timers.startTimerWithFixedDelay(new Sweep(), Duration.ZERO, SWEEP_EVERY);
    }

    /** @param model whose leftovers it removes */
    public static Behavior<Command> create(Model model) {
        Behavior<Command> keeper =
                Behaviors.setup(context -> Behaviors.withTimers(timers -> new LeftoverKeeper(context, timers, model)));
        return Behaviors.supervise(keeper)
                .onFailure(SupervisorStrategy.restartWithBackoff(RESTART, Duration.ofSeconds(10), 0.1));
    }

    /** On the model's thread: most commits delete nothing. */
    private static void follow(Model.Commit commit, ActorContext<Command> context) {
        List<Leftovers.Gone> deleted = commit.changeSet().changes().stream()
                .filter(change -> change instanceof Change.Delete
                        && !EntityTypes.referrers(change.type()).isEmpty())
                .map(change -> new Leftovers.Gone(change.type(), change.id()))
                .toList();
        if (!deleted.isEmpty()) {
            context.getSelf().tell(new Deleted(deleted));
        }
    }

    @Override
    public Receive<Command> createReceive() {
        return newReceiveBuilder()
                .onMessage(Deleted.class, this::onDeleted)
                .onMessage(Sweep.class, m -> onSweep())
                .onMessage(LookAtMore.class, m -> lookAtSome())
                .onMessage(Removed.class, this::onRemoved)
                .onMessage(Retry.class, m -> remove())
                .onMessageEquals(Stop.STOP, Behaviors::stopped)
                .onSignal(PostStop.class, signal -> onPostStop())
                .onSignal(PreRestart.class, signal -> onPostStop())
                .build();
    }

    private Behavior<Command> onDeleted(Deleted message) {
        gone.addAll(message.gone());
        return remove();
    }

    private Behavior<Command> onSweep() {
        if (!unseen.isEmpty()) {
            return this;
        }
        ModelView view = model.view();
        EntityTypes.all().stream().filter(Leftovers::possible).forEach(type -> unseen.add(Unseen.of(type, view)));
        return lookAtSome();
    }

    private Behavior<Command> lookAtSome() {
        ModelView view = model.view();
        for (int i = 0; i < LOOKED_AT_ONCE && !unseen.isEmpty(); i++) {
            if (unseen.peek().entities().hasNext()) {
                unseen.peek().lookAtNext(view).ifPresent(gone::add);
            } else {
                unseen.remove();
            }
        }
        if (!unseen.isEmpty()) {
            getContext().getSelf().tell(new LookAtMore());
        }
        return remove();
    }

    /** Entities of one kind that are still to be looked at. */
    private record Unseen<E extends Entity>(EntityType<E> type, Iterator<E> entities) {
        static <E extends Entity> Unseen<E> of(EntityType<E> type, ModelView view) {
            return new Unseen<>(type, view.all(type).iterator());
        }

        Optional<Leftovers.Gone> lookAtNext(ModelView view) {
            return Leftovers.missing(view, type, entities.next());
        }
    }

    private Behavior<Command> remove() {
        if (deletions.underWay()) {
            return this;
        }
        ModelView view = model.view();
        Set<Change> batch = new LinkedHashSet<>();
        for (Iterator<Leftovers.Gone> next = gone.iterator(); next.hasNext() && batch.size() < Deletions.BATCH; ) {
            List<Change> left = Leftovers.removal(view, next.next(), Deletions.BATCH - batch.size());
            batch.addAll(left);
            if (left.isEmpty()) {
                next.remove();
            }
        }
        if (!batch.isEmpty()) {
            deletions.propose(dependantsFirst(batch), Removed::new);
        }
        return this;
    }

    /** What goes with an earlier deletion of the same proposal would not be found any more by its own. */
    private static List<Change> dependantsFirst(Set<Change> batch) {
        List<EntityType<?>> kinds = EntityTypes.all();
        return batch.stream()
                .sorted(Comparator.comparing((Change change) -> kinds.indexOf(change.type()))
                        .reversed())
                .toList();
    }

    private Behavior<Command> onRemoved(Removed message) {
        return deletions.over(message.failure(), new Retry()) ? remove() : this;
    }

    private Behavior<Command> onPostStop() {
        subscription.close();
        return this;
    }
}
