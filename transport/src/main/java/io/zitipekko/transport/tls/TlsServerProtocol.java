package io.zitipekko.transport.tls;

import io.zitipekko.transport.identity.Identity;
import io.zitipekko.transport.identity.PresentedCertificates;
import java.util.Objects;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.function.Supplier;
import org.apache.pekko.NotUsed;
import org.apache.pekko.stream.javadsl.Flow;
import org.apache.pekko.util.ByteString;

/**
 * One protocol behind a {@link SharedTlsListener}: chosen by ALPN from the ClientHello, with its own certificates, client
 * authentication and handler (protocol/01 section 2).
 *
 * @param alpn names it answers to; {@code ""} means a client that offers none
 * @param identity asked anew for every handshake; its server chains are offered
 * @param clientAuth whether a client certificate is asked for
 * @param admit judges what the client presented while the handshake is still going on, so that a refused client gets a TLS
 *     alert; runs on the handshake pool, may throw to refuse. Not asked when the client presented nothing
 * @param handler makes the flow for one connection, from bytes received to bytes sent; called after the handshake. The flow
 *     runs fused on the event loop: one that computes or blocks marks itself with {@code async(dispatcher)}
 */
public record TlsServerProtocol(
        Set<String> alpn,
        Supplier<Identity> identity,
        ClientAuth clientAuth,
        Predicate<PresentedCertificates> admit,
        Function<TlsPeer, Flow<ByteString, ByteString, NotUsed>> handler) {
    /** The ALPN entry for clients that offer no ALPN at all. */
    public static final String NO_ALPN = "";

    public TlsServerProtocol {
        alpn = Set.copyOf(alpn);
        Objects.requireNonNull(identity, "identity");
        Objects.requireNonNull(clientAuth, "clientAuth");
        Objects.requireNonNull(admit, "admit");
        Objects.requireNonNull(handler, "handler");
        if (alpn.isEmpty()) {
            throw new IllegalArgumentException("alpn: empty (expected: at least one name, \"\" for none)");
        }
    }

    /** For protocols that check their peer after the handshake. */
    public static boolean admitEveryone(PresentedCertificates presented) {
        return true;
    }
}
