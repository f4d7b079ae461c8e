package io.zitipekko.transport.tls;

import java.net.InetSocketAddress;
import java.util.List;
import java.util.concurrent.CompletionStage;
import org.apache.pekko.Done;
import org.apache.pekko.actor.ClassicActorSystemProvider;

/**
 * One TCP socket shared by several TLS protocols. Reads the ClientHello first, then chooses protocol, certificate and client
 * authentication by it (protocol/01 section 2).
 */
public final class SharedTlsListener {
    private SharedTlsListener() {}

    /**
     * Binds.
     *
     * @param host name or address to bind to, e.g. {@code 0.0.0.0}
     * @param port 0 for any free one
     * @param protocols a name registered twice is an error
     * @return failed when the address cannot be bound
     */
    public static CompletionStage<SharedTlsListener> bind(
            ClassicActorSystemProvider system,
            String host,
            int port,
            List<TlsServerProtocol> protocols,
            ListenerLimits limits) {
        throw new UnsupportedOperationException();
    }

    public InetSocketAddress localAddress() {
        throw new UnsupportedOperationException();
    }

    /** Stops accepting and closes every connection; safe to call again. */
    public CompletionStage<Done> close() {
        throw new UnsupportedOperationException();
    }
}
