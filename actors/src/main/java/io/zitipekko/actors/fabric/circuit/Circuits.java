package io.zitipekko.actors.fabric.circuit;

import com.google.protobuf.InvalidProtocolBufferException;
import io.zitipekko.actors.fabric.CircuitStatus;
import io.zitipekko.actors.fabric.FabricState;
import io.zitipekko.actors.fabric.LinkId;
import io.zitipekko.actors.fabric.control.ConnectedRouter;
import io.zitipekko.actors.fabric.path.Path;
import io.zitipekko.actors.fabric.path.Topology;
import io.zitipekko.actors.model.Change;
import io.zitipekko.actors.model.Model;
import io.zitipekko.actors.model.ModelView;
import io.zitipekko.actors.model.Proposal;
import io.zitipekko.actors.model.entity.Precedence;
import io.zitipekko.actors.model.entity.Terminator;
import io.zitipekko.actors.model.id.RouterId;
import io.zitipekko.actors.model.id.TerminatorId;
import io.zitipekko.actors.model.type.Terminators;
import io.zitipekko.actors.policy.LostRights;
import io.zitipekko.actors.session.DialAuthorizer;
import io.zitipekko.transport.channel.Headers;
import io.zitipekko.transport.channel.Lane;
import io.zitipekko.transport.channel.Message;
import io.zitipekko.transport.control.ControlContentType;
import io.zitipekko.transport.control.proto.InspectRequest;
import io.zitipekko.transport.control.proto.InspectResponse;
import io.zitipekko.transport.edge.EdgeErrorCode;
import io.zitipekko.transport.edge.RetryHint;
import io.zitipekko.transport.xgress.CircuitId;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.ChildFailed;
import org.apache.pekko.actor.typed.SupervisorStrategy;
import org.apache.pekko.actor.typed.Terminated;
import org.apache.pekko.actor.typed.javadsl.AbstractBehavior;
import org.apache.pekko.actor.typed.javadsl.ActorContext;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.apache.pekko.actor.typed.javadsl.Receive;
import org.apache.pekko.actor.typed.javadsl.TimerScheduler;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Parent of all {@link CircuitActor}s: starts one for each request, tells those concerned of lost links and rights, and moves dear circuits to cheaper
 * paths now and then. Resumed when it fails: its state is only a count, the circuits themselves stand in the {@link CircuitTable}. A
 * circuit's actor that fails stops and its circuit is unrouted.
 */
public final class Circuits extends AbstractBehavior<Circuits.Command> {
    private static final Logger LOG = LoggerFactory.getLogger(Circuits.class);

    /** Most circuits of one router that are being opened at once; beyond that it is told to come again. */
    public static final int MAX_OPENING = 5000;

    /** What this actor takes. */
    public sealed interface Command {}

    /** A router asks for a circuit; {@code request} is one of the five kinds of protocol/03 section 8.1. */
    public record Dial(ConnectedRouter router, Message request) implements Command {}

    /** No circuit can go over this link any more. */
    public record LinkLost(LinkId link) implements Command {}

    /** The model changed. */
    public record Committed(Model.Commit commit) implements Command {}

    /** A router connected: if it was started anew, it has none of its circuits any more. */
    public record RouterConnected(ConnectedRouter router) implements Command {}

    private record AskWhatIsLeft(ConnectedRouter router) implements Command {}

    /** @param circuits whatever text names them all; null when the router did not say */
    private record Left(ConnectedRouter router, @Nullable String circuits) implements Command {}

    /** A circuit was opened or given up. */
    record Settled(ActorRef<CircuitActor.Command> circuit) implements Command {}

    /** The router of a terminator says that it does not know it. */
    record TerminatorInvalid(TerminatorId id) implements Command {}

    private enum Optimize implements Command {
        INSTANCE
    }

    private static final String ROUTER_CIRCUITS = "router-circuits";
    private static final Duration ASK_AFTER = Duration.ofSeconds(5);
    private static final Duration ANSWER_WITHIN = Duration.ofSeconds(30);

    private record Opening(RouterId router) {}

    private final FabricState state;
    private final CircuitAdmission admission;
    private final TimerScheduler<Command> timers;
    private final Map<ActorRef<Void>, Opening> opening = new HashMap<>();
    private final Map<RouterId, Integer> openingOf = new HashMap<>();

