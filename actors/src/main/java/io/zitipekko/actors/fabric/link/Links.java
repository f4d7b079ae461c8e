package io.zitipekko.actors.fabric.link;

import io.zitipekko.actors.fabric.FabricState;
import io.zitipekko.actors.fabric.LinkId;
import io.zitipekko.actors.fabric.LinkStatus;
import io.zitipekko.actors.fabric.circuit.Circuits;
import io.zitipekko.actors.model.id.RouterId;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.SupervisorStrategy;
import org.apache.pekko.actor.typed.javadsl.AbstractBehavior;
import org.apache.pekko.actor.typed.javadsl.ActorContext;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.apache.pekko.actor.typed.javadsl.Receive;
import org.jspecify.annotations.Nullable;

/**
 * Parent of all {@link LinkActor}s: starts one for each link that is reported and passes on what concerns it. Resumed when it fails, so that links are
 * not lost with it.
 */
public final class Links extends AbstractBehavior<Links.Command> {
    /** Most links of one router. */
    public static final int MAX_PER_ROUTER = 10_000;

    /** What this actor takes. */
    public sealed interface Command {}

    /** A router reports links that it dialed; with {@code fullRefresh} these are all it has. */
    public record Reported(RouterId source, List<LinkReport> links, boolean fullRefresh) implements Command {}

    /** Underlays of a link changed. */
    public record StateUpdated(
            RouterId source, LinkId link, int iteration, int stateIteration, List<LinkStatus.Connection> connections)
            implements Command {}

    /** A router says that a link closed, or lost against a duplicate. */
    public record Faulted(RouterId from, LinkId link, int iteration, boolean duplicate) implements Command {}

    /** A router's measurements. */
    public record Measured(RouterId from, Map<LinkId, Duration> latencies) implements Command {}

    /** A router's control channel closed. */
    public record Disconnected(RouterId router) implements Command {}

    /** A router was disabled, deleted, or must enroll again: what it has links with drops them at once. */
    public record Distrusted(RouterId router) implements Command {}

    /** An operator's override; null leaves as is. */
    public record Update(LinkId link, @Nullable Integer staticCost, @Nullable Boolean down, ActorRef<Boolean> replyTo)
            implements Command {}

    /** An operator wants a link gone. */
    public record Remove(LinkId link, ActorRef<Boolean> replyTo) implements Command {}

    private record Ended(LinkId link, ActorRef<LinkActor.Command> actor) implements Command {}

    private record Known(RouterId source, ActorRef<LinkActor.Command> actor) {}

    private final FabricState state;
    private final ActorRef<Circuits.Command> circuits;
    private final Map<LinkId, Known> links = new HashMap<>();

    public static Behavior<Command> create(FabricState state, ActorRef<Circuits.Command> circuits) {
        Behavior<Command> behavior = Behaviors.setup(context -> new Links(context, state, circuits));
        return Behaviors.supervise(behavior).onFailure(SupervisorStrategy.resume());
    }

    private Links(ActorContext<Command> context, FabricState state, ActorRef<Circuits.Command> circuits) {
        super(context);
        this.state = state;
        this.circuits = circuits;
    }

    @Override
    public Receive<Command> createReceive() {
        return newReceiveBuilder()
                .onMessage(Reported.class, this::reported)
                .onMessage(
                        StateUpdated.class,
                        u -> forward(
                                u.link(),
                                new LinkActor.StateUpdated(
                                        u.source(), u.iteration(), u.stateIteration(), u.connections())))
                .onMessage(
                        Faulted.class,
                        f -> forward(f.link(), new LinkActor.Faulted(f.from(), f.iteration(), f.duplicate())))
                .onMessage(Measured.class, this::measured)
                .onMessage(Disconnected.class, this::disconnected)
                .onMessage(Distrusted.class, this::distrusted)
                .onMessage(Update.class, this::update)
                .onMessage(Remove.class, this::remove)
                .onMessage(Ended.class, this::ended)
                .build();
    }

    private Behavior<Command> reported(Reported reported) {
        RouterId source = reported.source();
        Set<LinkId> listed = new HashSet<>();
        long known =
                links.values().stream().filter(k -> k.source().equals(source)).count();
        for (LinkReport report : reported.links()) {
            listed.add(report.id());
            Known link = links.get(report.id());
            if (!state.trusts(source) || !state.trusts(report.dest())) {
                getContext()
                        .getLog()
                        .debug("{} reports a link with {}: one of them is not a trusted router", source, report.dest());
            } else if (link != null) {
                link.actor().tell(new LinkActor.Reported(source, report));
            } else if (known++ < MAX_PER_ROUTER && !report.dest().equals(source)) {
                ActorRef<LinkActor.Command> actor =
                        getContext().spawnAnonymous(LinkActor.create(state, circuits, source, report));
                links.put(report.id(), new Known(source, actor));
                getContext().watchWith(actor, new Ended(report.id(), actor));
            }
        }
        if (reported.fullRefresh()) {
            links.forEach((id, link) -> {
                if (link.source().equals(source) && !listed.contains(id)) {
                    link.actor().tell(new LinkActor.NotListed(source));
                }
            });
        }
        return this;
    }

    private Behavior<Command> measured(Measured measured) {
        measured.latencies().forEach((id, latency) -> forward(id, new LinkActor.Measured(measured.from(), latency)));
        return this;
    }

    private Behavior<Command> disconnected(Disconnected disconnected) {
        links.values().forEach(l -> l.actor().tell(new LinkActor.Disconnected(disconnected.router())));
        return this;
    }

    private Behavior<Command> distrusted(Distrusted distrusted) {
        links.values().forEach(l -> l.actor().tell(new LinkActor.Distrusted(distrusted.router())));
        return this;
    }

    private Behavior<Command> update(Update update) {
        update.replyTo().tell(links.containsKey(update.link()));
        return forward(update.link(), new LinkActor.Update(update.staticCost(), update.down()));
    }

    private Behavior<Command> remove(Remove remove) {
        remove.replyTo().tell(links.containsKey(remove.link()));
        return forward(remove.link(), LinkActor.Close.INSTANCE);
    }

    private Behavior<Command> ended(Ended ended) {
        links.computeIfPresent(ended.link(), (id, known) -> known.actor().equals(ended.actor()) ? null : known);
        if (!links.containsKey(ended.link()) && state.links().links().containsKey(ended.link())) {
            // It failed before it could say so itself.
            state.links().remove(ended.link());
            circuits.tell(new Circuits.LinkLost(ended.link()));
        }
        return this;
    }

    private Behavior<Command> forward(LinkId id, LinkActor.Command message) {
        Known link = links.get(id);
        if (link != null) {
            link.actor().tell(message);
        }
        return this;
    }
}
