package io.zitipekko.actors.router.control;

import io.zitipekko.actors.router.RouterSettings;
import io.zitipekko.actors.router.datamodel.StreamedDataModel;
import io.zitipekko.transport.address.TransportAddress;
import io.zitipekko.transport.channel.Channel;
import io.zitipekko.transport.channel.Headers;
import io.zitipekko.transport.channel.Lane;
import io.zitipekko.transport.channel.Message;
import io.zitipekko.transport.control.ControlContentType;
import io.zitipekko.transport.control.ControlHeader;
import io.zitipekko.transport.control.proto.edge.Address;
import io.zitipekko.transport.control.proto.edge.ClientHello;
import io.zitipekko.transport.control.proto.edge.Listener;
import java.util.List;

/** Answers a controller's edge hello with where SDKs reach this router (messages 20000 and 20001, protocol/03 section 11). */
public final class EdgeHello {
    private final RouterSettings settings;
    private final StreamedDataModel model;

    public EdgeHello(RouterSettings settings, StreamedDataModel model) {
        this.settings = settings;
        this.model = model;
    }

    /** Adds the entry for 20000. */
    public void connect(ControlMessages messages) {
        messages.on(ControlContentType.SERVER_HELLO, (from, m) -> answer(from.channel(), m));
    }

    private void answer(Channel channel, Message hello) {
        List<RouterSettings.EdgeListener> listeners =
                settings.edge().map(RouterSettings.Edge::listeners).orElse(List.of());
        ClientHello.Builder body = ClientHello.newBuilder().setVersion(settings.version());
        for (RouterSettings.EdgeListener l : listeners) {
            body.addListeners(
                    Listener.newBuilder().setAddress(address(l.bind())).setAdvertise(address(l.advertise())));
            // Older controllers read these instead.
            body.setHostname(l.advertise().host())
                    .addProtocols(l.advertise().type())
                    .addProtocolPorts(l.advertise().type() + ":" + l.advertise().port());
        }
        Headers headers = Headers.builder()
                .bool(ControlHeader.DATA_MODEL_SUPPORTED, true)
                .uint64(ControlHeader.DATA_MODEL_INDEX, model.position().index())
                .build();
        channel.reply(Lane.DEFAULT, hello, ControlMessages.of(ControlContentType.CLIENT_HELLO, headers, body.build()));
    }

    private static Address address(TransportAddress a) {
        return Address.newBuilder()
                .setValue(a.toString())
                .setProtocol(a.type())
                .setHostname(a.host())
                .setPort(a.port())
                .build();
    }
}