    public static Behavior<Command> create(FabricState state, DialAuthorizer authorizer) {
        Behavior<Command> behavior = Behaviors.setup(context -> Behaviors.withTimers(
                timers -> new Circuits(context, timers, state, new CircuitAdmission(state.model(), authorizer))));
        return Behaviors.supervise(behavior).onFailure(SupervisorStrategy.resume());
    }

    private Circuits(
            ActorContext<Command> context,
            TimerScheduler<Command> timers,
            FabricState state,
            CircuitAdmission admission) {
        super(context);
        this.state = state;
        this.admission = admission;
        this.timers = timers;
        timers.startTimerWithFixedDelay(
                Optimize.INSTANCE, state.settings().network().cycle());
    }

    @Override
    public Receive<Command> createReceive() {
        return newReceiveBuilder()
                .onMessage(Dial.class, this::dial)
                .onMessage(Settled.class, settled -> {
                    settled(settled.circuit().unsafeUpcast());
                    return this;
                })
                .onMessage(LinkLost.class, this::linkLost)
                .onMessage(Committed.class, this::committed)
                .onMessage(TerminatorInvalid.class, this::terminatorInvalid)
                .onMessage(Optimize.class, tick -> optimize())
                .onMessage(RouterConnected.class, this::routerConnected)
                .onMessage(AskWhatIsLeft.class, this::askWhatIsLeft)
                .onMessage(Left.class, this::left)
                .onSignal(ChildFailed.class, this::circuitFailed)
                .onSignal(Terminated.class, ended -> {
                    settled(ended.getRef());
                    return this;
                })
                .build();
    }

    private Behavior<Command> dial(Dial dial) {
        RouterId router = dial.router().id();
        if (openingOf.getOrDefault(router, 0) >= MAX_OPENING) {
            dial.router()
                    .reply(
                            Lane.HIGH,
                            dial.request(),
                            CircuitReply.failure(
                                    dial.request(),
                                    EdgeErrorCode.INTERNAL,
                                    RetryHint.TOO_BUSY,
                                    "router " + router + " has " + MAX_OPENING + " circuits being opened",
                                    ""));
            return this;
        }
        Instant arrived = state.now();
        ActorRef<CircuitActor.Command> circuit = getContext()
                .spawnAnonymous(CircuitActor.create(
                        state, admission, getContext().getSelf(), dial.router(), dial.request(), arrived));
        opening.put(circuit.unsafeUpcast(), new Opening(router));
        openingOf.merge(router, 1, Integer::sum);
        getContext().watch(circuit);
        return this;
    }

    /** Routers never keep what nobody owns. */
    private Behavior<Command> circuitFailed(ChildFailed failed) {
        settled(failed.getRef());
        LOG.error("a circuit's actor failed, its circuit is removed", failed.getCause());
        for (Map.Entry<CircuitId, CircuitTable.Entry> circuit :
                state.circuits().entries().entrySet()) {
            if (circuit.getValue().actor().equals(failed.getRef())) {
                state.circuits().release(circuit.getKey(), circuit.getValue());
                circuit.getValue().status().ifPresent(status -> {
                    status.nodes().forEach(r -> OpenCircuit.unroute(state, r, status.id(), true));
                    state.terminators().circuitClosed(status.terminatorId());
                });
            }
        }
        return this;
    }

    private Behavior<Command> routerConnected(RouterConnected connected) {
        if (endingAt(connected.router()).findAny().isPresent()) {
            timers.startSingleTimer(new AskWhatIsLeft(connected.router()), ASK_AFTER);
        }
        return this;
    }

    /** Circuits that end at the router and are older than its channel. */
    private Stream<CircuitTable.Entry> endingAt(ConnectedRouter router) {
        Instant since = router.status().connectedAt();
        return state.circuits().entries().values().stream().filter(e -> e.status()
                .filter(s -> s.createdAt().isBefore(since))
                .filter(s -> s.nodes().get(0).equals(router.id())
                        || s.nodes().get(s.nodes().size() - 1).equals(router.id()))
                .isPresent());
    }

    private Behavior<Command> askWhatIsLeft(AskWhatIsLeft ask) {
        if (ask.router().isClosed()) {
            return this;
        }
        Message request = Message.of(
                ControlContentType.INSPECT_REQUEST,
                Headers.EMPTY,
                InspectRequest.newBuilder()
                        .addRequestedValues(ROUTER_CIRCUITS)
                        .build()
                        .toByteArray());
        getContext()
                .pipeToSelf(
                        ask.router().request(Lane.LOW, request, ANSWER_WITHIN),
                        (answer, failure) -> new Left(ask.router(), failure == null ? circuits(answer) : null));
        return this;
    }

