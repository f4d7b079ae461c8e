package io.zitipekko.transport.channel.frame;

import static org.assertj.core.api.Assertions.assertThat;

import io.zitipekko.transport.channel.ChannelHeaders;
import io.zitipekko.transport.channel.ContentTypes;
import io.zitipekko.transport.channel.Headers;
import io.zitipekko.transport.channel.Message;
import io.zitipekko.transport.control.Capabilities;
import java.util.HexFormat;
import java.util.stream.Stream;
import org.apache.pekko.util.ByteString;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** The vectors of protocol/01 section 12. */
class FrameVectorsTest {
    private static final String VERSION = "v2.1.0|abc123|2026-01-02 03:04:05|linux|amd64";
    private static final long T1 = 1767323045000000000L;
    private static final long T2 = 1767323044000000000L;
    private static final byte[] SECRET = HexFormat.of().parseHex("00112233445566778899aabbccddeeff");
    private static final String VERSION_HEX =
            "76322e312e307c6162633132337c323032362d30312d30322030333a30343a30357c6c696e75787c616d643634";

    static Stream<Arguments> vectors() {
        return Stream.of(
                vector(
                        "V1 hello of a router",
                        "0306090c 00000000 ffffffff 6b000000 07000000 04000000 2d000000" + VERSION_HEX
                                + "07000000 0c000000 6374726c2e64656661756c74 09000000 01000000 01 0b000000 01000000 01"
                                + "ea030000 08000000 4000000000000076 726f7574657231",
                        -1,
                        Message.of(
                                ContentTypes.HELLO,
                                Headers.builder()
                                        .string(ChannelHeaders.HELLO_VERSION, VERSION)
                                        .string(ChannelHeaders.TYPE, "ctrl.default")
                                        .bool(ChannelHeaders.IS_GROUPED, true)
                                        .bool(ChannelHeaders.IS_FIRST_GROUP_CONNECTION, true)
                                        .mask(1002, Capabilities.ROUTER_2_1)
                                        .build(),
                                "router1")),
                vector(
                        "V2 its result",
                        "0306090c 02000000 ffffffff aa000000 00000000 00000000 04000000 586b3961"
                                + "01000000 04000000 ffffffff 02000000 01000000 01 04000000 2d000000" + VERSION_HEX
                                + "07000000 0c000000 6374726c2e64656661756c74 08000000 05000000 6374726c31"
                                + "09000000 01000000 01 0a000000 10000000 00112233445566778899aabbccddeeff"
                                + "0c000000 01000000 7e ea030000 01000000 7e",
                        -1,
                        Message.of(
                                ContentTypes.RESULT,
                                Headers.builder()
                                        .string(ChannelHeaders.CONNECTION_ID, "Xk9a")
                                        .int32(ChannelHeaders.REPLY_FOR, -1)
                                        .bool(ChannelHeaders.RESULT_SUCCESS, true)
                                        .string(ChannelHeaders.HELLO_VERSION, VERSION)
                                        .string(ChannelHeaders.TYPE, "ctrl.default")
                                        .string(ChannelHeaders.ID, "ctrl1")
                                        .bool(ChannelHeaders.IS_GROUPED, true)
                                        .bytes(ChannelHeaders.GROUP_SECRET, SECRET)
                                        .mask(12, Capabilities.CONTROLLER_2_1)
                                        .mask(1002, Capabilities.CONTROLLER_2_1)
                                        .build(),
                                "")),
                vector(
                        "V3 hello of a joining underlay",
                        "0306090c 00000000 ffffffff 83000000 07000000 00000000 04000000 586b3961 04000000 2d000000"
                                + VERSION_HEX
                                + "07000000 09000000 6374726c2e68696768 09000000 01000000 01"
                                + "0a000000 10000000 00112233445566778899aabbccddeeff"
                                + "ea030000 08000000 4000000000000076 726f7574657231",
                        -1,
                        Message.of(
                                ContentTypes.HELLO,
                                Headers.builder()
                                        .string(ChannelHeaders.CONNECTION_ID, "Xk9a")
                                        .string(ChannelHeaders.HELLO_VERSION, VERSION)
                                        .string(ChannelHeaders.TYPE, "ctrl.high")
                                        .bool(ChannelHeaders.IS_GROUPED, true)
                                        .bytes(ChannelHeaders.GROUP_SECRET, SECRET)
                                        .mask(1002, Capabilities.ROUTER_2_1)
                                        .build(),
                                "router1")),
                vector(
                        "V4 refusal",
                        "0306090c 02000000 ffffffff 21000000 0b000000 01000000 04000000 ffffffff"
                                + "02000000 01000000 00 0d000000 04000000 01000000 6174206361706163697479",
                        -1,
                        Message.of(
                                ContentTypes.RESULT,
                                Headers.builder()
                                        .int32(ChannelHeaders.REPLY_FOR, -1)
                                        .bool(ChannelHeaders.RESULT_SUCCESS, false)
                                        .int32(ChannelHeaders.HELLO_REJECT_CLASS, 1)
                                        .build(),
                                "at capacity")),
                vector(
                        "V5 hello of a JVM client",
                        "0306090c 00000000 01000000 0b000000 03000000 ea030000 03000000 746f6b 696431",
                        1,
                        Message.of(
                                ContentTypes.HELLO,
                                Headers.builder().string(1002, "tok").build(),
                                "id1")),
                vector(
                        "V6 its result",
                        "0306090c 02000000 ffffffff 2c000000 00000000 00000000 04000000 586b3961"
                                + "01000000 04000000 01000000 02000000 01000000 01 08000000 03000000 657231",
                        -1,
                        Message.of(
                                ContentTypes.RESULT,
                                Headers.builder()
                                        .string(ChannelHeaders.CONNECTION_ID, "Xk9a")
                                        .int32(ChannelHeaders.REPLY_FOR, 1)
                                        .bool(ChannelHeaders.RESULT_SUCCESS, true)
                                        .string(ChannelHeaders.ID, "er1")
                                        .build(),
                                "")),
                vector(
                        "V7 heartbeat",
                        "0306090c 05000000 07000000 10000000 00000000 05000000 08000000 0032961cf2ca8618",
                        7,
                        Message.of(
                                ContentTypes.HEARTBEAT,
                                Headers.builder()
                                        .uint64(ChannelHeaders.HEARTBEAT, T1)
                                        .build(),
                                "")),
                vector(
                        "V8 its answer",
                        "0306090c 05000000 0c000000 10000000 00000000 06000000 08000000 0032961cf2ca8618",
                        12,
                        Message.of(
                                ContentTypes.HEARTBEAT,
                                Headers.builder()
                                        .uint64(ChannelHeaders.HEARTBEAT_RESPONSE, T1)
                                        .build(),
                                "")),
                vector(
                        "V9 both",
                        "0306090c 05000000 0d000000 20000000 00000000 05000000 08000000 0032961cf2ca8618"
                                + "06000000 08000000 0068fbe0f1ca8618",
                        13,
                        Message.of(
                                ContentTypes.HEARTBEAT,
                                Headers.builder()
                                        .uint64(ChannelHeaders.HEARTBEAT, T1)
                                        .uint64(ChannelHeaders.HEARTBEAT_RESPONSE, T2)
                                        .build(),
                                "")),
                vector(
                        "V10 latency probe",
                        "0306090c 03000000 09000000 10000000 00000000 80000000 08000000 0032961cf2ca8618",
                        9,
                        Message.of(
                                ContentTypes.LATENCY,
                                Headers.builder()
                                        .uint64(ChannelHeaders.REFLECTED, T1)
                                        .build(),
                                "")),
                vector(
                        "V11 its answer",
                        "0306090c 02000000 0f000000 25000000 00000000 01000000 04000000 09000000"
                                + "02000000 01000000 01 80000000 08000000 0032961cf2ca8618",
                        15,
                        Message.of(
                                ContentTypes.RESULT,
                                Headers.builder()
                                        .int32(ChannelHeaders.REPLY_FOR, 9)
                                        .bool(ChannelHeaders.RESULT_SUCCESS, true)
                                        .uint64(ChannelHeaders.REFLECTED, T1)
                                        .build(),
                                "")),
                vector(
                        "V12 answer to a ping",
                        "0306090c 02000000 03000000 15000000 02000000 01000000 04000000 02000000 02000000 01000000 01 6f6b",
                        3,
                        Message.of(
                                ContentTypes.RESULT,
                                Headers.builder()
                                        .int32(ChannelHeaders.REPLY_FOR, 2)
                                        .bool(ChannelHeaders.RESULT_SUCCESS, true)
                                        .build(),
                                "ok")),
                vector(
                        "V14 smallest frame",
                        "0306090c 05000000 00000000 00000000 00000000",
                        0,
                        Message.of(ContentTypes.HEARTBEAT, Headers.EMPTY, "")));
    }

