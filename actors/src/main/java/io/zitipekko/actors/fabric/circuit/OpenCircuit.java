package io.zitipekko.actors.fabric.circuit;

import io.zitipekko.actors.fabric.CircuitStatus;
import io.zitipekko.actors.fabric.FabricState;
import io.zitipekko.actors.fabric.path.Path;
import io.zitipekko.actors.fabric.path.PathFinder;
import io.zitipekko.actors.model.entity.Service;
import io.zitipekko.actors.model.id.RouterId;
import io.zitipekko.actors.model.type.Services;
import io.zitipekko.transport.channel.Lane;
import io.zitipekko.transport.control.ControlContentType;
import io.zitipekko.transport.control.proto.Route;
import io.zitipekko.transport.control.proto.Unroute;
import io.zitipekko.transport.xgress.CircuitId;
import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.apache.pekko.Done;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.javadsl.AbstractBehavior;
import org.apache.pekko.actor.typed.javadsl.ActorContext;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.apache.pekko.actor.typed.javadsl.Receive;
import org.apache.pekko.actor.typed.javadsl.TimerScheduler;
import org.jspecify.annotations.Nullable;

/**
 * A circuit that carries traffic (protocol/03 section 8.6): moved when a link on its path is lost, removed when an end closes, when it has been idle
 * for too long, or when its right is gone. While there is no way around a lost link it waits a little for one, as long as both ends are
 * connected: ends retransmit, so a link that comes back saves the circuit.
 */
final class OpenCircuit extends AbstractBehavior<CircuitActor.Command> {
    private static final Duration RETRY_EVERY = Duration.ofSeconds(1);
    private static final Duration REROUTE_WITHIN = Duration.ofSeconds(15);
    private static final String TIMER = "reroute";

    private final FabricState state;
    private final TimerScheduler<CircuitActor.Command> timers;
    private final CircuitTable.Entry entry;
    private final CircuitDial dial;
    private RoutePlan plan;
    private CircuitStatus status;
    /** Where a running reroute leads; null when none runs. */
    private @Nullable Path next;

    private @Nullable Instant rerouteUntil;
    private int failures;
    private final Set<RouterId> awaited = new HashSet<>();

    static Behavior<CircuitActor.Command> create(
            FabricState state,
            TimerScheduler<CircuitActor.Command> timers,
            CircuitTable.Entry entry,
            CircuitDial dial,
            RoutePlan plan,
            CircuitStatus status) {
        return Behaviors.setup(context -> new OpenCircuit(context, state, timers, entry, dial, plan, status));
    }

    private OpenCircuit(
            ActorContext<CircuitActor.Command> context,
            FabricState state,
            TimerScheduler<CircuitActor.Command> timers,
            CircuitTable.Entry entry,
            CircuitDial dial,
            RoutePlan plan,
            CircuitStatus status) {
        super(context);
        this.state = state;
        this.timers = timers;
        this.entry = entry;
        this.dial = dial;
        this.plan = plan;
        this.status = status;
    }

    @Override
    public Receive<CircuitActor.Command> createReceive() {
        return newReceiveBuilder()
                .onMessage(CircuitActor.Routed.class, this::routed)
                .onMessage(CircuitActor.LinkLost.class, this::linkLost)
                .onMessage(CircuitActor.ForwardFault.class, this::forwardFault)
                .onMessage(CircuitActor.EndClosed.class, this::endClosed)
                .onMessage(CircuitActor.Idle.class, this::idle)
                .onMessage(CircuitActor.Move.class, move -> next == null ? reroute(move.path()) : this)
                .onMessage(CircuitActor.RetryReroute.class, retry -> retryReroute())
                .onMessage(CircuitActor.Remove.class, this::remove)
                .onAnyMessage(other -> this)
                .build();
    }

    private Behavior<CircuitActor.Command> linkLost(CircuitActor.LinkLost lost) {
        return plan.path().uses(lost.link()) || next != null && next.uses(lost.link()) ? findWay() : this;
    }

    private Behavior<CircuitActor.Command> forwardFault(CircuitActor.ForwardFault fault) {
        if (!plan.path().nodes().contains(fault.from())) {
            unroute(state, fault.from(), status.id(), true);
            return this;
        }
        return next == null ? findWay() : this;
    }

    private Behavior<CircuitActor.Command> findWay() {
        RouterId from = plan.path().ingress();
        RouterId to = plan.path().egress();
        Optional<Path> way = state.topology().shortestPath(from, to);
        if (way.isPresent()) {
            return reroute(way.get());
        }
        if (rerouteUntil == null) {
            rerouteUntil = state.now().plus(REROUTE_WITHIN);
        }
        boolean endsThere =
                state.routers().get(from).isPresent() && state.routers().get(to).isPresent();
        if (!endsThere || !state.now().isBefore(rerouteUntil)) {
            return end(true, "no path left between its routers");
        }
        next = null;
        awaited.clear();
        timers.startSingleTimer(TIMER, CircuitActor.RetryReroute.INSTANCE, RETRY_EVERY);
        return this;
    }

