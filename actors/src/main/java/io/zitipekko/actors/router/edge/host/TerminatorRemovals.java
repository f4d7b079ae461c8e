package io.zitipekko.actors.router.edge.host;

import io.zitipekko.actors.router.ControllerClient;
import io.zitipekko.actors.router.ControllerPreference;
import io.zitipekko.transport.channel.Headers;
import io.zitipekko.transport.channel.Lane;
import io.zitipekko.transport.channel.Message;
import io.zitipekko.transport.channel.Results;
import io.zitipekko.transport.control.ControlContentType;
import io.zitipekko.transport.control.proto.RemoveTerminatorsRequest;
import java.time.Duration;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.javadsl.AbstractBehavior;
import org.apache.pekko.actor.typed.javadsl.ActorContext;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.apache.pekko.actor.typed.javadsl.Receive;
import org.apache.pekko.actor.typed.javadsl.TimerScheduler;

/**
 * Takes terminators away at the controllers, fifty at a time, until a controller has said yes (message 1038). Child of {@link
 * HostedServices}, and shares its fate.
 */
public final class TerminatorRemovals extends AbstractBehavior<TerminatorRemovals.Command> {
    /** What it is told. */
    sealed interface Command {}

    /** This one must go. */
    record Remove(String id) implements Command {}

    /** This one is wanted again. */
    record Keep(String id) implements Command {}

    /** A controller is there again. */
    enum Again implements Command {
        INSTANCE
    }

    private record Answered(List<String> ids, boolean removed) implements Command {}

    private static final int BATCH = 50;
    private static final Duration TIMEOUT = Duration.ofSeconds(10);
    private static final Duration RETRY_AFTER = Duration.ofSeconds(1);

    private final ControllerClient controllers;
    private final TimerScheduler<Command> timers;
    private final Set<String> waiting = new LinkedHashSet<>();
    private boolean asked;

    static Behavior<Command> create(ControllerClient controllers) {
        return Behaviors.setup(
                context -> Behaviors.withTimers(timers -> new TerminatorRemovals(context, timers, controllers)));
    }

    private TerminatorRemovals(
            ActorContext<Command> context, TimerScheduler<Command> timers, ControllerClient controllers) {
        super(context);
        this.timers = timers;
        this.controllers = controllers;
    }

    @Override
    public Receive<Command> createReceive() {
        return newReceiveBuilder()
                .onMessage(Remove.class, remove -> {
                    waiting.add(remove.id());
                    return removeSome();
                })
                .onMessage(Keep.class, keep -> {
                    waiting.remove(keep.id());
                    return this;
                })
                .onMessageEquals(Again.INSTANCE, this::removeSome)
                .onMessage(Answered.class, this::onAnswered)
                .build();
    }

    private Behavior<Command> removeSome() {
        if (asked || waiting.isEmpty()) {
            return this;
        }
        asked = true;
        List<String> ids = waiting.stream().limit(BATCH).toList();
        Message request = Message.of(
                ControlContentType.REMOVE_TERMINATORS,
                Headers.EMPTY,
                RemoveTerminatorsRequest.newBuilder()
                        .addAllTerminatorIds(ids)
                        .build()
                        .toByteArray());
        getContext()
                .pipeToSelf(
                        controllers.request(ControllerPreference.LEADER, Lane.DEFAULT, request, TIMEOUT),
                        (answer, failure) -> new Answered(ids, failure == null && Results.isSuccess(answer)));
        return this;
    }

    private Behavior<Command> onAnswered(Answered answered) {
        asked = false;
        if (!answered.removed()) {
            timers.startSingleTimer(Again.INSTANCE, RETRY_AFTER);
            return this;
        }
        answered.ids().forEach(waiting::remove);
        return removeSome();
    }
}
