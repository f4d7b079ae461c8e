package io.zitipekko.actors.identity;

import io.zitipekko.actors.leftover.Deletions;
import io.zitipekko.actors.model.Change;
import io.zitipekko.actors.model.Model;
import io.zitipekko.actors.model.Proposal;
import io.zitipekko.actors.model.entity.ApiSession;
import io.zitipekko.actors.model.entity.Identity;
import io.zitipekko.actors.model.id.IdentityId;
import io.zitipekko.actors.model.type.ApiSessions;
import io.zitipekko.actors.model.type.Identities;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.SupervisorStrategy;
import org.apache.pekko.actor.typed.javadsl.AbstractBehavior;
import org.apache.pekko.actor.typed.javadsl.ActorContext;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.apache.pekko.actor.typed.javadsl.Receive;
import org.apache.pekko.cluster.sharding.typed.javadsl.ClusterSharding;
import org.apache.pekko.cluster.sharding.typed.javadsl.EntityTypeKey;
import org.jspecify.annotations.Nullable;

/**
 * What is live of one identity: password attempts under a policy that limits them, and the end of its API sessions when it loses the right
 * to them. Sharded by identity id; started by its first message, leaves when it holds nothing. What must last is in the model: a lock-out is
 * written there. When the actor fails it is restarted with all attempts free.
 */
public final class IdentityActor extends AbstractBehavior<IdentityActor.Command> {
    public static final EntityTypeKey<Command> KEY = EntityTypeKey.create(Command.class, "identity");

    /** An admitted attempt of which nothing was heard for so long counts no more: its controller is gone. */
    private static final Duration ATTEMPT_LIFETIME = Duration.ofSeconds(30);

    private static final Duration IDLE = Duration.ofMinutes(2);

    /** Messages to an identity. */
    public sealed interface Command extends ShardMessage {}

    /**
     * May another password be tried? An admitted attempt counts as used until its outcome is told.
     *
     * @param maxAttempts of the policy, above 0
     */
    public record AdmitPassword(int maxAttempts, ActorRef<Admission> replyTo) implements Command {}

    /** The answer. */
    public record Admission(boolean admitted) implements ShardMessage {}

    /** Outcome of an admitted attempt: the count starts again. */
    public record PasswordRight() implements Command {}

    /** Outcome of an admitted attempt: no place to hash it; it does not count. */
    public record PasswordNotChecked() implements Command {}

    /** Outcome of an admitted attempt: one of {@code maxAttempts} is used; the last one disables the identity for so many minutes, 0 for good. */
    public record PasswordWrong(int maxAttempts, int lockoutMinutes) implements Command {}

    /** The identity lost its right to be here: all its API sessions end. Tried again until the model took it. */
    public record EndSessions() implements Command {}

    private record LockWritten(@Nullable Throwable failure) implements Command {}

    private record SessionsEnded(@Nullable Throwable failure) implements Command {}

    private record Idle() implements Command {}

    private record Leave() implements Command {}

    private final IdentityId id;
    private final Model model;
    private final InstantSource clock;
    private final ActorRef<ClusterSharding.ShardCommand> shard;
    private final Deque<Instant> underWay = new ArrayDeque<>();
    private final Deletions<Command> deletions;
    private int wrong;
    private boolean locking;

    private IdentityActor(
            ActorContext<Command> context,
            IdentityId id,
            Model model,
            InstantSource clock,
            ActorRef<ClusterSharding.ShardCommand> shard) {
        super(context);
        this.id = id;
        this.model = model;
        this.clock = clock;
        this.shard = shard;
        this.deletions = new Deletions<>(context, model, "the sessions of identity " + id);
    }

    /**
     * @param id whose
     * @param model where a lock-out is written
     * @param clock what time it is
     * @param shard told when the actor holds nothing any more
     */
    public static Behavior<Command> create(
            IdentityId id, Model model, InstantSource clock, ActorRef<ClusterSharding.ShardCommand> shard) {
        return Behaviors.setup(context -> {
            context.setReceiveTimeout(IDLE, new Idle());
            return Behaviors.<Command>supervise(
                            Behaviors.setup(inner -> new IdentityActor(inner, id, model, clock, shard)))
                    .onFailure(SupervisorStrategy.restart());
        });
    }

