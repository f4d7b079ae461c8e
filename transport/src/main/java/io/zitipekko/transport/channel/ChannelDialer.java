package io.zitipekko.transport.channel;

import io.zitipekko.transport.channel.underlay.UnderlayDialer;
import io.zitipekko.transport.channel.underlay.UnderlayTransport;
import io.zitipekko.transport.tls.TlsDialer;
import java.util.concurrent.CompletionStage;
import org.apache.pekko.actor.ClassicActorSystemProvider;

/** The dialing side: one first underlay, then as many as the dial wants, kept up with back-off while the channel lives. */
public final class ChannelDialer {
    private ChannelDialer() {}

    /**
     * Dials once. The stage completes after the Result and after {@code factory} made the handler; it fails when the address cannot be
     * reached, TLS fails, the listener refuses or {@link ChannelOptions#helloTimeout} passes. A channel that loses an underlay type
     * that its kind cannot do without closes; dialing anew is the caller's.
     */
    public static CompletionStage<Channel> dial(
            ClassicActorSystemProvider system, ChannelDial spec, ChannelHandlerFactory factory) {
        return dial(
                system,
                spec,
                () -> TlsDialer.dial(
                        system,
                        spec.address(),
                        spec.identity(),
                        spec.alpn(),
                        spec.options().helloTimeout()),
                factory);
    }

    /** As {@link #dial(ClassicActorSystemProvider, ChannelDial, ChannelHandlerFactory)}, over connections opened another way. */
    public static CompletionStage<Channel> dial(
            ClassicActorSystemProvider system,
            ChannelDial spec,
            UnderlayTransport transport,
            ChannelHandlerFactory factory) {
        return new UnderlayDialer(system, spec, transport).dial(factory);
    }
}
