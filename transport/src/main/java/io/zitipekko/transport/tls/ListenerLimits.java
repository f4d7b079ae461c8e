package io.zitipekko.transport.tls;

import java.time.Duration;

/**
 * What a listener spends on peers that have proved nothing yet (protocol/01 section 13, S6).
 *
 * @param handshakeTimeout from accept to the end of the handshake
 * @param maxHandshakesPerAddress concurrent unfinished handshakes from one IP address
 * @param maxConnections open connections, finished handshakes included
 */
public record ListenerLimits(Duration handshakeTimeout, int maxHandshakesPerAddress, int maxConnections) {
    public static final ListenerLimits DEFAULT = new ListenerLimits(Duration.ofSeconds(5), 256, 65_536);

    public ListenerLimits {
        if (handshakeTimeout.isNegative() || handshakeTimeout.isZero()) {
            throw new IllegalArgumentException("handshakeTimeout: " + handshakeTimeout + " (expected: > 0)");
        }
        if (maxHandshakesPerAddress < 1) {
            throw new IllegalArgumentException(
                    "maxHandshakesPerAddress: " + maxHandshakesPerAddress + " (expected: >= 1)");
        }
        if (maxConnections < 1) {
            throw new IllegalArgumentException("maxConnections: " + maxConnections + " (expected: >= 1)");
        }
    }

    public ListenerLimits withHandshakeTimeout(Duration timeout) {
        return new ListenerLimits(timeout, maxHandshakesPerAddress, maxConnections);
    }
}
