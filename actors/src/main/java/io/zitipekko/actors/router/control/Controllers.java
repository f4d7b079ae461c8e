package io.zitipekko.actors.router.control;

import io.zitipekko.actors.router.ControllerId;
import io.zitipekko.transport.address.TransportAddress;
import io.zitipekko.transport.channel.ChannelDial;
import io.zitipekko.transport.channel.Headers;
import io.zitipekko.transport.channel.Lane;
import io.zitipekko.transport.channel.Message;
import io.zitipekko.transport.control.ControlContentType;
import io.zitipekko.transport.control.proto.CtrlDetail;
import io.zitipekko.transport.control.proto.CtrlEndpoint;
import io.zitipekko.transport.control.proto.Settings;
import io.zitipekko.transport.control.proto.UpdateClusterLeader;
import io.zitipekko.transport.control.proto.UpdateCtrlAddresses;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Function;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.SupervisorStrategy;
import org.apache.pekko.actor.typed.javadsl.AbstractBehavior;
import org.apache.pekko.actor.typed.javadsl.ActorContext;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.apache.pekko.actor.typed.javadsl.Receive;
import org.apache.pekko.actor.typed.javadsl.TimerScheduler;

/**
 * Knows which controllers there are and keeps a {@link ControlConnection} to each; follows what the cluster announces (protocol/03
 * section 7.1) and has the addresses written down. Supervises its connections: one that fails is restarted.
 */
public final class Controllers extends AbstractBehavior<Controllers.Command> {
    private static final Duration ASK_LEADER_AGAIN = Duration.ofSeconds(30);
    /** Key of a Settings message: the sender's new address. */
    private static final int NEW_ADDRESS = 1;

    /** Messages of this actor. */
    public sealed interface Command {}

    private record Announced(ControllerId from, UpdateCtrlAddresses addresses) implements Command {}

    private record LeaderIs(ControllerId leader, long index) implements Command {}

    private record AddressChanged(TransportAddress address) implements Command {}

    private record AskLeader() implements Command {}

    private final TimerScheduler<Command> timers;
    private final Function<TransportAddress, ChannelDial> dial;
    private final ControllerConnections connections;
    private final ControlMessages messages;
    private final Consumer<Set<TransportAddress>> remember;
    private final Map<TransportAddress, ActorRef<ControlConnection.Command>> children = new LinkedHashMap<>();
    private long index;

    private Controllers(
            ActorContext<Command> context,
            TimerScheduler<Command> timers,
            List<TransportAddress> first,
            Function<TransportAddress, ChannelDial> dial,
            ControllerConnections connections,
            ControlMessages messages,
            Consumer<Set<TransportAddress>> remember) {
        super(context);
        this.timers = timers;
        this.dial = dial;
        this.connections = connections;
        this.messages = messages;
        this.remember = remember;
        ActorRef<Command> self = context.getSelf();
        messages.on(
                        ControlContentType.UPDATE_CTRL_ADDRESSES,
                        UpdateCtrlAddresses.parser(),
                        (from, m, body) -> self.tell(new Announced(from.controller(), body)))
                .on(
                        ControlContentType.UPDATE_CLUSTER_LEADER,
                        UpdateClusterLeader.parser(),
                        (from, m, body) -> self.tell(new LeaderIs(from.controller(), body.getIndex())))
                .on(ControlContentType.SETTINGS, Settings.parser(), (from, m, body) -> {
                    if (body.containsData(NEW_ADDRESS)) {
                        self.tell(new AddressChanged(TransportAddress.parse(
                                body.getDataOrThrow(NEW_ADDRESS).toString(StandardCharsets.UTF_8))));
                    }
                });
        first.forEach(this::connect);
    }

    /**
     * @param first addresses known at the start
     * @param dial makes what is dialled, anew for each dial
     * @param messages gets this actor's entries, and is what the connections use
     * @param remember writes addresses down; called when they change, must not block
     */
    public static Behavior<Command> create(
            List<TransportAddress> first,
            Function<TransportAddress, ChannelDial> dial,
            ControllerConnections connections,
            ControlMessages messages,
            Consumer<Set<TransportAddress>> remember) {
        return Behaviors.setup(context -> Behaviors.withTimers(
                timers -> new Controllers(context, timers, first, dial, connections, messages, remember)));
    }

    @Override
    public Receive<Command> createReceive() {
        return newReceiveBuilder()
                .onMessage(Announced.class, this::onAnnounced)
                .onMessage(LeaderIs.class, this::onLeaderIs)
                .onMessage(AddressChanged.class, this::onAddressChanged)
                .onMessage(AskLeader.class, m -> onAskLeader())
                .build();
    }

    private Behavior<Command> onAnnounced(Announced m) {
        UpdateCtrlAddresses a = m.addresses();
        if (index != 0 && Long.compareUnsigned(a.getIndex(), index) <= 0) {
            return this;
        }
        if (a.getControllersCount() == 0) {
            timers.startSingleTimer(new AskLeader(), ASK_LEADER_AGAIN);
            return this;
        }
        Set<TransportAddress> announced = new LinkedHashSet<>();
        for (CtrlDetail c : a.getControllersList()) {
            // A controller that is connected stays at the address it was reached by: a second channel would cost the
            // first.
            Optional<TransportAddress> inUse =
                    c.getId().isEmpty() ? Optional.empty() : connections.addressOf(new ControllerId(c.getId()));
            if (inUse.isPresent()) {
                announced.add(inUse.get());
                continue;
            }
            for (CtrlEndpoint e : c.getEndpointsList()) {
                try {
                    announced.add(TransportAddress.parse(e.getAddress()));
                } catch (IllegalArgumentException bad) {
                    getContext()
                            .getLog()
                            .warn(
                                    "controller {} announces an address that cannot be used: {}",
                                    m.from(),
                                    bad.getMessage());
                }
            }
        }
        if (announced.isEmpty()) {
            return this;
        }
        announced.forEach(this::connect);
        if (a.getIsLeader()) {
            for (TransportAddress known : new ArrayList<>(children.keySet())) {
                if (!announced.contains(known)) {
                    getContext().stop(children.remove(known));
                }
            }
            connections.leaderIs(m.from());
            index = a.getIndex();
        } else {
            timers.startSingleTimer(new AskLeader(), ASK_LEADER_AGAIN);
        }
        remember.accept(Set.copyOf(children.keySet()));
        return this;
    }

    private Behavior<Command> onLeaderIs(LeaderIs m) {
        if (index == 0 || Long.compareUnsigned(m.index(), index) > 0) {
            connections.leaderIs(m.leader());
        }
        return this;
    }

    private Behavior<Command> onAddressChanged(AddressChanged m) {
        connect(m.address());
        remember.accept(Set.copyOf(children.keySet()));
        return this;
    }

    private Behavior<Command> onAskLeader() {
        connections.send(
                io.zitipekko.actors.router.ControllerPreference.LEADER,
                Lane.DEFAULT,
                Message.of(ControlContentType.REQUEST_CLUSTER_MEMBERS, Headers.EMPTY, new byte[0]));
        return this;
    }

    private void connect(TransportAddress address) {
        children.computeIfAbsent(address, a -> getContext()
                .spawn(
                        Behaviors.supervise(ControlConnection.create(a, () -> dial.apply(a), connections, messages))
                                .onFailure(SupervisorStrategy.restartWithBackoff(
                                        Duration.ofMillis(200), Duration.ofSeconds(10), 0.2)),
                        "controller-" + a.host().replaceAll("[^A-Za-z0-9.-]", "_") + "-" + a.port()));
    }
}
