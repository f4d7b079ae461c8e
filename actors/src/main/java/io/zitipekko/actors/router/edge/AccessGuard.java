package io.zitipekko.actors.router.edge;

import io.zitipekko.actors.model.entity.PolicyType;
import io.zitipekko.actors.model.id.RouterId;
import io.zitipekko.actors.router.datamodel.RouterDataModel;
import io.zitipekko.actors.router.edge.host.HostedServices;
import io.zitipekko.actors.router.edge.session.EdgeSession;
import io.zitipekko.actors.router.edge.session.Grant;
import io.zitipekko.actors.router.edge.session.LegacyApiSession;
import io.zitipekko.actors.router.edge.session.RemovedSessions;
import io.zitipekko.transport.xgress.end.CircuitTimer;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Predicate;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.PostStop;
import org.apache.pekko.actor.typed.javadsl.AbstractBehavior;
import org.apache.pekko.actor.typed.javadsl.ActorContext;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.apache.pekko.actor.typed.javadsl.Receive;
import org.jspecify.annotations.Nullable;

/**
 * Takes away what has lost its right: hears of changes in the model and of sessions that are gone, and goes through what is open and
 * concerned (protocol/02 section 16). Owns the times at which sessions end by themselves, which it keeps without any controller. Started
 * once per router by {@link EdgeSide}; not restarted, since a router that no longer notices lost rights must not go on.
 */
final class AccessGuard extends AbstractBehavior<AccessGuard.Command> {
    /** What it is told. */
    sealed interface Command {}

    /** The data model changed. */
    record ModelChanged(RouterDataModel.Change change) implements Command {}

    /** A legacy API session is gone. */
    record ApiSessionRemoved(LegacyApiSession session) implements Command {}

    /** A legacy API session is known with other certificates than before. */
    record ApiSessionChanged(LegacyApiSession session) implements Command {}

    /** A channel came, went, or has another token. */
    record ConnectionChanged(EdgeConnection connection) implements Command {}

    /** The next session ends by itself, perhaps. */
    private record Due() implements Command {}

    /** The router is disabled, and its circuits have ended. */
    private record CloseAll() implements Command {}

    /** Service sessions are gone, named by token, by id, or both. */
    record ServiceSessionsRemoved(Collection<String> tokens, Collection<String> ids) implements Command {}

    /** Timers count time that passes, rights end by the clock: should that be set, it is noticed within this. */
    private static final Duration LOOK_AT_LEAST_EVERY = Duration.ofSeconds(1);

    private static final Duration CHANNELS_AFTER_CIRCUITS = Duration.ofMillis(100);
    private static final String DISABLED = "this router is disabled";

    private final EdgeRegistry registry;
    private final RemovedSessions removedSessions;
    private final ActorRef<HostedServices.Command> hosted;
    private final Clock clock;
    private final RouterId router;
    private final RouterDataModel model;
    /** Ends are kept to the millisecond; an actor's own timers tick every ten. */
    private final CircuitTimer timer;

    private final TreeMap<Instant, Set<EdgeConnection>> due = new TreeMap<>();
    private final Map<EdgeConnection, Instant> ends = new HashMap<>();
    private CircuitTimer.@Nullable Scheduled next;

    static Behavior<Command> create(
            EdgeRegistry registry,
            RemovedSessions removedSessions,
            ActorRef<HostedServices.Command> hosted,
            EdgeParts parts) {
        return Behaviors.setup(context -> new AccessGuard(context, registry, removedSessions, hosted, parts));
    }

    private AccessGuard(
            ActorContext<Command> context,
            EdgeRegistry registry,
            RemovedSessions removedSessions,
            ActorRef<HostedServices.Command> hosted,
            EdgeParts parts) {
        super(context);
        this.registry = registry;
        this.removedSessions = removedSessions;
        this.hosted = hosted;
        this.clock = parts.clock();
        this.timer = parts.ends().timer();
        this.router = parts.router();
        this.model = parts.model();
    }

    @Override
    public Receive<Command> createReceive() {
        return newReceiveBuilder()
                .onMessage(ModelChanged.class, this::onModelChanged)
                .onMessage(ApiSessionRemoved.class, this::onApiSessionRemoved)
                .onMessage(ApiSessionChanged.class, this::onApiSessionChanged)
                .onMessage(ServiceSessionsRemoved.class, this::onServiceSessionsRemoved)
                .onMessage(ConnectionChanged.class, this::onConnectionChanged)
                .onMessage(CloseAll.class, m -> onCloseAll())
                .onMessage(Due.class, m -> onDue())
                .onSignal(PostStop.class, s -> onStop())
                .build();
    }

