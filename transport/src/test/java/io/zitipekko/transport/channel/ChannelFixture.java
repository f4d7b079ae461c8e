package io.zitipekko.transport.channel;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import io.zitipekko.transport.address.TransportAddress;
import io.zitipekko.transport.channel.underlay.UnderlayTransport;
import io.zitipekko.transport.identity.PresentedCertificates;
import io.zitipekko.transport.tls.TlsPeer;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.function.BiFunction;
import java.util.function.Function;
import org.apache.pekko.actor.ActorSystem;
import org.apache.pekko.stream.ActorAttributes;
import org.apache.pekko.stream.SystemMaterializer;
import org.apache.pekko.stream.javadsl.Sink;
import org.apache.pekko.stream.javadsl.Tcp;
import org.apache.pekko.testkit.javadsl.TestKit;

/** Channels over plain TCP on loopback: everything but TLS is what runs in a node. */
final class ChannelFixture implements AutoCloseable {
    static final ChannelOptions QUICK = new ChannelOptions(
            Duration.ofSeconds(3),
            16 << 20,
            1 << 20,
            Duration.ofSeconds(60),
            Duration.ofSeconds(60),
            Duration.ofMillis(1));

    private static final Config CONFIG = ConfigFactory.parseString(
                    """
                    pekko.loglevel = WARNING
                    pekko.log-dead-letters = off
                    """)
            .withFallback(ConfigFactory.parseResources("ziti-transport.conf"))
            .withFallback(ConfigFactory.load());

    final ActorSystem system = ActorSystem.create("channel-test", CONFIG);

    /** What an acceptor of a test does; everything is accepted as the same peer unless it says otherwise. */
    static final class Acceptor implements ChannelAcceptor {
        volatile BiFunction<Hello, TlsPeer, CompletionStage<HelloAnswer>> decide =
                (hello, peer) -> CompletableFuture.completedFuture(accept("peer"));
        volatile Function<Channel, ChannelHandler> handler = RecordingHandler::new;
        final java.util.concurrent.LinkedBlockingQueue<Channel> channels =
                new java.util.concurrent.LinkedBlockingQueue<>();
        final java.util.concurrent.atomic.AtomicInteger hellos = new java.util.concurrent.atomic.AtomicInteger();

        static HelloAnswer accept(String proven) {
            return new HelloAnswer.Accept(proven, Headers.EMPTY);
        }

        @Override
        public CompletionStage<HelloAnswer> onHello(Hello hello, TlsPeer peer) {
            hellos.incrementAndGet();
            return decide.apply(hello, peer);
        }

        @Override
        public ChannelHandler onChannel(Channel channel, Hello hello) {
            ChannelHandler made = handler.apply(channel);
            channels.add(channel);
            return made;
        }

        Channel next() throws InterruptedException {
            Channel channel = channels.poll(60, TimeUnit.SECONDS);
            if (channel == null) {
                throw new AssertionError("no channel was accepted within 5 s");
            }
            return channel;
        }
    }

    InetSocketAddress listen(ChannelKind kind, ChannelOptions options, ChannelAcceptor acceptor) {
        ChannelListener listener = ChannelListener.create(system, kind, options, () -> "er1", acceptor);
        return Tcp.get(system)
                .bind("127.0.0.1", 0)
                .to(Sink.foreach(connection -> connection
                        .flow()
                        .join(listener.handle(peer(connection.remoteAddress())))
                        .withAttributes(ActorAttributes.dispatcher("ziti.event-loop"))
                        .run(SystemMaterializer.get(system).materializer())))
                .run(SystemMaterializer.get(system).materializer())
                .toCompletableFuture()
                .join()
                .localAddress();
    }

    ChannelDial spec(ChannelKind kind, ChannelOptions options, boolean grouped, Map<String, Integer> wanted) {
        return new ChannelDial(
                kind,
                TransportAddress.parse("tls:127.0.0.1:1"),
                () -> {
                    throw new AssertionError("plain TCP needs no identity");
                },
                List.of(),
                "dialer",
                Headers.EMPTY,
                options,
                grouped,
                wanted);
    }

    UnderlayTransport tcp(InetSocketAddress to) {
        return () -> Tcp.get(system)
                .outgoingConnection(to.getHostString(), to.getPort())
                .mapMaterializedValue(opened -> opened.thenApply(connection -> peer(connection.remoteAddress())));
    }

    CompletionStage<Channel> dial(InetSocketAddress to, ChannelDial spec, ChannelHandlerFactory factory) {
        return ChannelDialer.dial(system, spec, tcp(to), factory);
    }

    /** A dialed channel with a recording handler. */
    Channel dial(InetSocketAddress to, ChannelKind kind) {
        return dial(to, spec(kind, QUICK, false, Map.of()), RecordingHandler::new)
                .toCompletableFuture()
                .join();
    }

    RawPeer raw(InetSocketAddress to) throws IOException {
        return new RawPeer(to);
    }

    static TlsPeer peer(InetSocketAddress remote) {
        return new TlsPeer(remote, new InetSocketAddress("127.0.0.1", 1), "", PresentedCertificates.NONE);
    }

    @Override
    public void close() {
        TestKit.shutdownActorSystem(system);
    }
}
