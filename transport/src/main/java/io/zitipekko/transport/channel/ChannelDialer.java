package io.zitipekko.transport.channel;

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
        throw new UnsupportedOperationException();
    }
}
