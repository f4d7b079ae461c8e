package io.zitipekko.actors.session.store;

import io.zitipekko.actors.identity.BoundedWork;
import io.zitipekko.actors.identity.IdentityActor;
import io.zitipekko.actors.model.ApiSession;
import io.zitipekko.actors.model.ApiSessionId;
import io.zitipekko.actors.model.Change;
import io.zitipekko.actors.model.EntityId;
import io.zitipekko.actors.model.EntityType;
import io.zitipekko.actors.model.Identity;
import io.zitipekko.actors.model.Model;
import io.zitipekko.actors.model.ModelException;
import io.zitipekko.actors.model.ModelView;
import io.zitipekko.actors.model.Proposal;
import io.zitipekko.actors.model.Session;
import io.zitipekko.actors.model.SessionId;
import io.zitipekko.actors.model.type.ApiSessions;
import io.zitipekko.actors.model.type.EdgeRouterPolicies;
import io.zitipekko.actors.model.type.EdgeRouters;
import io.zitipekko.actors.model.type.Identities;
import io.zitipekko.actors.model.type.PostureChecks;
import io.zitipekko.actors.model.type.ServiceEdgeRouterPolicies;
import io.zitipekko.actors.model.type.ServicePolicies;
import io.zitipekko.actors.model.type.Services;
import io.zitipekko.actors.model.type.Sessions;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.PostStop;
import org.apache.pekko.actor.typed.SupervisorStrategy;
import org.apache.pekko.actor.typed.javadsl.AbstractBehavior;
import org.apache.pekko.actor.typed.javadsl.ActorContext;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.apache.pekko.actor.typed.javadsl.Receive;
import org.apache.pekko.actor.typed.javadsl.TimerScheduler;
import org.apache.pekko.cluster.sharding.typed.javadsl.ClusterSharding;

/**
 * Takes away what lost its right: service sessions that no policy carries any more, API sessions of identities that were disabled; and sees
 * to it that each API session has its actor. One in the cluster, a singleton; it looks at everything when it starts and each minute, so what
 * happened while it moved or was restarted is not forgotten. Until it has acted every use is refused all the same, because each check asks the
 * policies themselves.
 */
public final class RightsKeeper extends AbstractBehavior<RightsKeeper.Command> {
    private static final Duration SWEEP_EVERY = Duration.ofMinutes(1);
    private static final Duration RETRY = Duration.ofMillis(500);

    /** How much goes away in one proposal. */
    private static final int BATCH = 500;

    private static final Set<EntityType<?>> CONCERN_EVERYTHING = Set.of(
            ServicePolicies.TYPE,
            PostureChecks.TYPE,
            EdgeRouterPolicies.TYPE,
            ServiceEdgeRouterPolicies.TYPE,
            EdgeRouters.TYPE);

    /** Messages to the keeper. */
    public sealed interface Command {}

    private record Committed(Model.Commit commit) implements Command {}

    private record Sweep() implements Command {}

    private record Removed(@org.jspecify.annotations.Nullable Throwable failure) implements Command {}

    /** What the singleton is stopped with. */
    public enum Stop implements Command {
        STOP
    }

    private final Model model;
    private final ClusterSharding sharding;
    private final InstantSource clock;
    private final TimerScheduler<Command> timers;
    private final Model.Subscription subscription;
    private boolean removing;
    private boolean lookAgain;

    private RightsKeeper(
            ActorContext<Command> context,
            TimerScheduler<Command> timers,
            Model model,
            ClusterSharding sharding,
            InstantSource clock) {
        super(context);
        this.timers = timers;
        this.model = model;
        this.sharding = sharding;
        this.clock = clock;
        this.subscription = model.subscribe(commit -> context.getSelf().tell(new Committed(commit)));
        timers.startTimerWithFixedDelay(new Sweep(), Duration.ZERO, SWEEP_EVERY);
    }

    /**
     * @param model whose changes it follows
     * @param sharding where sessions and identities are
     * @param clock what time it is
     */
    public static Behavior<Command> create(Model model, ClusterSharding sharding, InstantSource clock) {
        Behavior<Command> keeper = Behaviors.setup(
                context -> Behaviors.withTimers(timers -> new RightsKeeper(context, timers, model, sharding, clock)));
        return Behaviors.supervise(keeper)
                .onFailure(SupervisorStrategy.restartWithBackoff(RETRY, Duration.ofSeconds(10), 0.1));
    }

