package io.zitipekko.actors.router.control;

import io.zitipekko.actors.router.RouterSettings;
import io.zitipekko.transport.address.TransportAddress;
import io.zitipekko.transport.channel.ChannelDial;
import io.zitipekko.transport.channel.ChannelHeaders;
import io.zitipekko.transport.channel.ChannelKind;
import io.zitipekko.transport.channel.Headers;
import io.zitipekko.transport.control.Capabilities;
import io.zitipekko.transport.control.ControlHeader;
import io.zitipekko.transport.control.proto.Listener;
import io.zitipekko.transport.control.proto.Listeners;
import java.math.BigInteger;
import java.util.List;
import java.util.Map;

/** What a router says when it connects to a controller (protocol/03 section 6.1). */
public final class RouterHello {
    /** What this router really does: its edge has no ConnectV2, service subscriptions or posture over the channel yet. */
    private static final BigInteger CAPABILITIES = Capabilities.mask(
            Capabilities.ROUTER_MULTI_CHANNEL, Capabilities.ROUTER_BIND_SUCCESS, Capabilities.ROUTER_DATA_MODEL);

    private RouterHello() {}

    public static ChannelDial dial(RouterSettings settings, TransportAddress address) {
        Headers.Builder hello = Headers.builder()
                .string(ChannelHeaders.HELLO_VERSION, settings.version())
                .mask(ControlHeader.CAPABILITIES, CAPABILITIES);
        List<RouterSettings.LinkListener> listeners = settings.link().listeners();
        if (!listeners.isEmpty()) {
            Listeners.Builder body = Listeners.newBuilder();
            for (RouterSettings.LinkListener l : listeners) {
                body.addListeners(Listener.newBuilder()
                        .setAddress(l.advertise().toString())
                        .setProtocol(l.bind().type())
                        .addAllGroups(l.groups())
                        .setLocalBinding(l.localBinding()));
            }
            hello.bytes(ControlHeader.LISTENERS, body.build().toByteArray());
        }
        return new ChannelDial(
                ChannelKind.CONTROL,
                address,
                settings.identity(),
                List.of(ChannelKind.CONTROL.alpn()),
                settings.id().value(),
                hello.build(),
                settings.controllers().options(),
                true,
                Map.of());
    }
}
