package io.zitipekko.transport.tls;

import io.zitipekko.transport.identity.PresentedCertificates;
import java.net.InetSocketAddress;

/**
 * What is known of the other side once a TLS handshake has ended.
 *
 * @param remote the peer's socket address
 * @param local our end
 * @param alpn the protocol agreed on, empty when the client offered none
 * @param certificates what it presented; its leaf's key is proved, its trust is not checked yet
 */
public record TlsPeer(
        InetSocketAddress remote, InetSocketAddress local, String alpn, PresentedCertificates certificates) {
    /** The peer's address as {@code host:port}, for people; nothing is looked up for it. */
    public String remoteAddress() {
        return text(remote);
    }

    /** Our end as {@code host:port}. */
    public String localAddress() {
        return text(local);
    }

    /** An address as {@code host:port}, for people; nothing is looked up for it. */
    public static String text(InetSocketAddress address) {
        String host = address.getHostString();
        return (host.indexOf(':') >= 0 ? "[" + host + "]" : host) + ":" + address.getPort();
    }
}
