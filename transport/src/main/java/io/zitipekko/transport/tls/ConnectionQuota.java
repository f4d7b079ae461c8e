package io.zitipekko.transport.tls;

import java.net.Inet6Address;
import java.net.InetAddress;
import java.nio.ByteBuffer;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;

/** Counts a listener's connections and, per address, those that have not finished their handshake. Thread-safe. */
final class ConnectionQuota {
    /** An IPv6 host commands its whole /64, so that counts as one address. */
    private static final int IPV6_PREFIX_BYTES = 8;

    private final ListenerLimits limits;
    private final AtomicInteger connections = new AtomicInteger();
    private final ConcurrentHashMap<ByteBuffer, Integer> handshakes = new ConcurrentHashMap<>();

    ConnectionQuota(ListenerLimits limits) {
        this.limits = limits;
    }

    /** Counts a new connection; false, and counts nothing, when it is one too many. */
    boolean tryEnter(InetAddress address) {
        if (connections.incrementAndGet() > limits.maxConnections()) {
            connections.decrementAndGet();
            return false;
        }
        boolean[] entered = new boolean[1];
        handshakes.compute(key(address), (key, count) -> {
            int now = count == null ? 0 : count;
            entered[0] = now < limits.maxHandshakesPerAddress();
            return entered[0] ? Integer.valueOf(now + 1) : count;
        });
        if (!entered[0]) {
            connections.decrementAndGet();
        }
        return entered[0];
    }

    /** A handshake has ended, either way. Once per connection that entered. */
    void handshakeEnded(InetAddress address) {
        handshakes.computeIfPresent(key(address), (key, count) -> count == 1 ? null : Integer.valueOf(count - 1));
    }

    /** A connection has ended. Once per connection that entered. */
    void connectionEnded() {
        connections.decrementAndGet();
    }

    int connections() {
        return connections.get();
    }

    int addressesInHandshake() {
        return handshakes.size();
    }

    private static ByteBuffer key(InetAddress address) {
        byte[] bytes = address.getAddress();
        return address instanceof Inet6Address
                ? ByteBuffer.wrap(bytes, 0, IPV6_PREFIX_BYTES).slice()
                : ByteBuffer.wrap(bytes);
    }
}
