package io.zitipekko.actors.fabric.datamodel;

import io.zitipekko.actors.fabric.FabricState;
import io.zitipekko.actors.fabric.control.ConnectedRouter;
import io.zitipekko.actors.model.Model;
import io.zitipekko.actors.model.ModelView;
import io.zitipekko.actors.session.token.SigningKey;
import io.zitipekko.transport.channel.Headers;
import io.zitipekko.transport.channel.Lane;
import io.zitipekko.transport.channel.Message;
import io.zitipekko.transport.control.ControlContentType;
import io.zitipekko.transport.control.ControlHeader;
import io.zitipekko.transport.control.proto.edge.DataState;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Supplier;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.SupervisorStrategy;
import org.apache.pekko.actor.typed.javadsl.AbstractBehavior;
import org.apache.pekko.actor.typed.javadsl.ActorContext;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.apache.pekko.actor.typed.javadsl.Receive;
import org.apache.pekko.actor.typed.javadsl.TimerScheduler;
import org.apache.pekko.util.ByteString;
import org.jspecify.annotations.Nullable;

/**
 * Streams the router data model to subscribed routers (protocol/03 section 12): a snapshot where a router starts or has lost the thread, else every
 * change set in order, empty ones too, so that the chain of indexes never breaks. The index is the model's. Each commit is computed once,
 * whoever listens. Resumed when it fails; a router that then finds a gap subscribes again and gets a snapshot.
 */
public final class DataModelPublisher extends AbstractBehavior<DataModelPublisher.Command> {
    private static final int LOG_SIZE = 10_000;
    private static final long SHORTEST_SECONDS = 10;
    private static final long LONGEST_SECONDS = 360;
    private static final Duration TELL_INDEX_EVERY = Duration.ofSeconds(30);

    /** What this actor takes. */
    public sealed interface Command {}

    /** 20505. */
    public record Subscribe(
            ConnectedRouter router,
            String subscriptionId,
            long currentIndex,
            String timelineId,
            boolean renew,
            long durationSeconds)
            implements Command {}

    /** A router answered ServerHello: it needs the keys even if it never subscribes. */
    public record SendPublicKeys(ConnectedRouter router) implements Command {}

    /** A router's control channel closed. */
    public record Disconnected(ConnectedRouter router) implements Command {}

    /** The model changed. */
    public record Committed(Model.Commit commit) implements Command {}

    private enum TellIndex implements Command {
        INSTANCE
    }

    private static final class Subscription {
        private String id = "";
        /** Up to where the router has been told. */
        private long position;

        private long toldIndex;
        private Instant expiresAt = Instant.MIN;
    }

    private final FabricState state;
    private final DataModelKeys keys;
    private final Map<ConnectedRouter, Subscription> subscriptions = new HashMap<>();
    private final Deque<DataModelChange> log = new ArrayDeque<>();
    private ModelView view;

    public static Behavior<Command> create(FabricState state, Supplier<SigningKey> signingKey) {
        Behavior<Command> behavior = Behaviors.setup(
                context -> Behaviors.withTimers(timers -> new DataModelPublisher(context, timers, state, signingKey)));
        return Behaviors.supervise(behavior).onFailure(SupervisorStrategy.resume());
    }

    private DataModelPublisher(
            ActorContext<Command> context,
            TimerScheduler<Command> timers,
            FabricState state,
            Supplier<SigningKey> signingKey) {
        super(context);
        this.state = state;
        this.view = state.model().view();
        this.keys = DataModelKeys.of(state.settings(), signingKey.get());
        timers.startTimerWithFixedDelay(TellIndex.INSTANCE, TELL_INDEX_EVERY);
    }

    @Override
    public Receive<Command> createReceive() {
        return newReceiveBuilder()
                .onMessage(Committed.class, this::committed)
                .onMessage(Subscribe.class, this::subscribe)
                .onMessage(SendPublicKeys.class, this::sendPublicKeys)
                .onMessage(Disconnected.class, gone -> {
                    subscriptions.remove(gone.router());
                    return this;
                })
                .onMessage(TellIndex.class, tick -> tellIndex())
                .build();
    }

