package io.zitipekko.actors.fabric.link;

import io.zitipekko.actors.event.LinkEvent;
import io.zitipekko.actors.fabric.FabricState;
import io.zitipekko.actors.fabric.LinkId;
import io.zitipekko.actors.fabric.LinkStatus;
import io.zitipekko.actors.fabric.LinkStatus.State;
import io.zitipekko.actors.fabric.circuit.Circuits;
import io.zitipekko.actors.model.id.RouterId;
import io.zitipekko.transport.channel.Lane;
import io.zitipekko.transport.control.ControlContentType;
import io.zitipekko.transport.control.proto.Fault;
import io.zitipekko.transport.control.proto.FaultSubject;
import java.time.Duration;
import java.util.List;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.javadsl.AbstractBehavior;
import org.apache.pekko.actor.typed.javadsl.ActorContext;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.apache.pekko.actor.typed.javadsl.Receive;
import org.apache.pekko.actor.typed.javadsl.TimerScheduler;
import org.jspecify.annotations.Nullable;

/**
 * One link: its state, iteration, cost and latencies (protocol/03 section 9). Started by {@link Links} at its first report. While the router that dialed
 * it has no control channel the link is not offered to new circuits, but circuits on it are left alone for a while: the link itself may
 * well live. When this actor fails it stops, and the link is gone until its router reports it again.
 */
public final class LinkActor extends AbstractBehavior<LinkActor.Command> {
    /** What may happen to a link. */
    sealed interface Command {}

    /** Its dialer reports it (again). */
    record Reported(RouterId source, LinkReport report) implements Command {}

    /** Its underlays changed. */
    record StateUpdated(RouterId source, int iteration, int stateIteration, List<LinkStatus.Connection> connections)
            implements Command {}

    /** One of its routers says that it is closed, or that it lost against a duplicate. Iteration 0: whichever. */
    record Faulted(RouterId from, int iteration, boolean duplicate) implements Command {}

    /** One of its routers measured it: round trip and time in queue. */
    record Measured(RouterId from, Duration latency) implements Command {}

    /** Its dialer listed all its links, and this one was not among them. */
    record NotListed(RouterId source) implements Command {}

    /** A router's control channel closed. */
    record Disconnected(RouterId router) implements Command {}

    /** One of its routers may have no links any more. */
    record Distrusted(RouterId router) implements Command {}

    /** An operator's override; null leaves as is. */
    record Update(@Nullable Integer staticCost, @Nullable Boolean down) implements Command {}

    /** An operator wants it gone. */
    enum Close implements Command {
        INSTANCE
    }

    private enum Expired implements Command {
        INSTANCE
    }

    private static final Duration KEEP_FAILED = Duration.ofSeconds(30);
    private static final Duration KEEP_ORPHANED = Duration.ofSeconds(30);
    private static final Duration LARGEST_LATENCY = Duration.ofDays(1);

    private final FabricState state;
    private final TimerScheduler<Command> timers;
    private final ActorRef<Circuits.Command> circuits;
    private final LinkId id;
    private final RouterId source;
    private LinkReport report;
    private State linkState = State.CONNECTED;
    private boolean orphaned;
    private boolean down;
    private int staticCost = 1;
    private Duration sourceLatency;
    private Duration destLatency;

    static Behavior<Command> create(
            FabricState state, ActorRef<Circuits.Command> circuits, RouterId source, LinkReport report) {
        return Behaviors.setup(context -> Behaviors.withTimers(
                timers -> new LinkActor(context, timers, state, circuits, source, report).begin()));
    }

    private LinkActor(
            ActorContext<Command> context,
            TimerScheduler<Command> timers,
            FabricState state,
            ActorRef<Circuits.Command> circuits,
            RouterId source,
            LinkReport report) {
        super(context);
        this.state = state;
        this.timers = timers;
        this.circuits = circuits;
        this.id = report.id();
        this.source = source;
        this.report = report;
        this.sourceLatency = state.settings().network().initialLinkLatency();
        this.destLatency = sourceLatency;
    }

    @Override
    public Receive<Command> createReceive() {
        return newReceiveBuilder()
                .onMessage(Reported.class, this::reported)
                .onMessage(StateUpdated.class, this::stateUpdated)
                .onMessage(Faulted.class, this::faulted)
                .onMessage(Measured.class, this::measured)
                .onMessage(NotListed.class, this::notListed)
                .onMessage(Disconnected.class, this::disconnected)
                .onMessage(Distrusted.class, this::distrusted)
                .onMessage(Update.class, this::update)
                .onMessage(Close.class, close -> close())
                .onMessage(Expired.class, expired -> gone("forgotten"))
                .build();
    }

    private Behavior<Command> begin() {
        show();
        publish("routerLinkNew", "reported by its dialer");
        return this;
    }