    @Override
    public Receive<Command> createReceive() {
        return newReceiveBuilder()
                .onMessage(Committed.class, this::onCommitted)
                .onMessage(Sweep.class, m -> onSweep())
                .onMessage(Removed.class, this::onRemoved)
                .onMessageEquals(Stop.STOP, Behaviors::stopped)
                .onSignal(PostStop.class, signal -> onPostStop())
                .onSignal(org.apache.pekko.actor.typed.PreRestart.class, signal -> onPostStop())
                .build();
    }

    private Behavior<Command> onCommitted(Committed message) {
        Map<SessionId, Session> suspects = new LinkedHashMap<>();
        ModelView after = message.commit().after();
        for (Change change : message.commit().changeSet().changes()) {
            if (CONCERN_EVERYTHING.contains(change.type())) {
                add(suspects, after.all(Sessions.TYPE));
            } else if (change.type().equals(Identities.TYPE)) {
                onIdentity(change, after);
                add(
                        suspects,
                        after.findAll(
                                Sessions.TYPE, Sessions.BY_IDENTITY, change.id().value()));
            } else if (change.type().equals(Services.TYPE)) {
                add(
                        suspects,
                        after.findAll(
                                Sessions.TYPE, Sessions.BY_SERVICE, change.id().value()));
            } else if (change.type().equals(ApiSessions.TYPE)) {
                onApiSession(change);
            }
        }
        removeUnlawful(suspects.values());
        return this;
    }

    private void onIdentity(Change change, ModelView after) {
        after.get(Identities.TYPE, change.id())
                .filter(identity -> identity.disabled(clock.instant()))
                .ifPresent(this::endSessions);
    }

    private void endSessions(Identity identity) {
        sharding.entityRefFor(IdentityActor.KEY, identity.id().value()).tell(new IdentityActor.EndSessions());
    }

    private void onApiSession(Change change) {
        if (change instanceof Change.Delete) {
            apiSession(change.id()).tell(new ApiSessionActor.Ended());
        } else {
            apiSession(change.id()).tell(new ApiSessionActor.Watch());
        }
    }

    private org.apache.pekko.cluster.sharding.typed.javadsl.EntityRef<ApiSessionActor.Command> apiSession(EntityId id) {
        return sharding.entityRefFor(ApiSessionActor.KEY, id.value());
    }

    private Behavior<Command> onSweep() {
        ModelView view = model.view();
        for (ApiSession session : view.all(ApiSessions.TYPE)) {
            ApiSessionId id = session.id();
            apiSession(id).tell(new ApiSessionActor.Watch());
            view.get(Identities.TYPE, session.identityId())
                    .filter(identity -> identity.disabled(clock.instant()))
                    .ifPresent(this::endSessions);
        }
        removeUnlawful(view.all(Sessions.TYPE));
        return this;
    }

    /** Judges by the newest state, so that what was mended meanwhile stays. One proposal at a time. */
    private void removeUnlawful(Collection<Session> suspects) {
        if (suspects.isEmpty()) {
            return;
        }
        if (removing) {
            lookAgain = true;
            return;
        }
        ModelView view = model.view();
        List<Change> ends = new ArrayList<>();
        for (Session session : suspects) {
            if (ends.size() == BATCH) {
                lookAgain = true;
                break;
            }
            if (view.get(Sessions.TYPE, session.id()).isPresent() && !ServiceRights.lawful(view, session)) {
                ends.add(new Change.Delete(Sessions.TYPE, session.id()));
            }
        }
        if (!ends.isEmpty()) {
            removing = true;
            getContext()
                    .pipeToSelf(
                            model.propose(new Proposal(ends, Proposal.Author.CONTROLLER)),
                            (commit, failure) -> new Removed(failure));
        }
    }

    private Behavior<Command> onRemoved(Removed message) {
        removing = false;
        Throwable failure = message.failure() == null ? null : BoundedWork.cause(message.failure());
        if (failure instanceof ModelException refusal && refusal.kind() == ModelException.Kind.NOT_FOUND) {
            lookAgain = true;
        } else if (failure != null) {
            getContext()
                    .getLog()
                    .warn("service sessions that lost their right could not be deleted yet: {}", failure.toString());
            timers.startSingleTimer(new Sweep(), RETRY);
        }
        if (lookAgain) {
            lookAgain = false;
            removeUnlawful(model.view().all(Sessions.TYPE));
        }
        return this;
    }

    private Behavior<Command> onPostStop() {
        subscription.close();
        return this;
    }

    private static void add(Map<SessionId, Session> suspects, Collection<Session> sessions) {
        sessions.forEach(session -> suspects.put(session.id(), session));
    }
}