    private Behavior<CircuitActor.Command> retryReroute() {
        if (next != null) {
            // The routers did not all answer in time.
            return rerouteFailed("timeout waiting for routers " + awaited);
        }
        return findWay();
    }

    private Behavior<CircuitActor.Command> reroute(Path path) {
        next = path;
        awaited.clear();
        Duration timeout = state.settings().network().routeTimeout();
        Map<RouterId, Route> routes = plan.over(path).reroute(timeout);
        awaited.addAll(routes.keySet());
        timers.startSingleTimer(TIMER, CircuitActor.RetryReroute.INSTANCE, timeout);
        for (Map.Entry<RouterId, Route> route : routes.entrySet()) {
            boolean sent = state.routers()
                    .get(route.getKey())
                    .map(r -> r.send(Lane.HIGH, ControlContentType.ROUTE, route.getValue()))
                    .orElse(false);
            if (!sent) {
                return rerouteFailed("router " + route.getKey() + " is not connected any more");
            }
        }
        return this;
    }

    private Behavior<CircuitActor.Command> routed(CircuitActor.Routed message) {
        if (message.result().attempt() != RoutePlan.REROUTE_ATTEMPT) {
            // Late success of an abandoned attempt, on a router that is not needed.
            if (message.result().success() && !plan.path().nodes().contains(message.from())) {
                unroute(state, message.from(), status.id(), true);
            }
            return this;
        }
        if (next == null || !awaited.remove(message.from())) {
            return this;
        }
        if (!message.result().success()) {
            return rerouteFailed(message.result().error());
        }
        return awaited.isEmpty() ? moved(next) : this;
    }

    private Behavior<CircuitActor.Command> rerouteFailed(String reason) {
        failures++;
        getContext().getLog().debug("circuit {}: reroute failed: {}", status.id(), reason);
        if (failures >= 2) {
            return end(true, "reroute failed twice: " + reason);
        }
        next = null;
        awaited.clear();
        timers.startSingleTimer(TIMER, CircuitActor.RetryReroute.INSTANCE, RETRY_EVERY);
        return this;
    }

    private Behavior<CircuitActor.Command> moved(Path path) {
        timers.cancel(TIMER);
        PathFinder.dropped(plan.path(), path).forEach(r -> unroute(state, r, status.id(), true));
        plan = plan.over(path);
        next = null;
        rerouteUntil = null;
        failures = 0;
        status = new CircuitStatus(
                status.id(),
                status.clientId(),
                status.serviceId(),
                status.terminatorId(),
                path.nodes(),
                path.links(),
                status.createdAt(),
                state.now(),
                status.tags());
        entry.moved(status);
        state.events().publish(CircuitEvents.of(state.now(), "pathUpdated", status, dial, null));
        return this;
    }

    private Behavior<CircuitActor.Command> endClosed(CircuitActor.EndClosed closed) {
        boolean itsEnd = closed.from().equals(plan.path().ingress())
                || closed.from().equals(plan.path().egress());
        return itsEnd ? end(false, "closed by an end") : this;
    }

    private Behavior<CircuitActor.Command> idle(CircuitActor.Idle idle) {
        Path path = plan.path();
        if (!path.nodes().contains(idle.from())
                && (next == null || !next.nodes().contains(idle.from()))) {
            unroute(state, idle.from(), status.id(), true);
            return this;
        }
        Optional<Service> service = state.model().view().get(Services.TYPE, status.serviceId());
        if (service.isEmpty()) {
            return end(true, "its service is gone");
        }
        long limit = service.get().maxIdleTimeMillis();
        boolean fromEnd = idle.from().equals(path.ingress()) || idle.from().equals(path.egress());
        return limit > 0 && fromEnd && idle.idle().toMillis() >= limit
                ? end(true, "idle for " + idle.idle().toSeconds() + " s")
                : this;
    }

    private Behavior<CircuitActor.Command> remove(CircuitActor.Remove remove) {
        Behavior<CircuitActor.Command> after = end(remove.now(), remove.reason());
        remove.replyTo().ifPresent(r -> r.tell(Done.getInstance()));
        return after;
    }

    private Behavior<CircuitActor.Command> end(boolean now, String reason) {
        getContext().getLog().debug("circuit {} removed: {}", status.id(), reason);
        Set<RouterId> nodes = new HashSet<>(plan.path().nodes());
        if (next != null) {
            nodes.addAll(next.nodes());
        }
        nodes.forEach(r -> unroute(state, r, status.id(), now));
        state.circuits().release(status.id(), entry);
        state.terminators().circuitClosed(status.terminatorId());
        state.events().publish(CircuitEvents.of(state.now(), "deleted", status, dial, null));
        return Behaviors.stopped();
    }

    static void unroute(FabricState state, RouterId router, CircuitId circuit, boolean now) {
        state.routers()
                .get(router)
                .ifPresent(r -> r.send(
                        Lane.HIGH,
                        ControlContentType.UNROUTE,
                        Unroute.newBuilder()
                                .setCircuitId(circuit.value())
                                .setNow(now)
                                .build()));
    }
}
