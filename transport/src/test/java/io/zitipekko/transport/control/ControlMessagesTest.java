package io.zitipekko.transport.control;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.zitipekko.transport.channel.Headers;
import io.zitipekko.transport.channel.Message;
import io.zitipekko.transport.edge.EdgeErrorCode;
import io.zitipekko.transport.edge.RetryHint;
import io.zitipekko.transport.edge.StructuredError;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ControlMessagesTest {
    private static final PeerData PEER_DATA =
            PeerData.EMPTY.with(1003, new byte[32]).with(1008, "caller");

    @Test
    void circuitRequestsSurviveTheWire() {
        CreateCircuitV2Request v2 =
                new CreateCircuitV2Request("session", "api", List.of("f1", "f2"), "inst", PEER_DATA);
        CreateCircuitV3Request v3 = new CreateCircuitV3Request("id", "svc", "tok", List.of(), "", "", PEER_DATA);

        assertThat(CreateCircuitV2Request.from(v2.toMessage())).isEqualTo(v2);
        assertThat(CreateCircuitV3Request.from(v3.toMessage())).isEqualTo(v3);
        assertThat(v3.toMessage().headers().has(17)).isFalse();
        assertThat(v2.toString()).doesNotContain("session").doesNotContain("api");
    }

    @Test
    void circuitResponsesSurviveTheWire() {
        CreateCircuitResponse response =
                new CreateCircuitResponse("circuit", "address", PEER_DATA, Map.of("serviceId", "s"));

        assertThat(CreateCircuitResponse.from(response.toV2Message())).isEqualTo(response);
        assertThat(response.toV2Message().contentType()).isEqualTo(20219);
        assertThat(response.toV3Message().contentType()).isEqualTo(20223);
        assertThatThrownBy(() -> CreateCircuitResponse.from(Message.of(20219, Headers.EMPTY, "")))
                .hasMessageContaining("circuit id");
    }

    @Test
    void routeResultsTellSuccessByThePresenceOfAHeader() {
        RouteResult success = RouteResult.success("circuit", 1, PEER_DATA);
        RouteResult failure = RouteResult.failure("circuit", 0, RouteErrorCode.CONNECTION_REFUSED, "refused");
        Message present = Message.of(
                1022,
                Headers.builder().int32(1101, 0).bytes(1102, new byte[] {0}).build(),
                "circuit");

        assertThat(RouteResult.from(success.toMessage())).isEqualTo(success);
        assertThat(RouteResult.from(failure.toMessage())).isEqualTo(failure);
        assertThat(failure.toMessage().headers().has(1102)).isFalse();
        assertThat(RouteResult.from(present).success()).isTrue();
        assertThatThrownBy(() -> RouteResult.from(Message.of(1022, Headers.EMPTY, "c")))
                .hasMessageContaining("1101");
    }

    @Test
    void channelHeadersOfARouteResultAreNoPeerData() {
        Message message = RouteResult.success("c", 0, PEER_DATA).toMessage();
        Message received = message.withHeaders(
                message.headers().toBuilder().int32(1, 9).uint64(5, 1).build());

        assertThat(RouteResult.from(received).peerData()).isEqualTo(PEER_DATA);
    }

    @Test
    void edgeErrorsCarryCodeHintAndText() {
        EdgeError error = new EdgeError(EdgeErrorCode.INVALID_SERVICE, RetryHint.NOT_RETRIABLE, "no such", "circuit");

        assertThat(EdgeError.from(error.toMessage())).isEqualTo(error);
        assertThat(EdgeError.from(Message.of(20002, Headers.EMPTY, "old")).code())
                .isEqualTo(EdgeErrorCode.INTERNAL);
        assertThat(EdgeErrorCode.of(999)).isEqualTo(EdgeErrorCode.INTERNAL);
    }

    @Test
    void structuredErrorsAreJson() {
        assertThat(StructuredError.of(EdgeErrorCode.ACCESS_DENIED, RetryHint.DEFAULT, "no \"right\"\n")
                        .toJson())
                .isEqualTo("{\"message\":\"no \\\"right\\\"\\u000a\",\"code\":14,\"retryHint\":0}");
        assertThat(new StructuredError("p", EdgeErrorCode.POSTURE_CHECK_FAILED, RetryHint.DEFAULT, List.of("c1", "c2"))
                        .toJson())
                .endsWith("\"failingPostureCheckIds\":[\"c1\",\"c2\"]}");
    }

    @Test
    void capabilitiesFallBackOnTheLegacyHeader() {
        assertThat(Capabilities.announcedBy(
                        Headers.builder().mask(12, Capabilities.CONTROLLER_2_1).build()))
                .isEqualTo(Capabilities.CONTROLLER_2_1);
        assertThat(Capabilities.announcedBy(Headers.EMPTY)).isZero();
    }
}
