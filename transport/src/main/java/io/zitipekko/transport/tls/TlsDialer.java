package io.zitipekko.transport.tls;

import io.zitipekko.transport.address.TransportAddress;
import io.zitipekko.transport.identity.Identity;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;
import org.apache.pekko.actor.ClassicActorSystemProvider;
import org.apache.pekko.io.Inet.SocketOption;
import org.apache.pekko.io.TcpSO;
import org.apache.pekko.stream.javadsl.Flow;
import org.apache.pekko.stream.javadsl.Tcp;
import org.apache.pekko.util.ByteString;

/** Dials TLS: server chain against the identity's anchors, host name against the SANs (protocol/01 sections 2 and 13, S10). */
public final class TlsDialer {
    private static final List<SocketOption> OPTIONS = List.of(TcpSO.tcpNoDelay(true), TcpSO.keepAlive(true));

    private TlsDialer() {}

    /**
     * A connection per materialization. Run the graph that it becomes part of on dispatcher {@code ziti.event-loop}.
     *
     * @param identity asked anew for each connection; its client chain is presented, its anchors are trusted, the system's
     *     roots where it has none
     * @param alpn names offered in order; empty for no ALPN
     * @param timeout for connecting and the handshake together
     * @return bytes to send in, bytes received out; the value completes after the handshake, or fails with a
     *     {@link TlsException} that names address and reason
     */
    public static Flow<ByteString, ByteString, CompletionStage<TlsPeer>> dial(
            ClassicActorSystemProvider system,
            TransportAddress address,
            Supplier<Identity> identity,
            List<String> alpn,
            Duration timeout) {
        if (!"tls".equals(address.type())) {
            throw new IllegalArgumentException(
                    "address " + address + ": type '" + address.type() + "' cannot be dialed (expected: tls)");
        }
        Flow<ByteString, ByteString, CompletionStage<Tcp.OutgoingConnection>> tcp = Tcp.get(system)
                .outgoingConnection(
                        InetSocketAddress.createUnresolved(address.host(), address.port()),
                        Optional.empty(),
                        OPTIONS,
                        true,
                        Optional.of(timeout),
                        Optional.<Duration>empty());
        return TlsStage.of(() -> SslEngines.client(identity.get(), address.host(), address.port(), alpn), timeout)
                .join(tcp, (lifecycle, connection) -> peer(address, lifecycle, connection));
    }

    private static CompletionStage<TlsPeer> peer(
            TransportAddress address, TlsLifecycle lifecycle, CompletionStage<Tcp.OutgoingConnection> connection) {
        return lifecycle
                .handshake()
                .thenCombine(
                        connection,
                        (handshake, tcp) -> new TlsPeer(
                                tcp.remoteAddress(), tcp.localAddress(), handshake.alpn(), handshake.certificates()))
                .handle((peer, failure) -> {
                    if (failure != null) {
                        throw new TlsException("dialing " + address + ": " + Failures.text(failure), failure);
                    }
                    return peer;
                });
    }
}
