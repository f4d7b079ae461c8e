package io.zitipekko.actors.fabric.control;

import com.google.protobuf.InvalidProtocolBufferException;
import io.zitipekko.actors.fabric.FabricState;
import io.zitipekko.actors.fabric.RouterStatus.SyncStatus;
import io.zitipekko.actors.fabric.control.request.ControlRequests;
import io.zitipekko.actors.fabric.control.request.RouterRequests;
import io.zitipekko.actors.model.Change;
import io.zitipekko.actors.model.Proposal;
import io.zitipekko.actors.model.entity.Terminator;
import io.zitipekko.actors.model.id.EntityId;
import io.zitipekko.actors.model.id.TerminatorId;
import io.zitipekko.actors.model.type.Terminators;
import io.zitipekko.transport.channel.Headers;
import io.zitipekko.transport.channel.Lane;
import io.zitipekko.transport.channel.Message;
import io.zitipekko.transport.control.ControlContentType;
import io.zitipekko.transport.control.ControlHeader;
import io.zitipekko.transport.control.proto.RouterTerminatorState;
import io.zitipekko.transport.control.proto.ValidateTerminatorsV2Request;
import io.zitipekko.transport.control.proto.ValidateTerminatorsV2Response;
import io.zitipekko.transport.control.proto.edge.ServerHello;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.PostStop;
import org.apache.pekko.actor.typed.javadsl.AbstractBehavior;
import org.apache.pekko.actor.typed.javadsl.ActorContext;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.apache.pekko.actor.typed.javadsl.Receive;
import org.apache.pekko.actor.typed.javadsl.TimerScheduler;

/**
 * One connected router: greets it, takes everything that arrives on its control channel in order, and has its terminators validated. Started by
 * {@link Routers} when the channel opens and gone with it; when this actor fails it closes the channel, and the router connects again.
 */
public final class RouterActor extends AbstractBehavior<RouterActor.Command> {
    /** What this actor takes. */
    sealed interface Command {}

    /** A message from the router. */
    record Received(Message message) implements Command {}

    /** The channel is closed. */
    enum ChannelClosed implements Command {
        INSTANCE
    }

    /** A terminator was made that ends at the router. */
    record TerminatorCreated(TerminatorId id) implements Command {}

    /** The router's answer to a validation. */
    record TerminatorsValidated(ValidateTerminatorsV2Response response) implements Command {}

    private enum Tick implements Command {
        INSTANCE
    }

    private static final Duration TICK = Duration.ofSeconds(1);
    private static final Duration AFTER_CREATION = Duration.ofSeconds(5);
    private static final Duration ASK_AGAIN = Duration.ofMinutes(3);
    private static final Duration HELLO_TIMEOUT = Duration.ofSeconds(30);
    private static final int VALIDATION_CHUNK = 500;

    /** A terminator that the router is to vouch for. */
    private record Pending(long marker, boolean postCreate, Instant dueAt) {}

    private final FabricState state;
    private final ConnectedRouter router;
    private final ControlRequests requests;
    private final Map<TerminatorId, Pending> unvalidated = new LinkedHashMap<>();
    private long lastMarker;
    private Instant helloDue;

    static Behavior<Command> create(FabricState state, ConnectedRouter router, ControlRequests requests) {
        return Behaviors.setup(context ->
                Behaviors.withTimers(timers -> new RouterActor(context, timers, state, router, requests).greet()));
    }

    private RouterActor(
            ActorContext<Command> context,
            TimerScheduler<Command> timers,
            FabricState state,
            ConnectedRouter router,
            ControlRequests requests) {
        super(context);
        this.state = state;
        this.router = router;
        this.requests = requests;
        this.helloDue = state.now().plus(HELLO_TIMEOUT);
        timers.startTimerWithFixedDelay(Tick.INSTANCE, TICK);
    }

    @Override
    public Receive<Command> createReceive() {
        return newReceiveBuilder()
                .onMessage(Received.class, this::received)
                .onMessage(TerminatorCreated.class, this::terminatorCreated)
                .onMessage(TerminatorsValidated.class, this::terminatorsValidated)
                .onMessage(Tick.class, tick -> tick())
                .onMessage(ChannelClosed.class, closed -> Behaviors.stopped())
                .onSignal(PostStop.class, stop -> {
                    router.close("its actor stopped");
                    return this;
                })
                .build();
    }

    private Behavior<Command> greet() {
        sendServerHello();
        RouterRequests.sendClusterMembers(state, router);
        Instant now = state.now();
        for (Terminator t : state.terminators().ofRouter(router.id())) {
            unvalidated.put(t.id(), new Pending(++lastMarker, false, now));
        }
        return tick();
    }