    private static @Nullable String circuits(Message answer) {
        try {
            return InspectResponse.parseFrom(answer.bodyBytes()).getValuesList().stream()
                    .filter(v -> v.getName().equals(ROUTER_CIRCUITS))
                    .map(InspectResponse.InspectValue::getValue)
                    .findFirst()
                    .orElse(null);
        } catch (InvalidProtocolBufferException e) {
            return null;
        }
    }

    /** The text differs between routers, but names every circuit that the router has: one that is not in it is gone. */
    private Behavior<Command> left(Left left) {
        String text = left.circuits();
        if (text != null && !left.router().isClosed()) {
            endingAt(left.router())
                    .filter(e -> !text.contains(e.status().orElseThrow().id().value()))
                    .forEach(e -> e.actor().tell(new CircuitActor.Remove(true, "its router has lost it")));
        }
        return this;
    }

    private void settled(ActorRef<Void> circuit) {
        Opening was = opening.remove(circuit);
        if (was != null) {
            openingOf.computeIfPresent(was.router(), (r, n) -> n <= 1 ? null : n - 1);
        }
    }

    private Behavior<Command> linkLost(LinkLost lost) {
        // Those being opened are told too: they know their path themselves.
        for (CircuitTable.Entry entry : state.circuits().entries().values()) {
            if (entry.status().map(s -> s.links().contains(lost.link())).orElse(true)) {
                entry.actor().tell(new CircuitActor.LinkLost(lost.link()));
            }
        }
        return this;
    }

    private Behavior<Command> committed(Committed committed) {
        ModelView view = committed.commit().after();
        for (CircuitTable.Entry entry : state.circuits().concerning(LostRights.of(committed.commit()))) {
            CircuitRights.lost(entry, view, state.now())
                    .ifPresent(reason -> entry.actor().tell(new CircuitActor.Remove(true, reason)));
        }
        return this;
    }

    /** Hosted ones are forgotten; configured ones are kept as a last resort (protocol/03 section 8.4, code 1). */
    private Behavior<Command> terminatorInvalid(TerminatorInvalid invalid) {
        if (state.terminators().removeSoft(invalid.id())) {
            return this;
        }
        Optional<Terminator> configured = state.model().view().get(Terminators.TYPE, invalid.id());
        if (configured.isEmpty()) {
            return this;
        }
        Terminator t = configured.get();
        Change change = "edge".equals(t.binding()) || "tunnel".equals(t.binding())
                ? new Change.Delete(Terminators.TYPE, t.id())
                : new Change.Put<>(
                        Terminators.TYPE,
                        io.zitipekko.actors.fabric.terminator.TerminatorDirectory.with(
                                t, t.cost(), Precedence.FAILED, state.clock()),
                        t);
        state.model()
                .propose(new Proposal(List.of(change), Proposal.Author.CONTROLLER))
                .whenComplete((commit, failure) -> {
                    if (failure != null) {
                        LOG.warn("terminator {} stays as it is: {}", t.id(), failure.getMessage());
                    }
                });
        return this;
    }

    private Behavior<Command> optimize() {
        Topology topology = state.topology();
        record Dear(CircuitTable.Entry entry, Path path, long cost) {}
        List<Dear> dear = new ArrayList<>();
        for (CircuitTable.Entry entry : state.circuits().entries().values()) {
            CircuitStatus status = entry.status().orElse(null);
            if (status != null && status.links().size() > 0) {
                Path path = new Path(status.nodes(), status.links(), 0);
                topology.costOf(path, state.links().links()).ifPresent(cost -> dear.add(new Dear(entry, path, cost)));
            }
        }
        var tuning = state.settings().network();
        int limit =
                Math.min(tuning.smartRerouteCap(), Math.max(1, (int) (dear.size() * tuning.smartRerouteFraction())));
        dear.sort(Comparator.comparingLong(Dear::cost).reversed());
        dear.stream().limit(limit).forEach(d -> topology.shortestPath(
                        d.path().ingress(), d.path().egress())
                .filter(better -> d.cost() - better.cost() >= tuning.smartMinCostDelta())
                .filter(better -> !better.sameWayAs(d.path()))
                .ifPresent(better -> d.entry().actor().tell(new CircuitActor.Move(better))));
        return this;
    }
}
