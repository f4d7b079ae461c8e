package io.zitipekko.actors.session.store;

import io.zitipekko.actors.identity.IdentityActor;
import io.zitipekko.actors.leftover.Deletions;
import io.zitipekko.actors.model.Change;
import io.zitipekko.actors.model.EntityType;
import io.zitipekko.actors.model.Model;
import io.zitipekko.actors.model.ModelView;
import io.zitipekko.actors.model.entity.ApiSession;
import io.zitipekko.actors.model.entity.Identity;
import io.zitipekko.actors.model.entity.Session;
import io.zitipekko.actors.model.id.ApiSessionId;
import io.zitipekko.actors.model.id.EntityId;
import io.zitipekko.actors.model.id.IdentityId;
import io.zitipekko.actors.model.id.RouterId;
import io.zitipekko.actors.model.id.ServiceId;
import io.zitipekko.actors.model.id.SessionId;
import io.zitipekko.actors.model.type.ApiSessions;
import io.zitipekko.actors.model.type.Identities;
import io.zitipekko.actors.model.type.Sessions;
import io.zitipekko.actors.model.view.Leftovers;
import io.zitipekko.actors.policy.LostRights;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.Iterator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.PostStop;
import org.apache.pekko.actor.typed.SupervisorStrategy;
import org.apache.pekko.actor.typed.javadsl.AbstractBehavior;
import org.apache.pekko.actor.typed.javadsl.ActorContext;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.apache.pekko.actor.typed.javadsl.Receive;
import org.apache.pekko.actor.typed.javadsl.TimerScheduler;
import org.apache.pekko.cluster.sharding.typed.javadsl.ClusterSharding;
import org.jspecify.annotations.Nullable;

/**
 * Takes away what lost its right: service sessions that no policy carries any more, API sessions of identities that were disabled, of
 * authorities that were withdrawn and of external ids that were taken away; and sees to it that each API session has its actor. One in the
 * cluster, a singleton; it looks at everything when it starts and each minute, so what happened while it moved or was restarted is not
 * forgotten. Until it has acted every use is refused all the same, because each check asks the policies themselves.
 */
public final class RightsKeeper extends AbstractBehavior<RightsKeeper.Command> {
    private static final Duration SWEEP_EVERY = Duration.ofMinutes(1);
    private static final Duration RESTART = Duration.ofMillis(500);

    /** How many sessions are looked at before other messages get their turn. */
    private static final int JUDGED_AT_ONCE = 1000;

    /** How many API sessions of a sweep are looked at, and told to have an actor, before others get their turn: 10,000 a second. */
    private static final int SWEPT_AT_ONCE = 250;

    /** An actor that is woken costs most while nothing is compiled, and then all who lost the controller want to be answered: 200 a second. */
    private static final int WOKEN_WHILE_STARTING = 5;

    private static final Duration STARTING = Duration.ofSeconds(5);
    private static final Duration BETWEEN_SWEPT = Duration.ofMillis(25);

    /** Messages to the keeper. */
    public sealed interface Command {}

    private record Committed(Model.Commit commit) implements Command {}

    private record Sweep() implements Command {}

    private record Removed(Runnable again, @Nullable Throwable failure) implements Command {}

    private record Judge() implements Command {}

    private record SweepMore() implements Command {}

    private record Started() implements Command {}

    /** What the singleton is stopped with. */
    public enum Stop implements Command {
        STOP
    }

    private final Model model;
    private final ClusterSharding sharding;
    private final InstantSource clock;
    private final TimerScheduler<Command> timers;
    private final Model.Subscription subscription;
    /** Sessions that may have lost their right, not looked at yet. */
    private final Set<SessionId> suspects = new LinkedHashSet<>();

    /** API sessions whose authority or external id may have been withdrawn, not looked at yet. */
    private final Set<ApiSessionId> unadmitted = new LinkedHashSet<>();

    /** API sessions of the sweep under way that were not looked at yet. */
    private Iterator<ApiSession> unswept = Collections.emptyIterator();

    /** Those that were, and whose actors were not told yet. */
    private final Set<ApiSessionId> unwatched = new LinkedHashSet<>();

    private boolean starting = true;

