package io.zitipekko.transport.refusal;

import java.net.InetSocketAddress;

/** Learns of peers that were refused. Called on the threads that serve peers: must not block. */
@FunctionalInterface
public interface RefusalSink {
    /**
     * @param what of the peer is refused, e.g. {@code control hello}
     * @param reason may quote what the peer sent
     */
    void refused(InetSocketAddress peer, String what, String reason);
}
