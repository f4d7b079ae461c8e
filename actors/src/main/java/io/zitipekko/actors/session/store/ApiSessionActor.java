package io.zitipekko.actors.session.store;

import io.zitipekko.actors.identity.ShardMessage;
import io.zitipekko.actors.model.Change;
import io.zitipekko.actors.model.Model;
import io.zitipekko.actors.model.ModelException;
import io.zitipekko.actors.model.ModelView;
import io.zitipekko.actors.model.Proposal;
import io.zitipekko.actors.model.entity.ApiSession;
import io.zitipekko.actors.model.id.ApiSessionId;
import io.zitipekko.actors.model.type.ApiSessions;
import io.zitipekko.actors.work.BoundedWork;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.SupervisorStrategy;
import org.apache.pekko.actor.typed.javadsl.AbstractBehavior;
import org.apache.pekko.actor.typed.javadsl.ActorContext;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.apache.pekko.actor.typed.javadsl.Receive;
import org.apache.pekko.actor.typed.javadsl.TimerScheduler;
import org.apache.pekko.cluster.sharding.typed.javadsl.ClusterSharding;
import org.apache.pekko.cluster.sharding.typed.javadsl.EntityTypeKey;
import org.jspecify.annotations.Nullable;

/**
 * The life of one API session: knows when it was last used through any controller, and ends it when its time has run out. Sharded by session
 * id; started by {@link Watch}, leaves when the session is gone. Activity is soft state: an actor that starts anew gives the session its whole
 * time again. The session itself is in the model, and deleting it there is the only thing that this actor writes.
 */
public final class ApiSessionActor extends AbstractBehavior<ApiSessionActor.Command> {
    public static final EntityTypeKey<Command> KEY = EntityTypeKey.create(Command.class, "api-session");

    private static final Duration RETRY = Duration.ofMillis(500);
    private static final String DEADLINE = "deadline";
    private static final String CERTIFICATE = "certificate";

    /** Messages to an API session. */
    public sealed interface Command extends ShardMessage {}

    /** It exists: see to its end. */
    public record Watch() implements Command {}

    /** It was used through some controller. @param atMillis since the epoch */
    public record Used(long atMillis) implements Command {}

    /** It is gone from the model. */
    public record Ended() implements Command {}

    private record Deadline() implements Command {}

    private record Deleted(@Nullable Throwable failure) implements Command {}

    private record Leave() implements Command {}

    private final ApiSessionId id;
    private final Model model;
    private final Duration timeout;
    private final ActivityTable activity;
    private final InstantSource clock;
    private final ActorRef<ClusterSharding.ShardCommand> shard;
    private final TimerScheduler<Command> timers;
    private Instant lastUsed;
    private boolean deleting;

    private ApiSessionActor(
            ActorContext<Command> context,
            TimerScheduler<Command> timers,
            ApiSessionId id,
            Model model,
            Duration timeout,
            ActivityTable activity,
            InstantSource clock,
            ActorRef<ClusterSharding.ShardCommand> shard) {
        super(context);
        this.timers = timers;
        this.id = id;
        this.model = model;
        this.timeout = timeout;
        this.activity = activity;
        this.clock = clock;
        this.shard = shard;
        this.lastUsed = clock.instant();
        timers.startSingleTimer(DEADLINE, new Deadline(), timeout);
    }

    /**
     * @param id whose life
     * @param model where it is deleted
     * @param timeout without activity
     * @param activity of this controller, to see uses that were not told yet
     * @param clock what time it is
     * @param shard told when the session is gone
     */
    public static Behavior<Command> create(
            ApiSessionId id,
            Model model,
            Duration timeout,
            ActivityTable activity,
            InstantSource clock,
            ActorRef<ClusterSharding.ShardCommand> shard) {
        Behavior<Command> life = Behaviors.setup(context -> Behaviors.withTimers(
                timers -> new ApiSessionActor(context, timers, id, model, timeout, activity, clock, shard)));
        return Behaviors.supervise(life).onFailure(SupervisorStrategy.restart());
    }

    /** What sharding sends to make the actor leave. */
    public static Command stopMessage() {
        return new Leave();
    }

    @Override
    public Receive<Command> createReceive() {
        return newReceiveBuilder()
                .onMessage(Watch.class, m -> onWatch())
                .onMessage(Used.class, this::onUsed)
                .onMessage(Deadline.class, m -> onDeadline())
                .onMessage(Deleted.class, this::onDeleted)
                .onMessage(Ended.class, m -> leave())
                .onMessage(Leave.class, m -> Behaviors.stopped())
                .build();
    }

    /** Told when it came and every minute since: that is when a policy that changed meanwhile takes effect. */
    private Behavior<Command> onWatch() {
        ModelView view = model.view();
        view.get(ApiSessions.TYPE, id)
                .flatMap(session -> CertificateEnd.of(view, session))
                .ifPresentOrElse(
                        end -> {
                            Duration left = Duration.between(clock.instant(), end);
                            timers.startSingleTimer(
                                    CERTIFICATE,
                                    new Deadline(),
                                    left.isNegative() ? Duration.ZERO : left.plusMillis(1));
                        },
                        () -> timers.cancel(CERTIFICATE));
        return this;
    }

    private Behavior<Command> onUsed(Used message) {
        Instant used = Instant.ofEpochMilli(message.atMillis());
        if (used.isAfter(lastUsed)) {
            lastUsed = used;
        }
        return this;
    }

    private Behavior<Command> onDeadline() {
        ModelView view = model.view();
        Optional<ApiSession> session = view.get(ApiSessions.TYPE, id);
        if (session.isEmpty()) {
            return leave();
        }
        Instant here = activity.lastUsed(id, session.get().meta().createdAt());
        Instant idle = (here.isAfter(lastUsed) ? here : lastUsed).plus(timeout);
        Instant end = CertificateEnd.of(view, session.get())
                .filter(certificate -> certificate.isBefore(idle))
                .orElse(idle);
        Duration left = Duration.between(clock.instant(), end);
        if (left.compareTo(Duration.ZERO) > 0) {
            timers.startSingleTimer(DEADLINE, new Deadline(), left.plusMillis(1));
            return this;
        }
        activity.expire(id);
        if (!deleting) {
            deleting = true;
            getContext()
                    .pipeToSelf(
                            model.propose(new Proposal(
                                    List.of(new Change.Delete(ApiSessions.TYPE, id)), Proposal.Author.CONTROLLER)),
                            (commit, failure) -> new Deleted(failure));
        }
        return this;
    }

    private Behavior<Command> onDeleted(Deleted message) {
        deleting = false;
        if (message.failure() == null) {
            getContext()
                    .getLog()
                    .debug("API session {} ended: it was not used for {}, or its certificate expired", id, timeout);
            return leave();
        }
        if (BoundedWork.cause(message.failure()) instanceof ModelException refusal
                && refusal.kind() == ModelException.Kind.NOT_FOUND) {
            return leave();
        }
        getContext().getLog().warn("API session {} ran out, but could not be deleted yet", id, message.failure());
        timers.startSingleTimer(DEADLINE, new Deadline(), RETRY);
        return this;
    }

    private Behavior<Command> leave() {
        timers.cancel(DEADLINE);
        timers.cancel(CERTIFICATE);
        shard.tell(new ClusterSharding.Passivate<>(getContext().getSelf()));
        return this;
    }
}