    private Behavior<Command> subscribe(Subscribe request) {
        ConnectedRouter router = request.router();
        if (router.isClosed()) {
            return this;
        }
        Subscription subscription = subscriptions.computeIfAbsent(router, r -> new Subscription());
        Instant now = state.now();
        boolean running = now.isBefore(subscription.expiresAt) && subscription.id.equals(request.subscriptionId());
        subscription.expiresAt =
                now.plusSeconds(Math.max(SHORTEST_SECONDS, Math.min(LONGEST_SECONDS, request.durationSeconds())));
        if (request.renew() && running) {
            return this;
        }
        subscription.id = request.subscriptionId();
        subscription.toldIndex = request.currentIndex();
        long oldest = log.isEmpty() ? view.index() : log.getFirst().index() - 1;
        boolean unusable = request.currentIndex() <= 0
                || !request.timelineId().equals(view.timelineId())
                || request.currentIndex() < oldest
                || request.currentIndex() > view.index();
        if (unusable) {
            snapshot(router, subscription);
        } else {
            subscription.position = request.currentIndex();
            for (DataModelChange change : log) {
                if (change.index() > subscription.position) {
                    send(router, subscription, change);
                }
            }
        }
        return this;
    }

    private void snapshot(ConnectedRouter router, Subscription subscription) {
        DataState snapshot = DataModelSnapshot.of(view, keys.events(view), router.id(), state.now());
        router.send(
                Lane.DEFAULT,
                Message.of(
                        ControlContentType.DATA_STATE,
                        headers(subscription.id),
                        ByteString.fromArrayUnsafe(snapshot.toByteArray())));
        subscription.position = view.index();
        subscription.toldIndex = view.index();
    }

    private void send(ConnectedRouter router, Subscription subscription, DataModelChange change) {
        router.send(
                Lane.DEFAULT,
                Message.of(
                        ControlContentType.DATA_STATE_CHANGE_SET,
                        headers(subscription.id),
                        change.bodyFor(router.id())));
        subscription.position = change.index();
    }

    private static Headers headers(String subscriptionId) {
        return Headers.builder()
                .string(ControlHeader.DATA_MODEL_SUBSCRIPTION_ID, subscriptionId)
                .build();
    }

    private Behavior<Command> committed(Committed committed) {
        Model.Commit commit = committed.commit();
        if (commit.after().index() <= view.index()) {
            return this;
        }
        @Nullable DataModelChange change = null;
        if (commit.after().index() == view.index() + 1) {
            change = DataModelChange.of(commit, keys, state.now());
            log.addLast(change);
            if (log.size() > LOG_SIZE) {
                log.removeFirst();
            }
        } else {
            // Commits were skipped (a state was installed as a whole): nobody can be led there step by step.
            log.clear();
        }
        view = commit.after();
        Instant now = state.now();
        for (Map.Entry<ConnectedRouter, Subscription> entry : new ArrayList<>(subscriptions.entrySet())) {
            Subscription subscription = entry.getValue();
            if (!now.isBefore(subscription.expiresAt)) {
                subscriptions.remove(entry.getKey());
            } else if (change != null && subscription.position == change.index() - 1) {
                send(entry.getKey(), subscription, change);
            } else {
                snapshot(entry.getKey(), subscription);
            }
        }
        return this;
    }

    private Behavior<Command> sendPublicKeys(SendPublicKeys request) {
        DataState.ChangeSet set = DataState.ChangeSet.newBuilder()
                .setIsSynthetic(true)
                .addAllChanges(keys.events(view))
                .build();
        request.router().send(Lane.DEFAULT, ControlContentType.DATA_STATE_CHANGE_SET, set);
        return this;
    }

    private Behavior<Command> tellIndex() {
        long index = view.index();
        Instant now = state.now();
        subscriptions.values().removeIf(s -> !now.isBefore(s.expiresAt));
        subscriptions.forEach((router, subscription) -> {
            if (subscription.toldIndex != index) {
                subscription.toldIndex = index;
                router.send(
                        Lane.DEFAULT,
                        Message.of(
                                ControlContentType.CURRENT_INDEX,
                                Headers.builder()
                                        .uint64(ControlHeader.DATA_MODEL_INDEX, index)
                                        .build(),
                                ByteString.emptyByteString()));
            }
        });
        return this;
    }
}