    /** What sharding sends to make the actor leave. */
    public static Command stopMessage() {
        return new Leave();
    }

    @Override
    public Receive<Command> createReceive() {
        return newReceiveBuilder()
                .onMessage(AdmitPassword.class, this::onAdmitPassword)
                .onMessage(PasswordRight.class, m -> onPasswordRight())
                .onMessage(PasswordNotChecked.class, m -> onPasswordNotChecked())
                .onMessage(PasswordWrong.class, this::onPasswordWrong)
                .onMessage(LockWritten.class, this::onLockWritten)
                .onMessage(EndSessions.class, m -> onEndSessions())
                .onMessage(SessionsEnded.class, this::onSessionsEnded)
                .onMessage(Idle.class, m -> onIdle())
                .onMessage(Leave.class, m -> Behaviors.stopped())
                .build();
    }

    private Behavior<Command> onAdmitPassword(AdmitPassword message) {
        Instant oldest = clock.instant().minus(ATTEMPT_LIFETIME);
        underWay.removeIf(begun -> begun.isBefore(oldest));
        boolean admitted = !locking && wrong + underWay.size() < message.maxAttempts();
        if (admitted) {
            underWay.addLast(clock.instant());
        }
        message.replyTo().tell(new Admission(admitted));
        return this;
    }

    private Behavior<Command> onPasswordRight() {
        underWay.pollFirst();
        wrong = 0;
        return this;
    }

    private Behavior<Command> onPasswordNotChecked() {
        underWay.pollFirst();
        return this;
    }

    private Behavior<Command> onPasswordWrong(PasswordWrong message) {
        underWay.pollFirst();
        wrong++;
        if (wrong >= message.maxAttempts() && !locking) {
            lockOut(message.lockoutMinutes());
        }
        return this;
    }

    private void lockOut(int minutes) {
        Identity identity = model.view().get(Identities.TYPE, id).orElse(null);
        if (identity == null) {
            return;
        }
        Instant now = clock.instant();
        Identity disabled = identity.withDisabled(now, minutes <= 0 ? null : now.plus(Duration.ofMinutes(minutes)));
        locking = true;
        getContext()
                .pipeToSelf(
                        model.propose(new Proposal(
                                List.of(new Change.Put<>(Identities.TYPE, disabled, identity)),
                                Proposal.Author.CONTROLLER)),
                        (commit, failure) -> new LockWritten(failure));
    }

    /** When the lock-out could not be written the count stays, so that the next wrong attempt tries to write it again. */
    private Behavior<Command> onLockWritten(LockWritten message) {
        locking = false;
        if (message.failure() == null) {
            wrong = 0;
            getContext().getLog().warn("identity {} used up its log-in attempts and was disabled", id);
        } else {
            wrong--;
            getContext()
                    .getLog()
                    .warn("identity {} used up its log-in attempts, but could not be disabled", id, message.failure());
        }
        return this;
    }

    private Behavior<Command> onEndSessions() {
        if (deletions.underWay()) {
            return this;
        }
        List<Change> ends = new ArrayList<>();
        for (ApiSession session : model.view().findAll(ApiSessions.TYPE, ApiSessions.BY_IDENTITY, id.value())) {
            if (ends.size() == Deletions.BATCH) {
                break;
            }
            ends.add(new Change.Delete(ApiSessions.TYPE, session.id()));
        }
        if (!ends.isEmpty()) {
            deletions.propose(ends, SessionsEnded::new);
        }
        return this;
    }

    /** On to the next batch; but who was enabled again keeps what is left. */
    private Behavior<Command> onSessionsEnded(SessionsEnded message) {
        return deletions.over(message.failure(), new EndSessions()) && stillToEnd() ? onEndSessions() : this;
    }

    private boolean stillToEnd() {
        return model.view()
                .get(Identities.TYPE, id)
                .map(identity -> identity.disabled(clock.instant()))
                .orElse(false);
    }

    private Behavior<Command> onIdle() {
        if (wrong == 0 && underWay.isEmpty() && !locking && !deletions.underWay()) {
            shard.tell(new ClusterSharding.Passivate<>(getContext().getSelf()));
        }
        return this;
    }
}
