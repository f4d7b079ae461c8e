package io.zitipekko.actors.router.control;

import com.google.protobuf.InvalidProtocolBufferException;
import io.zitipekko.actors.router.ControllerClient;
import io.zitipekko.actors.router.ControllerId;
import io.zitipekko.actors.router.ControllerPreference;
import io.zitipekko.actors.router.datamodel.StreamedDataModel;
import io.zitipekko.actors.router.datamodel.StreamedDataModel.Applied;
import io.zitipekko.actors.router.datamodel.StreamedDataModel.Position;
import io.zitipekko.transport.channel.Lane;
import io.zitipekko.transport.channel.Message;
import io.zitipekko.transport.control.ControlContentType;
import io.zitipekko.transport.control.ControlHeader;
import io.zitipekko.transport.control.proto.edge.DataState;
import io.zitipekko.transport.control.proto.edge.SubscribeToDataModelRequest;
import java.time.Duration;
import java.util.Optional;
import java.util.UUID;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.javadsl.AbstractBehavior;
import org.apache.pekko.actor.typed.javadsl.ActorContext;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.apache.pekko.actor.typed.javadsl.Receive;
import org.apache.pekko.actor.typed.javadsl.TimerScheduler;
import org.jspecify.annotations.Nullable;

/**
 * Keeps the router subscribed to the data model of exactly one controller (protocol/03 section 12.1): anew after a loss, a gap or a
 * change of controller; renewed before it runs out. Owns which subscription is current; the model itself is {@link StreamedDataModel}.
 * Decoding happens here, off the channel's thread, as a snapshot may be tens of megabytes. Restarted should it fail: it then
 * subscribes again.
 */
public final class DataModelSubscription extends AbstractBehavior<DataModelSubscription.Command> {
    private static final Duration DURATION = Duration.ofSeconds(300);
    private static final Duration RENEW_BEFORE = Duration.ofSeconds(60);
    private static final Duration CHECK = Duration.ofSeconds(30);

    /** Messages of this actor. */
    public sealed interface Command {}

    private record Connected(ControllerId controller) implements Command {}

    private record Disconnected(ControllerId controller) implements Command {}

    private record Received(ControllerId from, Message message) implements Command {}

    private record Check() implements Command {}

    private record Renew() implements Command {}

    private final TimerScheduler<Command> timers;
    private final ControllerClient controllers;
    private final StreamedDataModel model;
    private @Nullable ControllerId subscribedTo;
    private String subscriptionId = "";

    private DataModelSubscription(
            ActorContext<Command> context,
            TimerScheduler<Command> timers,
            ControllerClient controllers,
            StreamedDataModel model) {
        super(context);
        this.timers = timers;
        this.controllers = controllers;
        this.model = model;
        timers.startTimerWithFixedDelay(new Check(), CHECK);
        controllers.connected().forEach(c -> context.getSelf().tell(new Connected(c)));
    }

    /** Subscribes at once if a controller is connected; see {@link #connect} for what else it must be told. */
    public static Behavior<Command> create(ControllerClient controllers, StreamedDataModel model) {
        return Behaviors.setup(context ->
                Behaviors.withTimers(timers -> new DataModelSubscription(context, timers, controllers, model)));
    }

    /** Routes what controllers send, and their coming and going, to the actor; once, it outlives restarts. */
    public static void connect(ActorRef<Command> self, ControllerClient controllers, ControlMessages messages) {
        ControlMessages.Handler received = (from, m) -> self.tell(new Received(from.controller(), m));
        messages.on(ControlContentType.DATA_STATE, received)
                .on(ControlContentType.DATA_STATE_CHANGE_SET, received)
                .on(ControlContentType.CURRENT_INDEX, received);
        controllers.onChange(new ControllerClient.Listener() {
            @Override
            public void onConnected(ControllerId controller) {
                self.tell(new Connected(controller));
            }

            @Override
            public void onDisconnected(ControllerId controller) {
                self.tell(new Disconnected(controller));
            }
        });
    }