    private Behavior<Command> onModelChanged(ModelChanged changed) {
        RouterDataModel.Change change = changed.change();
        if (change.touches(router) && model.isDisabled(router)) {
            registry.all().forEach(connection -> connection.endCircuits(DISABLED));
            // The end of a TLS connection is work for both sides, which must not hold up what ends circuits.
            ActorRef<Command> self = getContext().getSelf();
            timer.schedule(CHANNELS_AFTER_CIRCUITS.toNanos(), () -> self.tell(new CloseAll()));
        }
        concerned(change).forEach(connection -> connection.revalidate(change));
        hosted.tell(new HostedServices.ModelChanged(change));
        return this;
    }

    private Behavior<Command> onCloseAll() {
        registry.all().forEach(connection -> connection.close(DISABLED));
        return this;
    }

    private Collection<EdgeConnection> concerned(RouterDataModel.Change change) {
        if (change.everything()) {
            return registry.all();
        }
        Set<EdgeConnection> connections = new LinkedHashSet<>();
        change.identities().forEach(identity -> connections.addAll(registry.of(identity)));
        change.services().forEach(service -> connections.addAll(registry.of(service)));
        change.apiSessions().forEach(session -> connections.addAll(registry.of(session)));
        return connections;
    }

    private Behavior<Command> onApiSessionRemoved(ApiSessionRemoved removed) {
        legacy(removed.session()).forEach(connection -> connection.close("API session removed"));
        return this;
    }

    private Behavior<Command> onApiSessionChanged(ApiSessionChanged changed) {
        legacy(changed.session()).forEach(connection -> connection.checkCertificate(changed.session()));
        return this;
    }

    private Collection<EdgeConnection> legacy(LegacyApiSession session) {
        return registry.of(session.id()).stream()
                .filter(connection -> connection
                        .session()
                        .filter(s -> s.kind() == EdgeSession.Kind.LEGACY)
                        .isPresent())
                .toList();
    }

    private Behavior<Command> onServiceSessionsRemoved(ServiceSessionsRemoved removed) {
        Set<String> names = new HashSet<>(removed.ids());
        names.addAll(removed.tokens());
        names.forEach(removedSessions::add);
        Predicate<Grant> its = grant -> names.contains(grant.session().value()) || names.contains(grant.token());
        Set<EdgeConnection> connections = new LinkedHashSet<>();
        names.forEach(name -> connections.addAll(registry.ofServiceSession(name)));
        connections.forEach(connection ->
                connection.revoke(grant -> grant.type() == PolicyType.DIAL && its.test(grant), "session closed"));
        hosted.tell(new HostedServices.SessionsRemoved(Set.copyOf(names)));
        return this;
    }

    // ---- sessions that end by themselves

    private Behavior<Command> onConnectionChanged(ConnectionChanged changed) {
        EdgeConnection connection = changed.connection();
        Instant before = ends.remove(connection);
        if (before != null) {
            due.computeIfPresent(before, (at, connections) -> {
                connections.remove(connection);
                return connections.isEmpty() ? null : connections;
            });
        }
        if (registry.contains(connection)) {
            connection.endsAt().ifPresent(at -> {
                ends.put(connection, at);
                due.computeIfAbsent(at, k -> new HashSet<>()).add(connection);
            });
        }
        lookAgain();
        return this;
    }

    private Behavior<Command> onDue() {
        Instant now = clock.instant();
        while (!due.isEmpty() && !due.firstKey().isAfter(now)) {
            for (EdgeConnection connection : due.pollFirstEntry().getValue()) {
                ends.remove(connection);
                connection.checkSession();
            }
        }
        lookAgain();
        return this;
    }

    private void lookAgain() {
        cancel();
        if (due.isEmpty()) {
            return;
        }
        Duration left = Duration.between(clock.instant(), due.firstKey());
        Duration pause = left.compareTo(LOOK_AT_LEAST_EVERY) > 0
                ? LOOK_AT_LEAST_EVERY
                : left.isNegative() ? Duration.ZERO : left;
        ActorRef<Command> self = getContext().getSelf();
        next = timer.schedule(pause.toNanos(), () -> self.tell(new Due()));
    }

    private void cancel() {
        if (next != null) {
            next.cancel();
            next = null;
        }
    }

    private Behavior<Command> onStop() {
        cancel();
        return this;
    }
}
