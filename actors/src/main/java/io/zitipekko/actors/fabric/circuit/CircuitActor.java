package io.zitipekko.actors.fabric.circuit;

import com.google.protobuf.InvalidProtocolBufferException;
import io.zitipekko.actors.event.AccessRefused;
import io.zitipekko.actors.fabric.CircuitStatus;
import io.zitipekko.actors.fabric.FabricState;
import io.zitipekko.actors.fabric.LinkId;
import io.zitipekko.actors.fabric.control.ConnectedRouter;
import io.zitipekko.actors.fabric.path.Path;
import io.zitipekko.actors.model.entity.Terminator;
import io.zitipekko.actors.model.id.RouterId;
import io.zitipekko.transport.channel.Lane;
import io.zitipekko.transport.channel.Message;
import io.zitipekko.transport.control.ControlContentType;
import io.zitipekko.transport.control.ControlHeader;
import io.zitipekko.transport.control.PeerData;
import io.zitipekko.transport.control.RouteErrorCode;
import io.zitipekko.transport.control.RouteResult;
import io.zitipekko.transport.control.proto.Route;
import io.zitipekko.transport.edge.EdgeErrorCode;
import io.zitipekko.transport.edge.EdgeHeader;
import io.zitipekko.transport.edge.RetryHint;
import io.zitipekko.transport.xgress.CircuitId;
import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.apache.pekko.Done;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.javadsl.AbstractBehavior;
import org.apache.pekko.actor.typed.javadsl.ActorContext;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.apache.pekko.actor.typed.javadsl.Receive;
import org.apache.pekko.actor.typed.javadsl.TimerScheduler;
import org.jspecify.annotations.Nullable;

/**
 * One circuit, from the request to its removal. Started by {@link Circuits} for each request; here it is admitted and routed over all hops in parallel,
 * twice if need be, and answered; then {@link OpenCircuit} takes over. A dial writes nothing to disk. When this actor fails it stops, and its
 * parent unroutes the circuit. When the node stops nothing is unrouted: what flows goes on flowing without a controller.
 */
public final class CircuitActor extends AbstractBehavior<CircuitActor.Command> {
    /** What may happen to a circuit. */
    public sealed interface Command {}

    /** A router's answer to a Route. */
    public record Routed(RouterId from, RouteResult result) implements Command {}

    /** A link cannot be used any more. */
    public record LinkLost(LinkId link) implements Command {}

    /** A router on the path cannot forward. */
    public record ForwardFault(RouterId from) implements Command {}

    /** A router reports that its end of the circuit has closed. */
    public record EndClosed(RouterId from) implements Command {}

    /** A router reports how long the circuit has been idle there. */
    public record Idle(RouterId from, Duration idle) implements Command {}

    /** Ends the circuit; {@code now}: without letting buffered data drain. */
    public record Remove(boolean now, String reason, Optional<ActorRef<Done>> replyTo) implements Command {
        public Remove(boolean now, String reason) {
            this(now, reason, Optional.empty());
        }
    }

    /** Moves the circuit to a cheaper path. */
    record Move(Path path) implements Command {}

    /** Tries again to find a way around what was lost. */
    enum RetryReroute implements Command {
        INSTANCE
    }

    private record TimedOut(int attempt) implements Command {}

    private static final String TIMER = "attempt";

    private final FabricState state;
    private final TimerScheduler<Command> timers;
    private final ConnectedRouter ingress;
    private final Message request;
    private final CircuitDial dial;
    private final CircuitId id;
    private final CircuitTable.Entry entry;
    private final ActorRef<Circuits.Command> parent;
    private final Instant arrived;
    private final Instant deadline;
    /** Routers that hold, or may hold, forwards of an abandoned attempt. */
    private final Set<RouterId> leftovers = new HashSet<>();

    private int attempt;
    private @Nullable RoutePlan plan;
    private PeerData strategyData = PeerData.EMPTY;
    private PeerData egressData = PeerData.EMPTY;
    private Map<String, String> tags = Map.of();
    private final Set<RouterId> awaited = new HashSet<>();
    private final Set<RouterId> routed = new HashSet<>();

