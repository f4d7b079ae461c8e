package io.zitipekko.actors.log;

import io.zitipekko.actors.log.entry.DecidedChanges;
import io.zitipekko.actors.log.entry.LogEntry;
import io.zitipekko.actors.log.entry.Replica;
import io.zitipekko.actors.model.Change;
import io.zitipekko.actors.model.ModelException;
import io.zitipekko.actors.model.ModelException.Kind;
import io.zitipekko.actors.model.Proposal;
import io.zitipekko.actors.model.view.EntityTables;
import io.zitipekko.actors.model.view.ModelState;
import io.zitipekko.actors.model.writer.BuiltIns;
import io.zitipekko.actors.model.writer.ModelWriter;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.javadsl.AbstractBehavior;
import org.apache.pekko.actor.typed.javadsl.ActorContext;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.apache.pekko.actor.typed.javadsl.Receive;
import org.jspecify.annotations.Nullable;

/**
 * The single writer, on the member that leads; on all others it only says that it does not. Takes what waits, decides each proposal
 * against the applied state and what the batch decided before, appends the outcomes as one entry, and goes on when that is applied. An
 * entry names the index that it follows, so even a writer that wrongly thinks it leads cannot do harm: its entries change nothing.
 *
 * <p>Started and ended by {@link ReplicatedModel}. A fault in deciding is the proposal's; a fault of the log ends all writing on this
 * member until it is started again.
 */
public final class ModelWriterActor extends AbstractBehavior<ModelWriterActor.Command> {
    private static final int MAX_BATCH = 256;
    private static final int MAX_BATCH_BYTES = 1 << 20;
    /** Leaves room for the entry's own head. */
    private static final int MAX_SET_BYTES = LogEntry.MAX_BYTES - 64 * 1024;

    private static final int MAX_QUEUE = 20_000;

    private final Replica replica;
    private final ModelLog log;
    private final Deque<Submit> queue = new ArrayDeque<>();
    /** Queued or on its way into the log: not to be taken twice. */
    private final Set<CallId> known = new HashSet<>();
    /** What the entry in the log's hands holds; empty when it holds the beginning of the history, null when there is none. */
    private @Nullable List<Submit> inFlight;

    private boolean leading;
    private @Nullable ModelException broken;

    private ModelWriterActor(ActorContext<Command> context, Replica replica, ModelLog log) {
        super(context);
        this.replica = replica;
        this.log = log;
    }

    static Behavior<Command> create(Replica replica, ModelLog log) {
        return Behaviors.setup(context -> new ModelWriterActor(context, replica, log));
    }

    /** Messages of this actor. */
    public sealed interface Command {}

    /** Answered by {@link ModelActor.Refused} or {@link ModelActor.NotLeading}; success shows as the change itself. */
    public record Submit(CallId call, Proposal proposal, ActorRef<ModelActor.Command> replyTo)
            implements Command, PeerMessage {}

    /** This member leads and has applied all that earlier leaders committed. */
    record Leading() implements Command {}

    /** This member does not lead. */
    record Following() implements Command {}

    /** The log takes nothing any more. */
    record Broken(ModelLogException reason) implements Command {}

    /** Ends this actor. */
    enum Stop implements Command {
        INSTANCE
    }

    private record Appended(ModelLog.@Nullable Outcome outcome, @Nullable Throwable fault) implements Command {}

    @Override
    public Receive<Command> createReceive() {
        return newReceiveBuilder()
                .onMessage(Submit.class, this::onSubmit)
                .onMessage(Appended.class, this::onAppended)
                .onMessage(Leading.class, this::onLeading)
                .onMessage(Following.class, this::onFollowing)
                .onMessage(Broken.class, this::onBroken)
                .onMessage(Stop.class, stop -> Behaviors.stopped())
                .build();
    }

    private Behavior<Command> onSubmit(Submit submit) {
        if (broken != null) {
            submit.replyTo().tell(ModelActor.Refused.of(submit.call(), broken));
        } else if (!leading) {
            submit.replyTo().tell(new ModelActor.NotLeading(submit.call()));
        } else if (queue.size() >= MAX_QUEUE) {
            refuse(
                    submit,
                    new ModelException(Kind.OVERLOADED, MAX_QUEUE + " changes wait already: try again in a moment"));
        } else if (known.add(submit.call())) {
            queue.add(submit);
            writeNext();
        }
        return this;
    }