    @Override
    public Receive<Command> createReceive() {
        return newReceiveBuilder()
                .onMessage(Connected.class, m -> onCheck())
                .onMessage(Disconnected.class, this::onDisconnected)
                .onMessage(Received.class, this::onReceived)
                .onMessage(Check.class, m -> onCheck())
                .onMessage(Renew.class, m -> onRenew())
                .build();
    }

    private Behavior<Command> onCheck() {
        if (subscribedTo == null || !controllers.connected().contains(subscribedTo)) {
            subscribe();
        }
        return this;
    }

    private Behavior<Command> onDisconnected(Disconnected m) {
        if (m.controller().equals(subscribedTo)) {
            subscribedTo = null;
            timers.cancel(Renew.class);
            subscribe();
        }
        return this;
    }

    private Behavior<Command> onRenew() {
        if (subscribedTo != null && !send(subscribedTo, true)) {
            subscribedTo = null;
        }
        return onCheck();
    }

    private Behavior<Command> onReceived(Received m) {
        Optional<String> subscription = m.message().headers().string(ControlHeader.DATA_MODEL_SUBSCRIPTION_ID);
        if (subscription.isPresent() && !subscription.get().equals(subscriptionId)) {
            return this;
        }
        boolean current = m.from().equals(subscribedTo);
        try {
            switch (m.message().contentType()) {
                case ControlContentType.DATA_STATE -> {
                    if (current) {
                        DataState snapshot = DataState.parseFrom(m.message().bodyBytes());
                        model.replace(snapshot);
                        getContext()
                                .getLog()
                                .info(
                                        "data model at index {} from controller {}: {}",
                                        model.position().index(),
                                        m.from(),
                                        model.counts());
                    }
                }
                case ControlContentType.DATA_STATE_CHANGE_SET -> {
                    DataState.ChangeSet changes =
                            DataState.ChangeSet.parseFrom(m.message().bodyBytes());
                    if ((current || changes.getIsSynthetic()) && model.apply(changes) == Applied.GAP) {
                        getContext()
                                .getLog()
                                .warn(
                                        "change set {} follows {}, but the data model is at {}: subscribing anew",
                                        changes.getIndex(),
                                        changes.getPreviousIndex(),
                                        model.position().index());
                        subscribe();
                    }
                }
                case ControlContentType.CURRENT_INDEX -> {
                    long theirs = m.message()
                            .headers()
                            .uint64(ControlHeader.DATA_MODEL_INDEX)
                            .orElse(0);
                    if (current && Long.compareUnsigned(theirs, model.position().index()) > 0) {
                        getContext()
                                .getLog()
                                .debug(
                                        "controller {} is at index {}, we are at {}",
                                        m.from(),
                                        theirs,
                                        model.position().index());
                    }
                }
                default -> throw new IllegalStateException("not a data model message: " + m.message());
            }
        } catch (InvalidProtocolBufferException e) {
            getContext()
                    .getLog()
                    .warn(
                            "controller {} sent a data model that cannot be decoded, subscribing anew: {}",
                            m.from(),
                            e.getMessage());
            subscribe();
        }
        return this;
    }

    private void subscribe() {
        subscriptionId = UUID.randomUUID().toString();
        for (ControllerId candidate : controllers.connected()) {
            if (send(candidate, false)) {
                subscribedTo = candidate;
                return;
            }
        }
        subscribedTo = null;
    }

    private boolean send(ControllerId controller, boolean renew) {
        Position at = model.position();
        timers.startSingleTimer(Renew.class, new Renew(), DURATION.minus(RENEW_BEFORE));
        return controllers.send(
                ControllerPreference.only(controller),
                Lane.DEFAULT,
                ControlMessages.of(
                        ControlContentType.SUBSCRIBE_TO_DATA_MODEL,
                        SubscribeToDataModelRequest.newBuilder()
                                .setCurrentIndex(at.index())
                                .setSubscriptionDurationSeconds((int) DURATION.toSeconds())
                                .setRenew(renew)
                                .setTimelineId(at.timelineId())
                                .setSubscriptionId(subscriptionId)
                                .build()));
    }
}
