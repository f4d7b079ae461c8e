package io.zitipekko.actors.log;

import io.zitipekko.actors.log.artery.ArteryPeers;
import io.zitipekko.actors.log.entry.Replica;
import io.zitipekko.actors.log.folder.StoreFolder;
import io.zitipekko.actors.log.ratis.RatisModelLog;
import io.zitipekko.actors.model.ChangeSet;
import io.zitipekko.actors.model.Model;
import io.zitipekko.actors.model.ModelException;
import io.zitipekko.actors.model.ModelView;
import io.zitipekko.actors.model.Proposal;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.DispatcherSelector;
import org.apache.pekko.actor.typed.SupervisorStrategy;
import org.apache.pekko.actor.typed.javadsl.Behaviors;

/**
 * The {@link Model} of a controller: this node's view of the replicated log, and proposals to whichever controller leads. One per actor
 * system. Owns the log, its folder, and the two actors {@link ModelActor} and {@link ModelWriterActor}.
 */
public final class ReplicatedModel implements Model, AutoCloseable {
    private static final String WRITER_ACTOR = "ziti-model-writer";
    private static final String MODEL_ACTOR = "ziti-model";
    private static final String GUARD_ACTOR = "ziti-model-guard";
    /** For actors that decide and encode, and for handing over to the log: may be held up by the disk. */
    private static final DispatcherSelector DISPATCHER = DispatcherSelector.fromConfig("ziti.model-log.dispatcher");

    private static final Duration READY_POLL = Duration.ofMillis(5);

    private final ActorSystem<?> system;
    private final StoreFolder folder;
    private final Replica replica;
    private final PendingCalls pending;
    private final LogLink link = new LogLink();
    private final ArteryPeers peers;
    private final ActorRef<ModelActor.Command> modelActor;
    private final ActorRef<ModelWriterActor.Command> writerActor;
    private final ActorRef<ModelGuard.Stop> guard;
    private final AtomicBoolean closed = new AtomicBoolean();

    private ReplicatedModel(ActorSystem<?> system, ModelLogSettings settings, StoreFolder folder, Executor executor) {
        this.system = system;
        this.folder = folder;
        this.pending = new PendingCalls(new SecureRandom().nextLong(), system.executionContext());
        this.replica = new Replica(pending::complete, this::settleFromSnapshot);
        this.peers = new ArteryPeers(system, settings, executor);
        this.writerActor = spawn(ModelWriterActor.create(replica, link), WRITER_ACTOR);
        link.writer(writerActor);
        this.modelActor = spawn(
                ModelActor.create(
                        pending,
                        link::leader,
                        node -> node.equals(settings.nodeId()) ? writerActor : peers.remote(node, WRITER_ACTOR),
                        settings.timing().proposal()),
                MODEL_ACTOR);
        this.guard = spawn(ModelGuard.create(List.of(writerActor, modelActor), link::failed), GUARD_ACTOR);
        link.failure().thenAccept(reason -> failPending(unwritable(reason)));
        // A leader that cannot write must not go on leading: the others elect another once it is silent.
        link.failure().thenRunAsync(link::close, executor);
    }

    /** Both actors hold what cannot be made anew from messages: a fault in one is a fault of the program, and ends it. */
    private <T> ActorRef<T> spawn(Behavior<T> behavior, String name) {
        return system.systemActorOf(
                Behaviors.supervise(behavior).onFailure(SupervisorStrategy.stop()), name, DISPATCHER);
    }

    /**
     * Starts this node's part of the log and completes when a leader is known and everything committed is in {@link #view}: at once for a
     * lone controller, with a majority for one of several. Fails with {@link ModelLogException} when the folder or the log cannot be
     * used; then nothing is left running.
     */
    public static CompletionStage<ReplicatedModel> start(ActorSystem<?> system, ModelLogSettings settings) {
        Executor executor = system.dispatchers().lookup(DISPATCHER);
        return CompletableFuture.supplyAsync(() -> open(system, settings, executor), executor)
                .thenCompose(model -> model.ready(executor));
    }

