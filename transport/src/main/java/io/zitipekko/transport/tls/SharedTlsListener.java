package io.zitipekko.transport.tls;

import io.zitipekko.transport.eventloop.EventLoopConfigurator;
import io.zitipekko.transport.identity.Identity;
import io.zitipekko.transport.identity.ServerChain;
import io.zitipekko.transport.refusal.RefusalLog;
import io.zitipekko.transport.refusal.RefusalSink;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import javax.net.ssl.SSLEngine;
import org.apache.pekko.Done;
import org.apache.pekko.actor.ClassicActorSystemProvider;
import org.apache.pekko.io.Inet.SocketOption;
import org.apache.pekko.io.TcpSO;
import org.apache.pekko.stream.ActorAttributes;
import org.apache.pekko.stream.Attributes;
import org.apache.pekko.stream.KillSwitches;
import org.apache.pekko.stream.SharedKillSwitch;
import org.apache.pekko.stream.javadsl.Flow;
import org.apache.pekko.stream.javadsl.Keep;
import org.apache.pekko.stream.javadsl.Sink;
import org.apache.pekko.stream.javadsl.Source;
import org.apache.pekko.stream.javadsl.Tcp;
import org.apache.pekko.util.ByteString;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One TCP socket shared by several TLS protocols. Reads the ClientHello first, then chooses protocol, certificate and client
 * authentication by it (protocol/01 section 2); the protocol's handler is attached after the handshake. All of a connection
 * runs on dispatcher {@code ziti.event-loop}.
 *
 * <p>What unproved peers can cost is bounded by {@link ListenerLimits}: beyond them a connection is closed at once.
 */
public final class SharedTlsListener {
    private static final Logger LOG = LoggerFactory.getLogger(SharedTlsListener.class);
    private static final int BACKLOG = 1024;
    private static final Attributes ON_EVENT_LOOP = ActorAttributes.dispatcher(EventLoopConfigurator.DISPATCHER);

    private final ClassicActorSystemProvider system;
    private final ProtocolChoice protocols;
    private final Duration handshakeTimeout;
    private final ConnectionQuota quota;
    private final RefusalSink refusals;
    private final SharedKillSwitch connections = KillSwitches.shared("tls-listener");
    private final Set<Accepted> open = ConcurrentHashMap.newKeySet();

    private volatile Tcp.@Nullable ServerBinding binding;

    private SharedTlsListener(
            ClassicActorSystemProvider system,
            List<TlsServerProtocol> protocols,
            ListenerLimits limits,
            RefusalSink refusals) {
        this.system = system;
        this.protocols = new ProtocolChoice(protocols);
        this.handshakeTimeout = limits.handshakeTimeout();
        this.quota = new ConnectionQuota(limits);
        this.refusals = refusals;
    }

    /**
     * Binds; what is refused goes to the log.
     *
     * @param host name or address to bind to, e.g. {@code 0.0.0.0}
     * @param port 0 for any free one
     * @param protocols what is served, told apart by ALPN
     * @return failed when the address cannot be bound
     * @throws IllegalArgumentException when an ALPN name is registered twice
     */
    public static CompletionStage<SharedTlsListener> bind(
            ClassicActorSystemProvider system,
            String host,
            int port,
            List<TlsServerProtocol> protocols,
            ListenerLimits limits) {
        return bind(system, host, port, protocols, limits, RefusalLog.to(LOG));
    }

    /**
     * Binds.
     *
     * @param refusals told of each connection that is refused before its protocol has spoken, not limited: limiting is its part
     */
    public static CompletionStage<SharedTlsListener> bind(
            ClassicActorSystemProvider system,
            String host,
            int port,
            List<TlsServerProtocol> protocols,
            ListenerLimits limits,
            RefusalSink refusals) {
        SharedTlsListener listener = new SharedTlsListener(system, protocols, limits, refusals);
        List<SocketOption> options = List.of(TcpSO.tcpNoDelay(true), TcpSO.keepAlive(true), TcpSO.reuseAddress(true));
        return Tcp.get(system)
                .bind(host, port, BACKLOG, options, true, Optional.<Duration>empty())
                .to(Sink.foreach(listener::accept))
                .withAttributes(ON_EVENT_LOOP)
                .run(system)
                .handle((binding, failure) -> {
                    if (failure != null) {
                        throw new TlsException(
                                "cannot listen on " + host + ":" + port + ": " + Failures.text(failure), failure);
                    }
                    listener.binding = binding;
                    return listener;
                });
    }

