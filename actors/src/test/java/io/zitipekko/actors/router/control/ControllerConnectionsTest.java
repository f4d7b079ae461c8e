package io.zitipekko.actors.router.control;

import static org.assertj.core.api.Assertions.assertThat;

import io.zitipekko.actors.router.ControllerId;
import io.zitipekko.transport.address.TransportAddress;
import io.zitipekko.transport.channel.Channel;
import java.lang.reflect.Proxy;
import org.junit.jupiter.api.Test;

final class ControllerConnectionsTest {
    private final ControllerConnections connections = new ControllerConnections();
    private final ControllerId controller = new ControllerId("ctrl1");
    private final Channel channel = (Channel) Proxy.newProxyInstance(
            Channel.class.getClassLoader(),
            new Class<?>[] {Channel.class},
            (proxy, method, arguments) -> switch (method.getName()) {
                case "isClosed" -> false;
                case "equals" -> proxy == arguments[0];
                default -> throw new UnsupportedOperationException(method.getName());
            });

    @Test
    void noControllerWasEverConnectedBeforeTheFirstIs() {
        assertThat(connections.everConnected()).isFalse();
    }

    @Test
    void aControllerThatIsGoneAgainWasConnected() {
        connections.add(controller, channel, TransportAddress.parse("tls:localhost:1280"));
        connections.remove(controller, channel);

        assertThat(connections.connected()).isEmpty();
        assertThat(connections.everConnected()).isTrue();
    }
}
