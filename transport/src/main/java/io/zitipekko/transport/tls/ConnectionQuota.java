package io.zitipekko.transport.tls;

import io.zitipekko.transport.refusal.AddressQuota;
import java.net.InetAddress;
import java.util.concurrent.atomic.AtomicInteger;

/** Counts a listener's connections and, per address, those that have not finished their handshake. Thread-safe. */
final class ConnectionQuota {
    private final ListenerLimits limits;
    private final AtomicInteger connections = new AtomicInteger();
    private final AddressQuota handshakes;

    ConnectionQuota(ListenerLimits limits) {
        this.limits = limits;
        this.handshakes = new AddressQuota(limits.maxHandshakesPerAddress());
    }

    /** Counts a new connection; false, and counts nothing, when it is one too many. */
    boolean tryEnter(InetAddress address) {
        if (connections.incrementAndGet() > limits.maxConnections() || !handshakes.tryEnter(address)) {
            connections.decrementAndGet();
            return false;
        }
        return true;
    }

    /** A handshake has ended, either way. Once per connection that entered. */
    void handshakeEnded(InetAddress address) {
        handshakes.leave(address);
    }

    /** A connection has ended. Once per connection that entered. */
    void connectionEnded() {
        connections.decrementAndGet();
    }

    int connections() {
        return connections.get();
    }

    int addressesInHandshake() {
        return handshakes.addresses();
    }
}