    private void accept(Tcp.IncomingConnection connection) {
        InetSocketAddress remote = connection.remoteAddress();
        if (!quota.tryEnter(remote.getAddress())) {
            refusals.refused(remote, "connection", "too many connections or unfinished handshakes");
            connection.handleWith(Flow.fromSinkAndSource(Sink.cancelled(), Source.empty()), system);
            return;
        }
        Accepted accepted = new Accepted(remote, connection.localAddress());
        TlsLifecycle lifecycle = connection
                .flow()
                .via(connections.flow())
                .joinMat(
                        TlsStage.server(accepted, handshakeTimeout)
                                .reversed()
                                .join(Flow.completionStageFlow(accepted.handler), Keep.left()),
                        Keep.right())
                .withAttributes(ON_EVENT_LOOP)
                .run(system);
        accepted.follow(lifecycle);
    }

    /** The address that is bound, with the port that was chosen when 0 was asked for. */
    public InetSocketAddress localAddress() {
        return bound().localAddress();
    }

    /** Connections that are open now, unfinished handshakes included. */
    public int openConnections() {
        return quota.connections();
    }

    /** Stops accepting and resets every connection; completes when all have ended. Safe to call again. */
    public CompletionStage<Done> close() {
        return bound().unbind().thenCompose(unbound -> {
            connections.abort(new TlsException("listener was closed"));
            return CompletableFuture.allOf(
                            open.stream().map(accepted -> accepted.ended).toArray(CompletableFuture<?>[]::new))
                    .thenApply(all -> Done.getInstance());
        });
    }

    private Tcp.ServerBinding bound() {
        Tcp.ServerBinding bound = binding;
        if (bound == null) {
            throw new IllegalStateException("listener is not bound");
        }
        return bound;
    }

    /** One accepted connection: what its ClientHello has chosen, and its bookkeeping. */
    private final class Accepted implements EngineChoice {
        private final InetSocketAddress remote;
        private final InetSocketAddress local;
        private final CompletableFuture<Flow<ByteString, ByteString, org.apache.pekko.NotUsed>> handler =
                new CompletableFuture<>();
        private final CompletableFuture<Done> ended = new CompletableFuture<>();
        /** Set before the handshake, read after it, both on the connection's stream. */
        private ProtocolChoice.@Nullable Chosen chosen;

        Accepted(InetSocketAddress remote, InetSocketAddress local) {
            this.remote = remote;
            this.local = local;
        }

        @Override
        public SSLEngine choose(ClientHello hello) throws RefusedClientHelloException {
            ProtocolChoice.Chosen chosen = protocols.choose(hello);
            Identity identity = chosen.protocol().identity().get();
            List<ServerChain> chains = identity.serverChains();
            if (chains.isEmpty()) {
                throw new RefusedClientHelloException(
                        TlsAlert.INTERNAL_ERROR, "identity " + identity.token() + " has no server certificate");
            }
            this.chosen = chosen;
            return SslEngines.server(chosen.protocol(), chosen.alpn(), ServerChainChoice.choose(chains, hello));
        }

        void follow(TlsLifecycle lifecycle) {
            open.add(this);
            lifecycle.handshake().whenComplete((handshake, failure) -> {
                quota.handshakeEnded(remote.getAddress());
                if (failure == null) {
                    attach(handshake);
                } else {
                    refusals.refused(remote, "TLS handshake", Failures.text(failure));
                    handler.completeExceptionally(failure);
                }
            });
            lifecycle.terminated().whenComplete((done, failure) -> {
                quota.connectionEnded();
                open.remove(this);
                ended.complete(Done.getInstance());
            });
        }

        private void attach(TlsHandshake handshake) {
            ProtocolChoice.Chosen chosen = this.chosen;
            if (chosen == null) {
                handler.completeExceptionally(new IllegalStateException("handshake without a chosen protocol"));
                return;
            }
            try {
                handler.complete(chosen.protocol()
                        .handler()
                        .apply(new TlsPeer(remote, local, handshake.alpn(), handshake.certificates())));
            } catch (RuntimeException e) {
                LOG.error("the handler of protocol '{}' refused a new connection", chosen.alpn(), e);
                handler.completeExceptionally(e);
            }
        }
    }
}
