package io.zitipekko.actors.router.edge;

import io.zitipekko.actors.model.id.IdentityId;
import io.zitipekko.actors.router.ControllerId;
import io.zitipekko.actors.router.ControllerPreference;
import io.zitipekko.transport.channel.Headers;
import io.zitipekko.transport.channel.Lane;
import io.zitipekko.transport.channel.Message;
import io.zitipekko.transport.control.ControlContentType;
import io.zitipekko.transport.control.proto.edge.ConnectEvents;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.javadsl.AbstractBehavior;
import org.apache.pekko.actor.typed.javadsl.ActorContext;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.apache.pekko.actor.typed.javadsl.Receive;
import org.apache.pekko.actor.typed.javadsl.TimerScheduler;

/**
 * Tells the controllers which identities have a channel to this router (message 20415, protocol/03 section 11): what changed after
 * three seconds at most, all of it every five minutes and to a controller that comes back. Started by {@link EdgeSide}, restarted on
 * failure: all it loses is what the next full report brings.
 */
final class ConnectReporter extends AbstractBehavior<ConnectReporter.Command> {
    /** What it is told. */
    sealed interface Command {}

    /** A channel of this identity came or went. */
    record Changed(IdentityId identity) implements Command {}

    /** A controller is connected (again) and knows nothing. */
    record ControllerConnected(ControllerId controller) implements Command {}

    private enum Flush implements Command {
        INSTANCE
    }

    private enum ReportAll implements Command {
        INSTANCE
    }

    static final Duration BATCH = Duration.ofSeconds(3);
    private static final Duration FULL = Duration.ofMinutes(5);
    private static final int IDENTITIES_PER_MESSAGE = 1_000;

    private final EdgeParts parts;
    private final EdgeRegistry registry;
    private final TimerScheduler<Command> timers;
    private final Set<IdentityId> changed = new HashSet<>();
    private Instant reportedUntil = Instant.MIN;

    static Behavior<Command> create(EdgeParts parts, EdgeRegistry registry) {
        return Behaviors.setup(
                context -> Behaviors.withTimers(timers -> new ConnectReporter(context, timers, parts, registry)));
    }

    private ConnectReporter(
            ActorContext<Command> context, TimerScheduler<Command> timers, EdgeParts parts, EdgeRegistry registry) {
        super(context);
        this.timers = timers;
        this.parts = parts;
        this.registry = registry;
        timers.startTimerWithFixedDelay(ReportAll.INSTANCE, FULL);
    }

    @Override
    public Receive<Command> createReceive() {
        return newReceiveBuilder()
                .onMessage(Changed.class, this::onChanged)
                .onMessageEquals(Flush.INSTANCE, this::onFlush)
                .onMessageEquals(ReportAll.INSTANCE, this::onReportAll)
                .onMessage(ControllerConnected.class, this::onControllerConnected)
                .build();
    }

    private Behavior<Command> onChanged(Changed change) {
        if (changed.isEmpty()) {
            timers.startSingleTimer(Flush.INSTANCE, BATCH);
        }
        changed.add(change.identity());
        return this;
    }

    private Behavior<Command> onFlush() {
        Map<IdentityId, ConnectEvents.IdentityConnectEvents.Builder> now = connected(reportedUntil);
        reportedUntil = parts.clock().instant();
        List<ConnectEvents.IdentityConnectEvents> events = changed.stream()
                .map(identity ->
                        now.getOrDefault(identity, event(identity, false)).build())
                .toList();
        changed.clear();
        for (int from = 0; from < events.size(); from += IDENTITIES_PER_MESSAGE) {
            List<ConnectEvents.IdentityConnectEvents> part =
                    events.subList(from, Math.min(events.size(), from + IDENTITIES_PER_MESSAGE));
            parts.controllers().broadcast(Lane.DEFAULT, message(part, false));
        }
        return this;
    }

    private Behavior<Command> onReportAll() {
        parts.controllers().broadcast(Lane.DEFAULT, all());
        return this;
    }

    private Behavior<Command> onControllerConnected(ControllerConnected back) {
        parts.controllers().send(ControllerPreference.only(back.controller()), Lane.DEFAULT, all());
        return this;
    }

    /** In one message: a full report says by what it leaves out who is not connected. */
    private Message all() {
        return message(
                connected(Instant.MAX).values().stream()
                        .map(ConnectEvents.IdentityConnectEvents.Builder::build)
                        .toList(),
                true);
    }

    /** Who is connected, with the details of the channels opened after {@code since}: each is told once. */
    private Map<IdentityId, ConnectEvents.IdentityConnectEvents.Builder> connected(Instant since) {
        Map<IdentityId, ConnectEvents.IdentityConnectEvents.Builder> found = new HashMap<>();
        for (EdgeConnection connection : registry.all()) {
            connection.session().ifPresent(session -> {
                ConnectEvents.IdentityConnectEvents.Builder event =
                        found.computeIfAbsent(session.identityId(), id -> event(id, true));
                if (connection.connectedAt().isAfter(since)) {
                    event.addConnectTimes(ConnectEvents.ConnectDetails.newBuilder()
                            .setConnectTime(connection.connectedAt().toEpochMilli())
                            .setSrcAddr(text(connection.channel().peer().remote()))
                            .setDstAddr(text(connection.channel().peer().local())));
                }
            });
        }
        return found;
    }

    private static ConnectEvents.IdentityConnectEvents.Builder event(IdentityId identity, boolean connected) {
        return ConnectEvents.IdentityConnectEvents.newBuilder()
                .setIdentityId(identity.value())
                .setIsConnected(connected);
    }

    private static Message message(List<ConnectEvents.IdentityConnectEvents> events, boolean full) {
        return Message.of(
                ControlContentType.CONNECT_EVENTS,
                Headers.EMPTY,
                ConnectEvents.newBuilder()
                        .addAllEvents(events)
                        .setFullState(full)
                        .build()
                        .toByteArray());
    }

    private static String text(InetSocketAddress address) {
        return address.getAddress() == null
                ? address.getHostString() + ":" + address.getPort()
                : address.getAddress().getHostAddress() + ":" + address.getPort();
    }
}
