package io.zitipekko.actors.fabric.control;

import io.zitipekko.actors.controller.ControllerSettings;
import io.zitipekko.transport.channel.ChannelKind;
import io.zitipekko.transport.channel.ChannelListener;
import io.zitipekko.transport.channel.ChannelOptions;
import io.zitipekko.transport.tls.ClientAuth;
import io.zitipekko.transport.tls.TlsServerProtocol;
import java.util.Set;
import org.apache.pekko.actor.ClassicActorSystemProvider;

/** The control connection as one protocol of a TLS listener, alone on its port or beside HTTP. */
public final class ControlListenerProtocol {
    private ControlListenerProtocol() {}

    /** Certificates are demanded in the handshake and judged with the hello, because who may come depends on who it claims to be. */
    public static TlsServerProtocol of(
            ClassicActorSystemProvider system, ControllerSettings settings, ControlAcceptor acceptor) {
        ChannelListener listener =
                ChannelListener.create(system, ChannelKind.CONTROL, ChannelOptions.CONTROL, settings::nodeId, acceptor);
        return new TlsServerProtocol(
                Set.of(ChannelKind.CONTROL.alpn()),
                settings.identity(),
                ClientAuth.REQUIRE,
                TlsServerProtocol::admitEveryone,
                listener::handle);
    }
}