    /**
     * @param ingress the router that asks
     * @param request its message
     * @param arrived when it came
     */
    static Behavior<Command> create(
            FabricState state,
            CircuitAdmission admission,
            ActorRef<Circuits.Command> parent,
            ConnectedRouter ingress,
            Message request,
            Instant arrived) {
        return Behaviors.setup(context -> {
            CircuitAdmission.Verdict verdict;
            try {
                verdict = admission.admit(ingress.id(), request);
            } catch (InvalidProtocolBufferException | IllegalArgumentException e) {
                context.getLog().debug("circuit request of {} cannot be decoded: {}", ingress, e.getMessage());
                return Behaviors.stopped();
            }
            if (verdict instanceof CircuitAdmission.Refused refused) {
                context.getLog().debug("circuit refused to {}: {}", ingress, refused.text());
                ingress.reply(
                        Lane.HIGH,
                        request,
                        CircuitReply.failure(request, refused.code(), refused.hint(), refused.text(), ""));
                state.events()
                        .publish(new AccessRefused(
                                state.now(),
                                AccessRefused.Door.CIRCUIT,
                                "router " + ingress.id(),
                                ingress.remoteAddress(),
                                refused.code().name(),
                                refused.text()));
                return Behaviors.stopped();
            }
            CircuitDial dial = ((CircuitAdmission.Admitted) verdict).dial();
            CircuitId id = dial.requestedId()
                    .orElseGet(() -> new CircuitId(UUID.randomUUID().toString()));
            CircuitTable.Entry entry = new CircuitTable.Entry(context.getSelf(), ingress.id(), dial);
            if (!state.circuits().reserve(id, entry)) {
                String text = "circuit id " + id + " is in use";
                ingress.reply(
                        Lane.HIGH,
                        request,
                        CircuitReply.failure(request, EdgeErrorCode.INTERNAL, RetryHint.DEFAULT, text, ""));
                return Behaviors.stopped();
            }
            // What was lost between the decision and the entry in the table, nobody told us.
            Optional<String> lost = CircuitRights.lost(entry, state.model().view(), state.now());
            if (lost.isPresent()) {
                state.circuits().release(id, entry);
                ingress.reply(
                        Lane.HIGH,
                        request,
                        CircuitReply.failure(
                                request, EdgeErrorCode.ACCESS_DENIED, RetryHint.START_OVER, lost.get(), ""));
                return Behaviors.stopped();
            }
            return Behaviors.withTimers(timers -> new CircuitActor(
                            context, timers, state, parent, ingress, request, dial, id, entry, arrived)
                    .begin());
        });
    }

    private CircuitActor(
            ActorContext<Command> context,
            TimerScheduler<Command> timers,
            FabricState state,
            ActorRef<Circuits.Command> parent,
            ConnectedRouter ingress,
            Message request,
            CircuitDial dial,
            CircuitId id,
            CircuitTable.Entry entry,
            Instant arrived) {
        super(context);
        this.state = state;
        this.timers = timers;
        this.parent = parent;
        this.ingress = ingress;
        this.request = request;
        this.dial = dial;
        this.id = id;
        this.entry = entry;
        this.arrived = arrived;
        this.deadline = arrived.plus(state.settings().network().routeTimeout());
    }

    @Override
    public Receive<Command> createReceive() {
        return newReceiveBuilder()
                .onMessage(Routed.class, this::routed)
                .onMessage(TimedOut.class, this::timedOut)
                .onMessage(LinkLost.class, this::linkLost)
                .onMessage(Remove.class, this::remove)
                .onMessage(EndClosed.class, this::endClosed)
                .onAnyMessage(other -> this)
                .build();
    }

    private Behavior<Command> begin() {
        if (state.settings().network().createCircuitRetries() == 0) {
            return fail(new CircuitFailure(CircuitFailure.Cause.NO_PATH, "createCircuitRetries is 0"));
        }
        return attempt(0);
    }

