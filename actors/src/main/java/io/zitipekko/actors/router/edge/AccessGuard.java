package io.zitipekko.actors.router.edge;

import io.zitipekko.actors.model.PolicyType;
import io.zitipekko.actors.router.datamodel.RouterDataModel;
import io.zitipekko.actors.router.edge.host.HostedServices;
import io.zitipekko.actors.router.edge.session.EdgeSession;
import io.zitipekko.actors.router.edge.session.Grant;
import io.zitipekko.actors.router.edge.session.LegacyApiSession;
import io.zitipekko.actors.router.edge.session.RemovedSessions;
import java.time.Duration;
import java.util.Collection;
import java.util.HashSet;
import java.util.Set;
import java.util.function.Predicate;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.javadsl.AbstractBehavior;
import org.apache.pekko.actor.typed.javadsl.ActorContext;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.apache.pekko.actor.typed.javadsl.Receive;

/**
 * Takes away what has lost its right: hears of changes in the model and of sessions that are gone, and goes through what is open
 * (protocol/02 section 16). Started once per router by {@link EdgeSide}; not restarted, since a router that no longer notices lost rights
 * must not go on.
 */
final class AccessGuard extends AbstractBehavior<AccessGuard.Command> {
    /** What it is told. */
    sealed interface Command {}

    /** The data model changed. */
    record ModelChanged(RouterDataModel.Change change) implements Command {}

    /** A legacy API session is gone. */
    record ApiSessionRemoved(LegacyApiSession session) implements Command {}

    /** Time to look for access tokens that have expired or were revoked. */
    private record Sweep() implements Command {}

    /** Service sessions are gone, named by token, by id, or both. */
    record ServiceSessionsRemoved(Collection<String> tokens, Collection<String> ids) implements Command {}

    private static final Duration SWEEP = Duration.ofSeconds(5);

    private final EdgeRegistry registry;
    private final RemovedSessions removedSessions;
    private final ActorRef<HostedServices.Command> hosted;

    static Behavior<Command> create(
            EdgeRegistry registry, RemovedSessions removedSessions, ActorRef<HostedServices.Command> hosted) {
        return Behaviors.setup(context -> Behaviors.withTimers(timers -> {
            timers.startTimerWithFixedDelay(new Sweep(), SWEEP);
            return new AccessGuard(context, registry, removedSessions, hosted);
        }));
    }

    private AccessGuard(
            ActorContext<Command> context,
            EdgeRegistry registry,
            RemovedSessions removedSessions,
            ActorRef<HostedServices.Command> hosted) {
        super(context);
        this.registry = registry;
        this.removedSessions = removedSessions;
        this.hosted = hosted;
    }

    @Override
    public Receive<Command> createReceive() {
        return newReceiveBuilder()
                .onMessage(ModelChanged.class, this::onModelChanged)
                .onMessage(ApiSessionRemoved.class, this::onApiSessionRemoved)
                .onMessage(ServiceSessionsRemoved.class, this::onServiceSessionsRemoved)
                .onMessage(Sweep.class, sweep -> onSweep())
                .build();
    }

    private Behavior<Command> onModelChanged(ModelChanged changed) {
        registry.all().forEach(connection -> connection.revalidate(changed.change()));
        hosted.tell(new HostedServices.ModelChanged(changed.change()));
        return this;
    }

    private Behavior<Command> onApiSessionRemoved(ApiSessionRemoved removed) {
        for (EdgeConnection connection : registry.all()) {
            boolean its = connection
                    .session()
                    .filter(session -> session.kind() == EdgeSession.Kind.LEGACY
                            && session.apiSessionId().equals(removed.session().id()))
                    .isPresent();
            if (its) {
                connection.close("API session removed");
            }
        }
        return this;
    }

    private Behavior<Command> onSweep() {
        registry.all().forEach(EdgeConnection::checkAccessToken);
        return this;
    }

    private Behavior<Command> onServiceSessionsRemoved(ServiceSessionsRemoved removed) {
        Set<String> names = new HashSet<>(removed.ids());
        names.addAll(removed.tokens());
        names.forEach(removedSessions::add);
        Predicate<Grant> its = grant -> names.contains(grant.session().value()) || names.contains(grant.token());
        registry.all()
                .forEach(connection -> connection.revoke(
                        grant -> grant.type() == PolicyType.DIAL && its.test(grant), "session closed"));
        hosted.tell(new HostedServices.SessionsRemoved(its));
        return this;
    }
}