    private final Deletions<Command> deletions;

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
        this.deletions = new Deletions<>(context, model, "sessions that lost their right");
        this.subscription = model.subscribe(commit -> context.getSelf().tell(new Committed(commit)));
        timers.startTimerWithFixedDelay(new Sweep(), Duration.ZERO, SWEEP_EVERY);
        timers.startSingleTimer(new Started(), STARTING);
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
                .onFailure(SupervisorStrategy.restartWithBackoff(RESTART, Duration.ofSeconds(10), 0.1));
    }

    @Override
    public Receive<Command> createReceive() {
        return newReceiveBuilder()
                .onMessage(Committed.class, this::onCommitted)
                .onMessage(Sweep.class, m -> onSweep())
                .onMessage(Removed.class, this::onRemoved)
                .onMessage(Judge.class, m -> judge())
                .onMessage(SweepMore.class, m -> sweepSome())
                .onMessage(Started.class, m -> onStarted())
                .onMessageEquals(Stop.STOP, Behaviors::stopped)
                .onSignal(PostStop.class, signal -> onPostStop())
                .onSignal(org.apache.pekko.actor.typed.PreRestart.class, signal -> onPostStop())
                .build();
    }

    private Behavior<Command> onCommitted(Committed message) {
        Model.Commit commit = message.commit();
        for (Change change : commit.changeSet().changes()) {
            if (change.type().equals(Identities.TYPE)) {
                onIdentity(change, commit.after());
            } else if (change.type().equals(ApiSessions.TYPE)) {
                onApiSession(change);
            }
        }
        LostRights lost = LostRights.of(commit);
        if (lost.everything()) {
            suspect(commit.after().all(Sessions.TYPE));
            commit.after().all(ApiSessions.TYPE).forEach(session -> doubt(commit.after(), session));
        }
        for (EntityId concern : lost.concerned()) {
            if (concern instanceof ApiSessionId session) {
                commit.after().get(ApiSessions.TYPE, session).ifPresent(known -> doubt(commit.after(), known));
            } else if (concern instanceof IdentityId) {
                suspect(commit.after(), Sessions.BY_IDENTITY, concern);
            } else if (concern instanceof ServiceId) {
                suspect(commit.after(), Sessions.BY_SERVICE, concern);
            } else if (concern instanceof RouterId router) {
                commit.before()
                        .policies()
                        .identities(router)
                        .forEach(identity -> suspect(commit.after(), Sessions.BY_IDENTITY, identity));
            }
        }
        return judge();
    }

    private void suspect(ModelView view, EntityType.Key<Session> key, EntityId id) {
        suspect(view.findAll(Sessions.TYPE, key, id.value()));
    }

    private void suspect(Collection<Session> sessions) {
        sessions.forEach(session -> suspects.add(session.id()));
    }

    private void doubt(ModelView view, ApiSession session) {
        if (!ApiSessions.admitted(view, session)) {
            unadmitted.add(session.id());
        }
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
        if (!unswept.hasNext()) {
            unswept = view.all(ApiSessions.TYPE).iterator();
        }
        suspect(view.all(Sessions.TYPE));
        return sweepSome();
    }

    /** There may be a hundred thousand, and at a start routers and clients come back at the same time. */
    private Behavior<Command> sweepSome() {
        ModelView view = model.view();
        for (int i = 0; i < SWEPT_AT_ONCE && unswept.hasNext(); i++) {
            view.get(ApiSessions.TYPE, unswept.next().id()).ifPresent(session -> sweep(view, session));
        }
        Iterator<ApiSessionId> next = unwatched.iterator();
        for (int i = 0; i < (starting ? WOKEN_WHILE_STARTING : SWEPT_AT_ONCE) && next.hasNext(); i++) {
            ApiSessionId id = next.next();
            next.remove();
            if (view.get(ApiSessions.TYPE, id).isPresent()) {
                apiSession(id).tell(new ApiSessionActor.Watch());
            }
        }
        if (unswept.hasNext() || next.hasNext()) {
            timers.startSingleTimer(new SweepMore(), BETWEEN_SWEPT);
        }
        return judge();
    }

    private Behavior<Command> onStarted() {
        starting = false;
        return this;
    }

    private void sweep(ModelView view, ApiSession session) {
        unwatched.add(session.id());
        doubt(view, session);
        view.get(Identities.TYPE, session.identityId())
                .filter(identity -> identity.disabled(clock.instant()))
                .ifPresent(this::endSessions);
    }

    /** Judges by the newest state, so that what was mended meanwhile stays. One proposal at a time, API sessions before what goes with them. */
    private Behavior<Command> judge() {
        if (deletions.underWay()) {
            return this;
        }
        ModelView view = model.view();
        // Leftovers have a keeper of their own.
        if (!end(ApiSessions.TYPE, unadmitted, id -> Leftovers.standing(view, ApiSessions.TYPE, id)
                .filter(session -> !ApiSessions.admitted(view, session))
                .isPresent())) {
            end(Sessions.TYPE, suspects, id -> Leftovers.standing(view, Sessions.TYPE, id)
                    .filter(session -> !ServiceRights.lawful(view, session))
                    .isPresent());
        }
        if (!deletions.underWay() && !(unadmitted.isEmpty() && suspects.isEmpty())) {
            getContext().getSelf().tell(new Judge());
        }
        return this;
    }

    /** Proposes the end of some of those that are unlawful; the others among them are looked at no more. @return whether there were any */
    private <I extends EntityId> boolean end(EntityType<?> type, Set<I> looked, Predicate<I> unlawful) {
        List<I> batch = new ArrayList<>();
        int judged = 0;
        for (Iterator<I> next = looked.iterator();
                next.hasNext() && batch.size() < Deletions.BATCH && judged < JUDGED_AT_ONCE;
                judged++) {
            I id = next.next();
            if (unlawful.test(id)) {
                batch.add(id);
            }
            next.remove();
        }
        if (batch.isEmpty()) {
            return false;
        }
        List<Change> ends = new ArrayList<>(batch.size());
        batch.forEach(id -> ends.add(new Change.Delete(type, id)));
        deletions.propose(ends, failure -> new Removed(() -> looked.addAll(batch), failure));
        return true;
    }

    private Behavior<Command> onRemoved(Removed message) {
        if (message.failure() != null) {
            message.again().run();
        }
        return deletions.over(message.failure(), new Judge()) ? judge() : this;
    }

    private Behavior<Command> onPostStop() {
        subscription.close();
        return this;
    }
}
