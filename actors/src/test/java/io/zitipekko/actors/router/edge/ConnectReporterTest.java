package io.zitipekko.actors.router.edge;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.google.protobuf.InvalidProtocolBufferException;
import io.zitipekko.transport.channel.Message;
import io.zitipekko.transport.control.ControlContentType;
import io.zitipekko.transport.control.proto.edge.ConnectEvents;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Controllers hear which identities are connected here. */
final class ConnectReporterTest extends EdgeTestBase {
    private List<ConnectEvents> reports() {
        return world.controllers.sent.stream()
                .filter(message -> message.contentType() == ControlContentType.CONNECT_EVENTS)
                .map(ConnectReporterTest::read)
                .filter(report -> report.getEventsCount() > 0)
                .toList();
    }

    private static ConnectEvents read(Message message) {
        try {
            return ConnectEvents.parseFrom(message.bodyBytes());
        } catch (InvalidProtocolBufferException e) {
            throw new AssertionError(e);
        }
    }

    @Test
    void comingsAndGoingsAreReportedTogetherAndAllOfThemToAControllerThatComesBack() {
        TestSdk client = world.client();
        client.connect(1, "");

        await().atMost(TestSdk.SOON).until(() -> !reports().isEmpty());
        ConnectEvents came = reports().get(0);
        assertThat(came.getFullState()).isFalse();
        assertThat(came.getEvents(0).getIdentityId()).isEqualTo("client");
        assertThat(came.getEvents(0).getIsConnected()).isTrue();
        assertThat(came.getEvents(0).getConnectTimes(0).getSrcAddr()).isEqualTo("127.0.0.1:40000");

        world.controllers.reconnect();
        await().atMost(TestSdk.SOON).until(() -> reports().size() == 2);
        assertThat(reports().get(1).getFullState()).isTrue();

        client.channel.close("gone");
        await().atMost(TestSdk.SOON).until(() -> reports().size() == 3);
        assertThat(reports().get(2).getEvents(0).getIsConnected()).isFalse();
    }
}
