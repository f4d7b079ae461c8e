package io.zitipekko.actors.router.control;

import io.zitipekko.actors.router.ControllerClient;
import io.zitipekko.actors.router.ControllerId;
import io.zitipekko.actors.router.ControllerPreference;
import io.zitipekko.actors.router.NoControllerException;
import io.zitipekko.actors.router.Registration;
import io.zitipekko.transport.address.TransportAddress;
import io.zitipekko.transport.channel.Channel;
import io.zitipekko.transport.channel.Lane;
import io.zitipekko.transport.channel.Message;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;

/** The control channels that are up, and who leads. Written by the {@link ControlConnection}s, used by the whole router; thread-safe. */
public final class ControllerConnections implements ControllerClient {
    /** A controller slower than this is asked last (protocol/03 section 6.7). */
    private static final long UNRESPONSIVE_NANOS = Duration.ofSeconds(5).toNanos();

    private final ConcurrentHashMap<ControllerId, Connection> connections = new ConcurrentHashMap<>();
    private final List<Listener> listeners = new CopyOnWriteArrayList<>();
    private volatile Optional<ControllerId> leader = Optional.empty();
    private volatile boolean everConnected;

    private static final class Connection {
        final ControllerId id;
        final Channel channel;
        final TransportAddress address;
        volatile long latencyNanos;

        Connection(ControllerId id, Channel channel, TransportAddress address) {
            this.id = id;
            this.channel = channel;
            this.address = address;
        }
    }

    /** Makes a channel available. False, and nothing changed, when this controller has one already that is open. */
    boolean add(ControllerId id, Channel channel, TransportAddress address) {
        Connection added = new Connection(id, channel, address);
        Connection now = connections.compute(id, (k, old) -> old != null && !old.channel.isClosed() ? old : added);
        if (now != added) {
            return false;
        }
        everConnected = true;
        listeners.forEach(l -> l.onConnected(id));
        return true;
    }

    void remove(ControllerId id, Channel channel) {
        Connection known = connections.get(id);
        if (known != null && known.channel == channel && connections.remove(id, known)) {
            listeners.forEach(l -> l.onDisconnected(id));
        }
    }

    /** Over which address a connected controller was reached. */
    Optional<TransportAddress> addressOf(ControllerId id) {
        return Optional.ofNullable(connections.get(id)).map(c -> c.address);
    }

    void measured(ControllerId id, Duration latency) {
        Connection known = connections.get(id);
        if (known != null) {
            known.latencyNanos = latency.toNanos();
        }
    }

    void leaderIs(ControllerId id) {
        leader = Optional.of(id);
    }

    @Override
    public CompletionStage<Message> request(
            ControllerPreference preference, Lane lane, Message message, Duration timeout) {
        Connection c = choose(preference);
        return c == null
                ? CompletableFuture.failedFuture(new NoControllerException(preference))
                : c.channel.request(lane, message, timeout);
    }

    @Override
    public boolean send(ControllerPreference preference, Lane lane, Message message) {
        Connection c = choose(preference);
        return c != null && c.channel.send(lane, message);
    }

    @Override
    public int broadcast(Lane lane, Message message) {
        int taken = 0;
        for (Connection c : connections.values()) {
            taken += c.channel.send(lane, message) ? 1 : 0;
        }
        return taken;
    }

    @Override
    public Set<ControllerId> connected() {
        return Set.copyOf(connections.keySet());
    }

    /** Whether any controller has been connected since the start, whatever came of it. */
    public boolean everConnected() {
        return everConnected;
    }

    @Override
    public Registration onChange(Listener listener) {
        listeners.add(listener);
        return () -> listeners.remove(listener);
    }

    private @org.jspecify.annotations.Nullable Connection choose(ControllerPreference preference) {
        if (preference instanceof ControllerPreference.Only only) {
            return connections.get(only.controller());
        }
        if (preference instanceof ControllerPreference.Leader && leader.isPresent()) {
            Connection led = connections.get(leader.get());
            if (led != null && led.latencyNanos < UNRESPONSIVE_NANOS) {
                return led;
            }
        }
        return connections.values().stream()
                .min(Comparator.<Connection>comparingLong(c -> c.latencyNanos).thenComparing(c -> c.id.value()))
                .orElse(null);
    }
}
