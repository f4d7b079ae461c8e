package io.zitipekko.actors.log;

import io.zitipekko.actors.model.ModelException;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Supplier;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.javadsl.AbstractBehavior;
import org.apache.pekko.actor.typed.javadsl.ActorContext;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.apache.pekko.actor.typed.javadsl.Receive;
import org.apache.pekko.actor.typed.javadsl.TimerScheduler;

/**
 * Brings this node's proposals to the writer on whichever member leads, and again with the same call id while leaders change, until they
 * are applied here, refused, or too old. One per controller; started by {@link ReplicatedModel}, which also ends it. Should it
 * fail, {@link ModelGuard} fails the node's model, and with it whatever waits.
 */
public final class ModelActor extends AbstractBehavior<ModelActor.Command> {
    private static final Duration TICK = Duration.ofMillis(50);
    /** Sent again after this when nothing was heard: the leader died, or a message was lost. */
    private static final Duration RETRY = Duration.ofSeconds(1);

    private static final Duration NO_LEADER_RETRY = Duration.ofMillis(50);

    private final PendingCalls pending;
    private final Supplier<Optional<String>> leader;
    private final Function<String, ActorRef<ModelWriterActor.Command>> writers;
    private final Duration deadline;
    private final TimerScheduler<Command> timers;
    private final Map<CallId, Route> routes = new HashMap<>();

    private ModelActor(
            ActorContext<Command> context,
            TimerScheduler<Command> timers,
            PendingCalls pending,
            Supplier<Optional<String>> leader,
            Function<String, ActorRef<ModelWriterActor.Command>> writers,
            Duration deadline) {
        super(context);
        this.timers = timers;
        this.pending = pending;
        this.leader = leader;
        this.writers = writers;
        this.deadline = deadline;
    }

    /**
     * @param leader the member that leads, as far as this one knows
     * @param writers the writer on a member
     * @param deadline how long a proposal is brought along
     */
    static Behavior<Command> create(
            PendingCalls pending,
            Supplier<Optional<String>> leader,
            Function<String, ActorRef<ModelWriterActor.Command>> writers,
            Duration deadline) {
        return Behaviors.setup(context ->
                Behaviors.withTimers(timers -> new ModelActor(context, timers, pending, leader, writers, deadline)));
    }

    /** Messages of this actor. */
    public sealed interface Command {}

    /** A proposal that waits in {@link PendingCalls}. */
    record Propose(CallId call) implements Command {}

    /** The writer refused: final. */
    public record Refused(
            CallId call, ModelException.Kind kind, String message, Optional<String> field, Optional<List<String>> value)
            implements Command, PeerMessage {
        static Refused of(CallId call, ModelException reason) {
            return new Refused(
                    call,
                    reason.kind(),
                    String.valueOf(reason.getMessage()),
                    reason.field(),
                    reason.value().map(Refused::texts));
        }

        private static List<String> texts(Object value) {
            return value instanceof List<?> list
                    ? list.stream().map(String::valueOf).toList()
                    : List.of(String.valueOf(value));
        }

        ModelException reason() {
            Object shown = value.map(texts -> texts.size() == 1 ? (Object) texts.get(0) : texts)
                    .orElse(null);
            return new ModelException(kind, message, field.orElse(null), shown);
        }
    }

    /** The member asked does not lead (any more): another one does, or will. */
    public record NotLeading(CallId call) implements Command, PeerMessage {}

    /** Ends this actor. */
    enum Stop implements Command {
        INSTANCE
    }

    private enum Tick implements Command {
        INSTANCE
    }

    /** Where one proposal stands. Times are of {@link System#nanoTime}. */
    private record Route(long nextSend, long giveUp) {}

    @Override
    public Receive<Command> createReceive() {
        return newReceiveBuilder()
                .onMessage(Propose.class, this::onPropose)
                .onMessage(Refused.class, this::onRefused)
                .onMessage(NotLeading.class, this::onNotLeading)
                .onMessage(Tick.class, this::onTick)
                .onMessage(Stop.class, stop -> Behaviors.stopped())
                .build();
    }

    private Behavior<Command> onPropose(Propose propose) {
        if (routes.isEmpty()) {
            timers.startTimerWithFixedDelay(Tick.INSTANCE, TICK);
        }
        send(propose.call(), System.nanoTime() + deadline.toNanos());
        return this;
    }

    private Behavior<Command> onRefused(Refused refused) {
        routes.remove(refused.call());
        pending.fail(refused.call(), refused.reason());
        return this;
    }

    private Behavior<Command> onNotLeading(NotLeading notLeading) {
        routes.computeIfPresent(
                notLeading.call(),
                (call, route) -> new Route(System.nanoTime() + NO_LEADER_RETRY.toNanos(), route.giveUp()));
        return this;
    }

    private Behavior<Command> onTick(Tick tick) {
        long now = System.nanoTime();
        for (CallId call : List.copyOf(routes.keySet())) {
            Route route = routes.get(call);
            if (pending.get(call) == null) {
                routes.remove(call);
            } else if (now - route.giveUp() >= 0) {
                routes.remove(call);
                pending.fail(
                        call,
                        new ModelException(
                                ModelException.Kind.NO_LEADER,
                                "no controller took the change within " + deadline.toSeconds()
                                        + " s: it may or may not have happened"));
            } else if (now - route.nextSend() >= 0) {
                send(call, route.giveUp());
            }
        }
        if (routes.isEmpty()) {
            timers.cancel(Tick.INSTANCE);
        }
        return this;
    }

    private void send(CallId call, long giveUp) {
        PendingCalls.Waiting waiting = pending.get(call);
        if (waiting == null) {
            routes.remove(call);
            return;
        }
        Optional<String> leads = leader.get();
        leads.ifPresent(node -> writers.apply(node)
                .tell(new ModelWriterActor.Submit(
                        call, waiting.proposal(), getContext().getSelf())));
        Duration next = leads.isPresent() ? RETRY : NO_LEADER_RETRY;
        routes.put(call, new Route(System.nanoTime() + next.toNanos(), giveUp));
    }
}
