package io.zitipekko.transport.control;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import io.zitipekko.fuzz.Bounds;
import io.zitipekko.transport.channel.Headers;
import io.zitipekko.transport.channel.Message;
import io.zitipekko.transport.channel.VersionInfo;
import io.zitipekko.transport.edge.EdgeErrorCode;
import io.zitipekko.transport.edge.RetryHint;
import io.zitipekko.transport.edge.StructuredError;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Stream;
import org.apache.pekko.util.ByteString;
import org.junit.jupiter.params.provider.MethodSource;

/** Control messages whose content is headers: an {@link IllegalArgumentException} or a value whose second reading is the first. */
class ControlHeadersFuzzTest {
    static Stream<byte[]> blocks() {
        PeerData peerData = PeerData.EMPTY.with(1000, "x").with(1001, new byte[32]);
        return Stream.of(
                        new CreateCircuitV2Request("session", "api", List.of("ab", ""), "instance", peerData)
                                .toMessage(),
                        new CreateCircuitV3Request("i1", "s1", "api", List.of("ab"), "", "c1", peerData).toMessage(),
                        new CreateCircuitResponse("c1", "a1", peerData, Map.of("serviceId", "s1")).toV3Message(),
                        RouteResult.success("c1", 2, peerData).toMessage(),
                        RouteResult.failure("c1", 2, RouteErrorCode.GENERIC, "no route")
                                .toMessage(),
                        EdgeError.of(EdgeErrorCode.INTERNAL, RetryHint.DEFAULT, "wrong")
                                .toMessage(),
                        Message.of(
                                0,
                                Headers.builder()
                                        .string(4, "v2.1.0|a|b|linux|amd64")
                                        .build(),
                                ""))
                .map(ControlHeadersFuzzTest::encoded);
    }

    @MethodSource("blocks")
    @FuzzTest
    void whatWasReadReadsTheSameAgain(byte[] bytes) {
        Bounds.hold(bytes.length, () -> {
            Headers headers;
            try {
                headers = Headers.ofEncoded(bytes.clone());
            } catch (IllegalArgumentException refused) {
                return;
            }
            Message message =
                    Message.received(0, 1, headers, ByteString.fromArray(bytes, 0, Math.min(40, bytes.length)));
            stable(message, CreateCircuitV2Request::from, CreateCircuitV2Request::toMessage);
            stable(message, CreateCircuitV3Request::from, CreateCircuitV3Request::toMessage);
            stable(message, CreateCircuitResponse::from, CreateCircuitResponse::toV2Message);
            stable(message, RouteResult::from, RouteResult::toMessage);
            stable(message, EdgeError::from, EdgeError::toMessage);
            Capabilities.announcedBy(headers);
            headers.string(4).ifPresent(ControlHeadersFuzzTest::version);
            String text = new String(bytes, StandardCharsets.UTF_8);
            assertThat(StructuredError.of(EdgeErrorCode.INTERNAL, RetryHint.DEFAULT, text)
                            .toJson())
                    .matches(json -> json.chars().noneMatch(c -> c < 0x20), "has no bare control characters");
        });
    }

    private static <T> void stable(Message message, Function<Message, T> from, Function<T, Message> to) {
        T read;
        Message written;
        try {
            read = from.apply(message);
            written = to.apply(read);
        } catch (IllegalArgumentException refused) {
            assertThat(refused.getMessage()).isNotBlank();
            return;
        }
        T again = from.apply(written);
        assertThat(again).as(String.valueOf(read)).isEqualTo(from.apply(to.apply(again)));
    }

    private static void version(String text) {
        try {
            VersionInfo version = VersionInfo.parse(text);
            assertThat(VersionInfo.parse(version.toString())).isEqualTo(version);
            version.isAtLeast("1.6.6");
        } catch (IllegalArgumentException refused) {
            assertThat(refused.getMessage()).contains("expected");
        }
    }

    private static byte[] encoded(Message message) {
        byte[] block = new byte[message.headers().encodedLength()];
        message.headers().writeTo(block, 0);
        return block;
    }
}