    private Behavior<Command> attempt(int number) {
        attempt = number;
        awaited.clear();
        routed.clear();
        egressData = PeerData.EMPTY;
        TerminatorSelection.Outcome outcome = TerminatorSelection.select(state, ingress.id(), dial);
        if (outcome instanceof TerminatorSelection.None none) {
            return fail(none.failure());
        }
        TerminatorSelection.Chosen chosen = (TerminatorSelection.Chosen) outcome;
        plan = RoutePlan.fresh(id, chosen.path(), chosen.terminator());
        strategyData = chosen.peerData();
        Terminator terminator = plan.terminator();
        tags = dial.tags(terminator);
        Map<RouterId, Route> routes =
                plan.creation(attempt, left(), dial.clientData(), tags, dial.logFields(id, attempt));
        awaited.addAll(routes.keySet());
        timers.startSingleTimer(
                TIMER, new TimedOut(attempt), state.settings().network().routeTimeout());
        for (Map.Entry<RouterId, Route> route : routes.entrySet()) {
            boolean sent = state.routers()
                    .get(route.getKey())
                    .map(r -> r.send(Lane.HIGH, ControlContentType.ROUTE, route.getValue()))
                    .orElse(false);
            if (!sent) {
                return attemptFailed(
                        route.getKey(),
                        new CircuitFailure(
                                CircuitFailure.Cause.ROUTER_ERR_GENERIC, "router is not connected any more"));
            }
        }
        return this;
    }

    private Duration left() {
        return Duration.between(state.now(), deadline);
    }

    private Behavior<Command> routed(Routed message) {
        RouteResult result = message.result();
        if (result.attempt() != attempt) {
            // A late answer to an attempt that was given up: cleaned when the outcome is known.
            if (result.success()) {
                leftovers.add(message.from());
            }
            return this;
        }
        if (!awaited.remove(message.from())) {
            return this;
        }
        if (!result.success()) {
            invalidTerminator(message.from(), result);
            CircuitFailure.Cause cause = CircuitFailure.Cause.of(result.errorCode());
            return attemptFailed(message.from(), new CircuitFailure(cause, result.error()));
        }
        routed.add(message.from());
        if (message.from().equals(plan().path().egress())) {
            egressData = result.peerData()
                    .without(
                            ControlHeader.TERMINATOR_LOCAL_ADDRESS,
                            ControlHeader.TERMINATOR_REMOTE_ADDRESS,
                            ControlHeader.INITIATOR_LOCAL_ADDRESS,
                            ControlHeader.INITIATOR_REMOTE_ADDRESS);
        }
        return awaited.isEmpty() ? opened() : this;
    }

    private RoutePlan plan() {
        return java.util.Objects.requireNonNull(plan);
    }

    private void invalidTerminator(RouterId from, RouteResult result) {
        Terminator terminator = plan().terminator();
        if (from.equals(terminator.routerId()) && result.errorCode() == RouteErrorCode.INVALID_TERMINATOR) {
            parent.tell(new Circuits.TerminatorInvalid(terminator.id()));
        }
    }

    private Behavior<Command> timedOut(TimedOut timeout) {
        if (timeout.attempt() != attempt) {
            return this;
        }
        RouterId silent = awaited.contains(plan().path().egress())
                ? plan().path().egress()
                : awaited.iterator().next();
        return attemptFailed(
                silent, new CircuitFailure(CircuitFailure.Cause.ROUTER_RESPONSE_TIMEOUT, "timeout waiting for router"));
    }

    private Behavior<Command> linkLost(LinkLost lost) {
        return plan().path().uses(lost.link())
                ? attemptFailed(
                        plan().path().ingress(),
                        new CircuitFailure(
                                CircuitFailure.Cause.ROUTER_ERR_INVALID_LINK_DESTINATION,
                                "link " + lost.link() + " was lost"))
                : this;
    }

    private Behavior<Command> attemptFailed(RouterId router, CircuitFailure failure) {
        Terminator terminator = plan().terminator();
        boolean timedOut = failure.cause() == CircuitFailure.Cause.ROUTER_RESPONSE_TIMEOUT;
        if (timedOut || router.equals(terminator.routerId())) {
            state.terminators().dialFailed(terminator.id());
        }
        abandonAttempt();
        int attempts = state.settings().network().createCircuitRetries();
        if (attempt + 1 < attempts) {
            return attempt(attempt + 1);
        }
        return fail(new CircuitFailure(
                failure.cause(),
                "exceeded maximum [" + attempts + "] retries creating circuit [c/" + id
                        + "] (error creating route for [s/" + dial.service().id() + "] on [r/" + router + "] ("
                        + failure.text() + "))"));
    }