    private void sendServerHello() {
        ServerHello hello = ServerHello.newBuilder()
                .setVersion(state.settings().version().version())
                .putData("instant", "true")
                .putData("routerModel", "true")
                .build();
        router.send(
                Lane.HIGH,
                Message.of(
                        ControlContentType.SERVER_HELLO,
                        Headers.builder()
                                .bool(ControlHeader.DATA_MODEL_SUPPORTED, true)
                                .build(),
                        hello.toByteArray()));
        router.update(s -> s.withSyncStatus(SyncStatus.HELLO_WAIT));
    }

    private Behavior<Command> received(Received received) {
        Message message = received.message();
        Optional<ControlRequests.Handler> handler = requests.handler(message.contentType());
        if (handler.isEmpty()) {
            getContext().getLog().debug("{}: content type {} is not handled", router, message.contentType());
            return this;
        }
        try {
            handler.get().handle(router, message);
        } catch (InvalidProtocolBufferException | IllegalArgumentException e) {
            getContext().getLog().debug("{}: {} cannot be decoded: {}", router, message, e.getMessage());
        }
        return this;
    }

    private Behavior<Command> terminatorCreated(TerminatorCreated created) {
        Instant since = state.terminators()
                .find(created.id())
                .map(t -> t.meta().createdAt())
                .orElseGet(state::now);
        unvalidated.put(created.id(), new Pending(++lastMarker, true, since.plus(AFTER_CREATION)));
        return this;
    }

    private Behavior<Command> tick() {
        Instant now = state.now();
        if (router.status().syncStatus() == SyncStatus.HELLO_WAIT && now.isAfter(helloDue)) {
            helloDue = now.plus(HELLO_TIMEOUT);
            sendServerHello();
        }
        if (!unvalidated.isEmpty()) {
            validate(now, false);
            validate(now, true);
        }
        return this;
    }

    private void validate(Instant now, boolean postCreate) {
        List<Terminator> due = new ArrayList<>();
        List<TerminatorId> gone = new ArrayList<>();
        unvalidated.forEach((id, pending) -> {
            if (pending.postCreate() == postCreate && !now.isBefore(pending.dueAt())) {
                state.terminators()
                        .find(id)
                        .filter(t -> t.routerId().equals(router.id()))
                        .ifPresentOrElse(due::add, () -> gone.add(id));
            }
        });
        gone.forEach(unvalidated::remove);
        for (int from = 0; from < due.size(); from += VALIDATION_CHUNK) {
            ValidateTerminatorsV2Request.Builder request = ValidateTerminatorsV2Request.newBuilder()
                    .setFixInvalid(true)
                    .setPostCreate(postCreate);
            for (Terminator t : due.subList(from, Math.min(due.size(), from + VALIDATION_CHUNK))) {
                long marker = java.util.Objects.requireNonNull(unvalidated.get(t.id()))
                        .marker();
                unvalidated.put(t.id(), new Pending(marker, postCreate, now.plus(ASK_AGAIN)));
                request.addTerminators(io.zitipekko.transport.control.proto.Terminator.newBuilder()
                        .setId(t.id().value())
                        .setBinding(t.binding())
                        .setAddress(t.address())
                        .setMarker(marker));
            }
            router.send(Lane.LOW, ControlContentType.VALIDATE_TERMINATORS_V2, request.build());
        }
    }

    private Behavior<Command> terminatorsValidated(TerminatorsValidated validated) {
        List<Change> invalid = new ArrayList<>();
        validated.response().getStatesMap().forEach((text, answer) -> {
            if (text.isBlank() || text.length() > EntityId.MAX_LENGTH) {
                return;
            }
            TerminatorId id = new TerminatorId(text);
            Pending pending = unvalidated.get(id);
            if (pending == null || answer.getMarker() != 0 && answer.getMarker() != pending.marker()) {
                return;
            }
            unvalidated.remove(id);
            if (!answer.getValid()) {
                remove(id, answer, invalid);
            }
        });
        if (!invalid.isEmpty()) {
            state.model()
                    .propose(new Proposal(invalid, Proposal.Author.CONTROLLER))
                    .whenComplete((commit, failure) -> {
                        if (failure != null) {
                            Routers.LOG.warn(
                                    "{}: {} invalid terminators stay: {}",
                                    router,
                                    invalid.size(),
                                    failure.getMessage());
                        }
                    });
        }
        return this;
    }

    private void remove(TerminatorId id, RouterTerminatorState answer, List<Change> invalid) {
        getContext()
                .getLog()
                .info(
                        "{}: terminator {} is not valid there ({} {}), removed",
                        router,
                        id,
                        answer.getReason(),
                        answer.getDetail());
        if (!state.terminators().removeSoft(id)
                && state.model()
                        .view()
                        .get(Terminators.TYPE, id)
                        .filter(t -> t.routerId().equals(router.id()))
                        .isPresent()) {
            invalid.add(new Change.Delete(Terminators.TYPE, id));
        }
    }
}