    private Behavior<Command> reported(Reported reported) {
        LinkReport newer = reported.report();
        if (!reported.source().equals(source)
                || !newer.dest().equals(report.dest())
                || Integer.compareUnsigned(newer.iteration(), report.iteration()) < 0) {
            getContext().getLog().debug("link {}: report of {} ignored: {}", id, reported.source(), newer);
            return this;
        }
        boolean redialed = newer.iteration() != report.iteration();
        if (!redialed && linkState != State.CONNECTED) {
            // It fell, and only a new dial of it brings it back.
            return this;
        }
        report = newer;
        linkState = State.CONNECTED;
        orphaned = false;
        timers.cancelAll();
        if (redialed) {
            sourceLatency = state.settings().network().initialLinkLatency();
            destLatency = sourceLatency;
        }
        show();
        return this;
    }

    private Behavior<Command> stateUpdated(StateUpdated update) {
        if (update.source().equals(source)
                && update.iteration() == report.iteration()
                && Integer.compareUnsigned(update.stateIteration(), report.stateIteration()) > 0) {
            report = new LinkReport(
                    id,
                    report.dest(),
                    report.protocol(),
                    report.dialAddress(),
                    report.iteration(),
                    update.stateIteration(),
                    update.connections());
            show();
            publish("connectionsUpdated", "reported by its dialer");
        }
        return this;
    }

    private Behavior<Command> faulted(Faulted fault) {
        boolean itsRouter = fault.from().equals(source) || fault.from().equals(report.dest());
        boolean stale = fault.iteration() != 0 && Integer.compareUnsigned(fault.iteration(), report.iteration()) < 0;
        if (!itsRouter || stale || linkState != State.CONNECTED) {
            return this;
        }
        RouterId other = fault.from().equals(source) ? report.dest() : source;
        fail(fault.duplicate() ? State.DUPLICATE : State.FAILED, "reported by " + fault.from());
        tellFault(other);
        return this;
    }

    private void fail(State newState, String reason) {
        linkState = newState;
        show();
        circuits.tell(new Circuits.LinkLost(id));
        timers.startSingleTimer(Expired.INSTANCE, KEEP_FAILED);
        publish("fault", reason);
    }

    private void tellFault(RouterId router) {
        state.routers()
                .get(router)
                .ifPresent(r -> r.send(
                        Lane.DEFAULT,
                        ControlContentType.FAULT,
                        Fault.newBuilder()
                                .setSubject(FaultSubject.LINK_FAULT)
                                .setId(id.value())
                                .setIteration(report.iteration())
                                .build()));
    }

    private Behavior<Command> measured(Measured measured) {
        Duration latency = measured.latency().compareTo(LARGEST_LATENCY) > 0 ? LARGEST_LATENCY : measured.latency();
        if (measured.from().equals(source)) {
            sourceLatency = latency;
        } else if (measured.from().equals(report.dest())) {
            destLatency = latency;
        } else {
            return this;
        }
        show();
        return this;
    }

    private Behavior<Command> notListed(NotListed notListed) {
        return notListed.source().equals(source) ? gone("not listed by its dialer any more") : this;
    }

    private Behavior<Command> disconnected(Disconnected disconnected) {
        if (disconnected.router().equals(source) && linkState == State.CONNECTED) {
            orphaned = true;
            state.links().remove(id);
            timers.startSingleTimer(Expired.INSTANCE, KEEP_ORPHANED);
            publish("routerLinkDisconnectedDest", "its dialer disconnected");
        }
        return this;
    }

    private Behavior<Command> distrusted(Distrusted distrusted) {
        boolean dialer = distrusted.router().equals(source);
        if (!dialer && !distrusted.router().equals(report.dest())) {
            return this;
        }
        tellFault(dialer ? report.dest() : source);
        return gone("router " + distrusted.router() + " was disabled, deleted or must enroll again");
    }

    private Behavior<Command> update(Update update) {
        boolean wasUsable = status().usable();
        if (update.staticCost() != null) {
            staticCost = update.staticCost();
        }
        if (update.down() != null) {
            down = update.down();
        }
        show();
        if (wasUsable && !status().usable() || update.staticCost() != null) {
            // Circuits look for the cheapest way again, which may well be the one they have.
            circuits.tell(new Circuits.LinkLost(id));
        }
        return this;
    }

    private Behavior<Command> close() {
        tellFault(source);
        tellFault(report.dest());
        return gone("removed by an operator");
    }

    /** Not done when the node stops: circuits must outlive that. */
    private Behavior<Command> gone(String reason) {
        state.links().remove(id);
        circuits.tell(new Circuits.LinkLost(id));
        publish("routerLinkRemoved", reason);
        return Behaviors.stopped();
    }

    private LinkStatus status() {
        return new LinkStatus(
                id,
                report.iteration(),
                source,
                report.dest(),
                report.protocol(),
                report.dialAddress(),
                linkState,
                down,
                staticCost,
                sourceLatency,
                destLatency,
                staticCost + sourceLatency.toMillis() + destLatency.toMillis(),
                report.connections());
    }

    private void show() {
        if (!orphaned) {
            state.links().put(status());
        }
    }

    private void publish(String what, String reason) {
        state.events().publish(new LinkEvent(state.now(), what, status(), reason));
    }
}