    /**
     * Not only those who have said that they route: an answer that is on its way would find nobody, or this actor already stopped, and its
     * sender would keep the forwards.
     */
    private void abandonAttempt() {
        leftovers.addAll(routed);
        leftovers.addAll(awaited);
    }

    private Behavior<Command> fail(CircuitFailure failure) {
        return fail(EdgeErrorCode.INTERNAL, RetryHint.DEFAULT, failure);
    }

    private Behavior<Command> fail(EdgeErrorCode code, RetryHint hint, CircuitFailure failure) {
        abandonAttempt();
        leftovers.forEach(r -> OpenCircuit.unroute(state, r, id, true));
        state.circuits().release(id, entry);
        ingress.reply(Lane.HIGH, request, CircuitReply.failure(request, code, hint, failure.text(), id.value()));
        state.events().publish(CircuitEvents.failed(state.now(), id, dial, plan, failure, tags));
        getContext().getLog().debug("circuit {} failed: {}", id, failure.text());
        return Behaviors.stopped();
    }

    private Behavior<Command> opened() {
        timers.cancel(TIMER);
        Terminator terminator = plan().terminator();
        PeerData peerData =
                PeerData.ofBytes(terminator.peerData()).merge(strategyData).merge(egressData);
        if (dial.service().encryptionRequired() && !peerData.has(EdgeHeader.PUBLIC_KEY)) {
            return fail(
                    EdgeErrorCode.ENCRYPTION_DATA_MISSING,
                    RetryHint.START_OVER,
                    new CircuitFailure(
                            CircuitFailure.Cause.ENCRYPTION_DATA_MISSING,
                            "service '" + dial.service().name()
                                    + "' requires encryption, but the host sent no public key"));
        }
        Message answer;
        try {
            answer = CircuitReply.success(request, id.value(), plan().ingressAddress(), peerData, tags);
        } catch (IllegalArgumentException e) {
            return fail(new CircuitFailure(
                    CircuitFailure.Cause.ROUTER_ERR_GENERIC,
                    "the host's peer data cannot be passed on: " + e.getMessage()));
        }
        leftovers.removeAll(plan().path().nodes());
        leftovers.forEach(r -> OpenCircuit.unroute(state, r, id, true));
        Instant now = state.now();
        CircuitStatus status = new CircuitStatus(
                id,
                dial.clientId(),
                dial.service().id(),
                terminator.id(),
                plan().path().nodes(),
                plan().path().links(),
                now,
                now,
                tags);
        state.circuits()
                .opened(
                        entry,
                        status,
                        new CircuitTable.HostEnd(
                                plan().path().egress(),
                                Optional.ofNullable(terminator.hostId()),
                                state.terminators().hostedBy(terminator.id())));
        state.terminators().dialSucceeded(terminator.id());
        state.terminators().circuitOpened(terminator.id());
        parent.tell(new Circuits.Settled(getContext().getSelf()));
        Behavior<Command> open = OpenCircuit.create(state, timers, entry, dial, plan(), status);
        state.events().publish(CircuitEvents.of(now, "created", status, dial, Duration.between(arrived, now)));
        CircuitRights.lost(entry, state.model().view(), now)
                .ifPresent(reason -> getContext().getSelf().tell(new Remove(true, reason)));
        if (!ingress.reply(Lane.HIGH, request, answer)) {
            // Whoever asked is gone: nobody would ever close the circuit.
            getContext().getSelf().tell(new Remove(true, "the router that asked is gone"));
        }
        return open;
    }

    private Behavior<Command> remove(Remove remove) {
        remove.replyTo().ifPresent(r -> r.tell(Done.getInstance()));
        leftovers.addAll(plan().path().nodes());
        return fail(new CircuitFailure(CircuitFailure.Cause.ROUTER_ERR_GENERIC, remove.reason()));
    }

    private Behavior<Command> endClosed(EndClosed closed) {
        // An end of this attempt that closes before the last hop has answered: the answer will never be of use.
        boolean itsEnd = closed.from().equals(plan().path().egress())
                || closed.from().equals(plan().path().ingress());
        if (itsEnd && routed.contains(closed.from())) {
            leftovers.addAll(plan().path().nodes());
            return fail(new CircuitFailure(
                    CircuitFailure.Cause.ROUTER_ERR_GENERIC, "an end closed while the circuit was being built"));
        }
        return this;
    }
}
