package io.zitipekko.actors.router.edge;

import static org.assertj.core.api.Assertions.assertThat;

import io.zitipekko.transport.channel.Headers;
import io.zitipekko.transport.channel.Message;
import io.zitipekko.transport.control.EdgeError;
import io.zitipekko.transport.edge.EdgeContentType;
import io.zitipekko.transport.edge.EdgeErrorCode;
import io.zitipekko.transport.edge.EdgeHeader;
import io.zitipekko.transport.edge.RetryHint;
import java.util.List;
import java.util.UUID;
import org.apache.pekko.util.ByteString;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** What is refused, with which code and text. */
final class EdgeRefusalsTest extends EdgeTestBase {
    @Test
    void connectWithoutAConnectionIdIsRefused() {
        TestSdk client = world.client();

        Message answer = client.request(Message.of(EdgeContentType.CONNECT, Headers.EMPTY, world.dialToken()));

        assertRefused(answer, null, null, "connId not set, required");
    }

    @Test
    void whateverIsNoServiceSessionsTokenIsAnUnknownService() {
        TestSdk client = world.client();

        for (String body : List.of("", UUID.randomUUID().toString(), "client-token", "svc", "ey.ey.ey", "ey")) {
            assertRefused(client.connect(1, body), 6, 0, "service not found: unable to get service token");
        }
    }

    @Test
    @DisplayName("ziti#4240: a malformed token ended the process")
    void tamperedTokenIsRefused() {
        String token = world.dialToken();
        String[] parts = token.split("\\.");
        String other = world.token("s", "as-client", "client", "Dial").split("\\.")[1];

        assertRefused(
                world.client().connect(1, parts[0] + "." + other + "." + parts[2]),
                3,
                0,
                "failed to create service token from JWT: ");
    }

    @Test
    void tokenOfAnotherApiSessionIsRefused() {
        assertRefused(
                world.client().connect(1, world.token("s", "as-other", "client", "Dial")),
                3,
                0,
                "does not match service session api session id");
    }

    @Test
    void theControllersRefusalIsPassedOnWithItsCodeHintAndCircuit() {
        world.controllers.refuse = request ->
                new EdgeError(EdgeErrorCode.WRONG_SESSION_TYPE, RetryHint.START_OVER, "incorrect session type", "c1");

        Message answer = world.client().connect(1, world.dialToken());

        assertRefused(answer, 4, 2, "incorrect session type");
        assertThat(answer.headers().string(EdgeHeader.CIRCUIT_ID)).contains("c1");
    }

    @Test
    void withoutAControllerThereIsNoCircuit() {
        world.controllers.connected = false;

        assertRefused(
                world.client().connect(1, world.dialToken()),
                null,
                null,
                "no controller available, cannot create circuit");
    }

    @Test
    void connectionIdInUseIsRefusedAndTheFirstConnectionGoesOn() {
        Open open = open();

        Message answer = open.client().connect(1, world.dialToken());

        assertRefused(answer, null, null, "sink id 1 already in use");
        open.client().data(1, ByteString.fromString("still there"));
        assertThat(open.host().next(open.child()).bodyText()).isEqualTo("still there");
    }

    @Test
    void dialWithoutASessionNeedsAnotherKindOfSession() {
        Message answer = world.client()
                .request(Message.of(
                        EdgeContentType.CONNECT_V2,
                        Headers.builder()
                                .int32(EdgeHeader.CONN_ID, 1)
                                .string(EdgeHeader.SERVICE_ID, "svc")
                                .build(),
                        ""));

        assertRefused(answer, null, null, "connect-v2 requires an OIDC API session");
    }

    @Test
    void tokenUpdateIsRefusedAndClosesTheChannel() {
        TestSdk client = world.client();

        Message answer = client.request(Message.of(EdgeContentType.UPDATE_TOKEN, Headers.EMPTY, "ey"));

        assertThat(answer.contentType()).isEqualTo(EdgeContentType.UPDATE_TOKEN_FAILURE);
        assertThat(code(answer)).isEqualTo(12);
        awaitClosed(client);
    }

    @Test
    void messagesThatMeanNothingAreDropped() {
        TestSdk client = world.client();
        for (int type : List.of(
                424242,
                EdgeContentType.DIAL,
                EdgeContentType.DATA,
                EdgeContentType.STATE_CLOSED,
                EdgeContentType.XG_PAYLOAD,
                EdgeContentType.XG_ACKNOWLEDGEMENT,
                EdgeContentType.XG_CONTROL,
                EdgeContentType.XG_CLOSE,
                EdgeContentType.TRACE_ROUTE,
                EdgeContentType.BIND,
                EdgeContentType.UNBIND)) {
            client.send(Message.of(type, Headers.EMPTY, ""));
            client.send(Message.of(
                    type, Headers.builder().int32(EdgeHeader.CONN_ID, 4711).build(), ""));
        }

        assertRefused(client.connect(1, ""), 6, 0, "service not found");
    }

    @Test
    void bindWithADialTokenIsRefused() {
        TestSdk host = world.host();

        assertRefused(
                host.bind(1, world.token("s", "as-host", "host", "Dial"), Headers.EMPTY),
                null,
                null,
                "rejecting bind, invalid session type. expected Bind, got Dial");
        assertRefused(host.bind(1, "nonsense", Headers.EMPTY), null, null, "token is malformed");
        assertRefused(
                host.bind(1, world.token("s", "as-client", "host", "Bind"), Headers.EMPTY),
                null,
                null,
                "does not match");
    }

    @Test
    void bindOutOfRangeOrWithoutAKeyForAnEncryptedServiceIsRefused() {
        TestSdk host = world.host();
        assertRefused(
                host.bind(
                        1,
                        world.bindToken(),
                        Headers.builder().uint8(EdgeHeader.PRECEDENCE, 9).build()),
                9,
                3,
                "invalid precedence 9");

        world.model.service("svc", true);

        assertRefused(host.bind(1, world.bindToken(), Headers.EMPTY), 11, 2, "encryption required");
    }

    @Test
    void unbindNeedsAValidTokenAndAnswersNothingElse() {
        TestSdk host = world.host();
        Headers id = Headers.builder().int32(EdgeHeader.CONN_ID, 99).build();

        assertRefused(
                host.request(Message.of(EdgeContentType.UNBIND, id, "nonsense")), null, null, "token is malformed");
        host.send(Message.of(EdgeContentType.UNBIND, id, world.bindToken()));
        assertRefused(host.connect(5, ""), 6, 0, "service not found");
        assertThat(host.isSilent(99)).isTrue();
    }
}