    private static Arguments vector(String name, String hex, int sequence, Message message) {
        return Arguments.of(name, hex.replace(" ", ""), sequence, message);
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("vectors")
    void isEncodedByteForByte(String name, String hex, int sequence, Message message) {
        assertThat(HexFormat.of()
                        .formatHex(MessageFraming.encode(message, sequence).toArray()))
                .isEqualTo(hex);
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("vectors")
    void isDecodedAndEncodedAgain(String name, String hex, int sequence, Message message) throws Exception {
        FrameDecoder decoder = FrameDecoder.forListener(FrameLimits.HELLO);
        decoder.feed(ByteString.fromArray(HexFormat.of().parseHex(hex)));

        Message decoded = decoder.next();

        assertThat(decoded).isNotNull();
        assertThat(decoded.contentType()).isEqualTo(message.contentType());
        assertThat(decoded.sequence()).isEqualTo(sequence);
        assertThat(decoded.body()).isEqualTo(message.body());
        assertThat(HexFormat.of()
                        .formatHex(MessageFraming.encode(decoded, sequence).toArray()))
                .isEqualTo(hex);
        assertThat(decoder.next()).isNull();
    }

    @Test
    void unknownVersionReplyIsVector13() {
        assertThat(HexFormat.of().formatHex(MessageFraming.unknownVersionReply().toArray()))
                .isEqualTo("0306090a020000000100000002000000");
    }
}