    private Behavior<Command> onLeading(Leading message) {
        leading = true;
        writeNext();
        return this;
    }

    private Behavior<Command> onFollowing(Following message) {
        leading = false;
        queue.forEach(this::sendElsewhere);
        queue.clear();
        return this;
    }

    private Behavior<Command> onBroken(Broken message) {
        ModelException reason = new ModelException(
                Kind.UNWRITABLE, String.valueOf(message.reason().getMessage()));
        broken = reason;
        leading = false;
        queue.forEach(submit -> refuse(submit, reason));
        queue.clear();
        if (inFlight != null) {
            inFlight.forEach(submit -> refuse(submit, reason));
            inFlight = null;
        }
        return this;
    }

    private Behavior<Command> onAppended(Appended appended) {
        List<Submit> batch = inFlight;
        inFlight = null;
        if (batch == null) {
            return this;
        }
        if (appended.outcome() == ModelLog.Outcome.APPLIED) {
            batch.forEach(submit -> known.remove(submit.call()));
        } else if (appended.outcome() == ModelLog.Outcome.CONFLICT) {
            // Something else came in between: decide again, in the same order, against what is there now.
            for (int i = batch.size() - 1; i >= 0; i--) {
                queue.addFirst(batch.get(i));
            }
        } else {
            if (appended.fault() != null) {
                getContext().getLog().warn("model log took no entry: {}", ModelLogException.reason(appended.fault()));
            }
            batch.forEach(this::sendElsewhere);
        }
        if (!leading) {
            queue.forEach(this::sendElsewhere);
            queue.clear();
        }
        writeNext();
        return this;
    }

    private void writeNext() {
        if (!leading || inFlight != null) {
            return;
        }
        ModelState state = replica.state();
        if (state.timelineId().isEmpty()) {
            append(0, UUID.randomUUID().toString(), List.of(beginning()), List.of());
        } else if (!queue.isEmpty()) {
            writeBatch(state);
        }
    }

    /** What the first entry of every history holds. */
    private static byte[] beginning() {
        Proposal builtIns = BuiltIns.proposal();
        List<Change> outcomes = ModelWriter.decide(EntityTables.EMPTY, builtIns).outcomes();
        return new DecidedChanges(new CallId(0, 0), builtIns.author(), outcomes).encoded();
    }

    private void writeBatch(ModelState state) {
        EntityTables entities = state.entities();
        List<Submit> batch = new ArrayList<>();
        List<byte[]> sets = new ArrayList<>();
        int bytes = 0;
        while (!queue.isEmpty() && batch.size() < MAX_BATCH && bytes < MAX_BATCH_BYTES) {
            Submit submit = queue.remove();
            if (replica.applied(submit.call()).isPresent()) {
                known.remove(submit.call());
                continue;
            }
            try {
                ModelWriter.Decision decision = ModelWriter.decide(entities, submit.proposal());
                byte[] set =
                        new DecidedChanges(submit.call(), submit.proposal().author(), decision.outcomes()).encoded();
                if (set.length > MAX_SET_BYTES) {
                    throw new ModelException(
                            Kind.INVALID,
                            "the change takes " + set.length + " bytes (expected: up to " + MAX_SET_BYTES
                                    + "): split it");
                }
                if (bytes + set.length > MAX_SET_BYTES) {
                    queue.addFirst(submit);
                    break;
                }
                entities = decision.entities();
                batch.add(submit);
                sets.add(set);
                bytes += set.length;
            } catch (ModelException e) {
                refuse(submit, e);
            } catch (RuntimeException e) {
                getContext().getLog().error("a rule of the model failed on proposal {}", submit.call(), e);
                refuse(submit, new ModelException(Kind.INVALID, "the change cannot be judged: " + e));
            }
        }
        if (!batch.isEmpty()) {
            append(state.index(), "", sets, batch);
        }
    }

    private void append(long baseIndex, String timelineId, List<byte[]> sets, List<Submit> batch) {
        inFlight = batch;
        getContext().pipeToSelf(log.append(LogEntry.encode(baseIndex, timelineId, sets)), Appended::new);
    }

    private void refuse(Submit submit, ModelException reason) {
        known.remove(submit.call());
        submit.replyTo().tell(ModelActor.Refused.of(submit.call(), reason));
    }

    private void sendElsewhere(Submit submit) {
        known.remove(submit.call());
        submit.replyTo().tell(new ModelActor.NotLeading(submit.call()));
    }
}