    private static ReplicatedModel open(ActorSystem<?> system, ModelLogSettings settings, Executor executor) {
        StoreFolder folder = StoreFolder.open(settings.dataDir(), settings.clusterGroupId(), settings.nodeId());
        ReplicatedModel model = new ReplicatedModel(system, settings, folder, executor);
        try {
            model.link.log(RatisModelLog.start(settings, folder, model.peers, model.replica, executor, model.link));
            return model;
        } catch (RuntimeException e) {
            model.close();
            throw e;
        }
    }

    private CompletionStage<ReplicatedModel> ready(Executor executor) {
        CompletableFuture<ReplicatedModel> ready = new CompletableFuture<>();
        link.failure().thenAccept(ready::completeExceptionally);
        pollReady(ready, executor);
        return ready.whenCompleteAsync(
                (model, fault) -> {
                    if (fault != null) {
                        close();
                    }
                },
                executor);
    }

    private void pollReady(CompletableFuture<ReplicatedModel> ready, Executor executor) {
        if (ready.isDone()) {
            return;
        }
        link.caughtUp()
                .whenCompleteAsync(
                        (caughtUp, fault) -> {
                            String timelineId = replica.state().timelineId();
                            if (fault != null || !caughtUp || timelineId.isEmpty()) {
                                system.scheduler()
                                        .scheduleOnce(
                                                READY_POLL,
                                                () -> pollReady(ready, executor),
                                                system.executionContext());
                                return;
                            }
                            try {
                                folder.confirmTimeline(timelineId);
                                ready.complete(this);
                            } catch (ModelLogException e) {
                                ready.completeExceptionally(e);
                            }
                        },
                        executor);
    }

    @Override
    public ModelView view() {
        return replica.state();
    }

    @Override
    public CompletionStage<Commit> propose(Proposal proposal) {
        if (closed.get()) {
            return CompletableFuture.failedFuture(
                    new ModelException(ModelException.Kind.NO_LEADER, "this controller is stopping"));
        }
        ModelLogException failed = link.failure().toCompletableFuture().getNow(null);
        if (failed != null) {
            return CompletableFuture.failedFuture(unwritable(failed));
        }
        PendingCalls.Waiting waiting;
        try {
            waiting = pending.register(proposal);
        } catch (ModelException e) {
            return CompletableFuture.failedFuture(e);
        }
        modelActor.tell(new ModelActor.Propose(waiting.call()));
        return waiting.commit();
    }

    @Override
    public Subscription subscribe(Consumer<Commit> listener) {
        return replica.latest().subscribe(listener);
    }

    /**
     * Completes when this node's log takes nothing any more; never otherwise. The reason is logged once, as an error; writes are refused
     * with it, reads go on.
     */
    public CompletionStage<ModelLogException> failure() {
        return link.failure();
    }

    /** The controller that leads, as far as this one knows. */
    public Optional<String> leader() {
        return link.leader();
    }

    /** Stops this node's part and frees its folder. Blocks until done. What was acknowledged is on disk already. */
    @Override
    public void close() {
        if (!closed.compareAndSet(false, true)) {
            return;
        }
        failPending(new ModelException(
                ModelException.Kind.NO_LEADER, "this controller is stopping: the change may or may not have happened"));
        guard.tell(ModelGuard.Stop.INSTANCE);
        try {
            link.close();
        } finally {
            folder.close();
            modelActor.tell(ModelActor.Stop.INSTANCE);
            writerActor.tell(ModelWriterActor.Stop.INSTANCE);
            peers.close();
        }
    }

    private void failPending(ModelException reason) {
        pending.all().forEach(waiting -> pending.fail(waiting.call(), reason));
    }

    private static ModelException unwritable(ModelLogException reason) {
        return new ModelException(ModelException.Kind.UNWRITABLE, String.valueOf(reason.getMessage()));
    }

    /** A snapshot replaced what would have answered proposals one by one. */
    private void settleFromSnapshot() {
        for (PendingCalls.Waiting waiting : pending.all()) {
            OptionalLong index = replica.applied(waiting.call());
            if (index.isPresent()) {
                ModelView view = replica.state();
                ChangeSet changeSet = new ChangeSet(
                        index.getAsLong() - 1,
                        waiting.proposal().changes(),
                        waiting.proposal().author());
                pending.complete(waiting.call(), new Commit(changeSet, view, view));
            }
        }
    }
}
