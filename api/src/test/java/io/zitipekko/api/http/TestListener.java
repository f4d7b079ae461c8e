package io.zitipekko.api.http;

import io.zitipekko.transport.identity.PresentedCertificates;
import io.zitipekko.transport.tls.TlsPeer;
import java.net.InetSocketAddress;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;
import org.apache.pekko.NotUsed;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.stream.javadsl.Flow;
import org.apache.pekko.stream.javadsl.Sink;
import org.apache.pekko.stream.javadsl.Tcp;
import org.apache.pekko.util.ByteString;

/** Serves a connection handler on a loopback port without TLS: what HTTP does is the same. */
public final class TestListener implements AutoCloseable {
    private final Tcp.ServerBinding binding;

    private TestListener(Tcp.ServerBinding binding) {
        this.binding = binding;
    }

    public static TestListener bind(
            ActorSystem<?> system, Function<TlsPeer, Flow<ByteString, ByteString, NotUsed>> handler) {
        CompletableFuture<Tcp.ServerBinding> bound = Tcp.get(system)
                .bind("127.0.0.1", 0)
                .to(Sink.foreach(connection -> connection.handleWith(
                        handler.apply(new TlsPeer(
                                connection.remoteAddress(), connection.localAddress(), "", PresentedCertificates.NONE)),
                        system)))
                .run(system)
                .toCompletableFuture();
        return new TestListener(bound.join());
    }

    public InetSocketAddress address() {
        return binding.localAddress();
    }

    public String url(String path) {
        return "http://127.0.0.1:" + address().getPort() + path;
    }

    @Override
    public void close() {
        binding.unbind().toCompletableFuture().join();
    }
}
