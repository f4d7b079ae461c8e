package io.zitipekko.transport.xgress;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.zitipekko.transport.channel.Headers;
import io.zitipekko.transport.channel.Message;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.HexFormat;
import org.apache.pekko.util.ByteString;
import org.junit.jupiter.api.Test;

/** The vectors of protocol/04 section 8, and what must be refused. */
class XgressMessagesTest {
    private static final CircuitId CIRCUIT = new CircuitId("3xKq7LmT0aZbWcYdE5fG9h");
    private static final int STAMP = 0x687b;

    private static final String A = "0306090c 4c040000 07000000 50000000 05000000 e0070000 04000000 01000000"
            + " d0080000 16000000 33784b71374c6d5430615a6257635964453566473968 d1080000 08000000 0500000000000000"
            + " d2080000 04000000 02000000 d4080000 02000000 7b68 68656c6c6f";
    private static final String B = "0306090c 4d040000 08000000 34000000 04000000"
            + " d0080000 16000000 33784b71374c6d5430615a6257635964453566473968 d3080000 04000000 05000000"
            + " d4080000 02000000 7b68 00000005";
    private static final String C = "0306090c 4c040000 03000000 50000000 00000000 d1070000 04000000 00000100"
            + " d0080000 16000000 33784b71374c6d5430615a6257635964453566473968 d1080000 08000000 0000000000000000"
            + " d2080000 04000000 04000000 d4080000 02000000 7b68";
    private static final String D = "0306090c 4d040000 09000000 40000000 0c000000"
            + " d0080000 16000000 33784b71374c6d5430615a6257635964453566473968 d2080000 04000000 02000000"
            + " d3080000 04000000 45230100 d4080000 02000000 7b68 00000001 ffffffff 00066d03";
    private static final String E = "0306090c 4e040000 09000000 1c000000 17000000 14000000 04000000 02000000"
            + " 17000000 08000000 7b68e5cf8b010000 01 33784b71374c6d5430615a6257635964453566473968";

    @Test
    void payloadOfTheTerminatorHasTheBytesOfVectorA() {
        Payload payload = new Payload(
                CIRCUIT,
                5,
                PayloadFlags.ORIGINATOR,
                STAMP,
                Headers.builder().int32(XgressHeader.EDGE_FLAGS, 1).build(),
                ByteString.fromString("hello"));

        assertThat(frame(payload.toMessage(), 7)).isEqualTo(hex(A));
    }

    @Test
    void vectorAIsReadBack() {
        Payload payload = Payload.from(message(A));

        assertThat(payload.circuitId()).isEqualTo(CIRCUIT);
        assertThat(payload.sequence()).isEqualTo(5);
        assertThat(payload.flags()).isEqualTo(PayloadFlags.ORIGINATOR);
        assertThat(payload.rttStamp()).isEqualTo(STAMP);
        assertThat(payload.edgeFlags()).isEqualTo(PayloadFlags.EDGE_FIN);
        assertThat(payload.body().utf8String()).isEqualTo("hello");
        assertThat(payload.payloadHeaders().size()).isEqualTo(1);
    }

    @Test
    void acknowledgementOfTheInitiatorHasTheBytesOfVectorB() {
        assertThat(frame(Acknowledgement.of(CIRCUIT, 0, 5, STAMP, 5).toMessage(), 8))
                .isEqualTo(hex(B));
    }

    @Test
    void circuitStartHasTheBytesOfVectorC() {
        Payload start = new Payload(
                CIRCUIT,
                0,
                PayloadFlags.CIRCUIT_START,
                STAMP,
                Headers.builder()
                        .bytes(XgressHeader.CAPABILITIES, new byte[] {0, 0, 1, 0})
                        .build(),
                ByteString.emptyByteString());

        assertThat(frame(start.toMessage(), 3)).isEqualTo(hex(C));
        assertThat(Payload.from(message(C)).capabilities()).hasValue(PayloadFlags.CAPABILITY_EOF);
    }

    @Test
    void acknowledgementOfSeveralHasTheBytesOfVectorD() {
        Acknowledgement ack = Acknowledgement.of(CIRCUIT, PayloadFlags.ORIGINATOR, 74565, STAMP, 1, -1, 421123);

        assertThat(frame(ack.toMessage(), 9)).isEqualTo(hex(D));
        assertThat(Acknowledgement.from(message(D)).sequences()).containsExactly(1, -1, 421123);
        assertThat(Acknowledgement.from(message(D)).receiveBuffer()).isEqualTo(74565);
    }

    @Test
    void theReferencesAckListSurvivesTheRoundTrip() {
        int[] sequences = {1, -1, 100, 200, -3213232, 421123, -58903204, -4324, 432432, 0, 9};

        Acknowledgement ack = Acknowledgement.from(
                Acknowledgement.of(CIRCUIT, 0, 0, 0, sequences).toMessage());

        assertThat(ack.sequences()).containsExactly(sequences);
    }

    @Test
    void traceRouteHasTheBytesOfVectorE() {
        CircuitControl control = new CircuitControl(
                CircuitControl.Type.TRACE_ROUTE,
                CIRCUIT,
                Headers.builder()
                        .int32(XgressHeader.TRACE_HOP_COUNT, 2)
                        .uint64(XgressHeader.TRACE_TIMESTAMP, 1700000000123L)
                        .build());

        assertThat(frame(control.toMessage(), 9)).isEqualTo(hex(E));
        assertThat(CircuitControl.from(message(E)).hopCount()).isEqualTo(2);
        assertThat(CircuitControl.from(message(E)).circuitId()).isEqualTo(CIRCUIT);
    }

    @Test
    void endOfFileAfterAHasTheHeadersOfVectorF() {
        Payload eof = new Payload(
                CIRCUIT,
                6,
                PayloadFlags.EOF | PayloadFlags.ORIGINATOR,
                STAMP,
                Headers.EMPTY,
                ByteString.emptyByteString());

        Headers headers = eof.toMessage().headers();

        assertThat(headers.bytes(XgressHeader.SEQUENCE)).hasValue(hex("0600000000000000"));
        assertThat(headers.bytes(XgressHeader.FLAGS)).hasValue(hex("22000000"));
    }

    @Test
    void aTraceIsAnsweredWithTheHopCountLeftAndWhatTheAskerSent() {
        CircuitControl answer = CircuitControl.from(message(E)).afterHop().answer("xgress/transport", "");

        assertThat(answer.type()).isEqualTo(CircuitControl.Type.TRACE_ROUTE_RESPONSE);
        assertThat(answer.hopCount()).isEqualTo(1);
        assertThat(answer.headers().string(XgressHeader.TRACE_HOP_TYPE)).hasValue("xgress/transport");
        assertThat(answer.headers().string(XgressHeader.TRACE_HOP_ID)).hasValue("");
        assertThat(answer.headers().uint64(XgressHeader.TRACE_TIMESTAMP)).hasValue(1700000000123L);
    }

    @Test
    void heartbeatsThatRideAlongAreNotForwarded() {
        Message message = message(E);
        Headers withHeartbeat =
                message.headers().toBuilder().uint64(5, 1).uint64(6, 2).build();

        CircuitControl control = CircuitControl.from(message.withHeaders(withHeartbeat));

        assertThat(control.headers().has(5)).isFalse();
        assertThat(control.headers().has(6)).isFalse();
        assertThat(control.headers().has(XgressHeader.TRACE_HOP_COUNT)).isTrue();
    }

    @Test
    void anAcknowledgementThatDoesNotSayMeansThatTheBufferIsFull() {
        Message message = Message.of(
                XgressContentType.ACKNOWLEDGEMENT,
                Headers.builder().string(XgressHeader.CIRCUIT_ID, "c").build(),
                new byte[0]);

        assertThat(Acknowledgement.from(message).receiveBuffer()).isEqualTo(0xffff_ffffL);
    }

    @Test
    void malformedMessagesAreRefusedWithTheReason() {
        Headers circuit = Headers.builder().string(XgressHeader.CIRCUIT_ID, "c").build();
        Headers sequence = Headers.builder().uint64(XgressHeader.SEQUENCE, 1).build();

        assertThatThrownBy(() -> Payload.from(Message.of(XgressContentType.PAYLOAD, circuit, "x")))
                .hasMessageContaining("sequence");
        assertThatThrownBy(() -> Payload.from(Message.of(XgressContentType.PAYLOAD, sequence, "x")))
                .hasMessageContaining("circuit id");
        assertThatThrownBy(() -> Acknowledgement.from(Message.of(XgressContentType.ACKNOWLEDGEMENT, circuit, "12345")))
                .hasMessageContaining("multiple of 4");
        assertThatThrownBy(() -> Acknowledgement.from(Message.of(XgressContentType.ACKNOWLEDGEMENT, sequence, "1234")))
                .hasMessageContaining("circuit id");
        assertThatThrownBy(() -> CircuitControl.from(Message.of(XgressContentType.CONTROL, circuit, "\u0001")))
                .hasMessageContaining("circuit id");
        assertThatThrownBy(() -> CircuitControl.from(Message.of(XgressContentType.CONTROL, circuit, "\u0007c")))
                .hasMessageContaining("control type: 7");
    }

    @Test
    void theForwarderFindsTheCircuitOfEveryKindOfMessage() {
        assertThat(CircuitId.of(message(A))).hasValue(CIRCUIT);
        assertThat(CircuitId.of(message(B))).hasValue(CIRCUIT);
        assertThat(CircuitId.of(message(E))).hasValue(CIRCUIT);
        assertThat(CircuitId.of(Message.of(XgressContentType.CLOSE, Headers.EMPTY, "c")))
                .hasValue(new CircuitId("c"));
        assertThat(CircuitId.of(Message.of(60786, Headers.EMPTY, "c"))).isEmpty();
        assertThat(CircuitId.of(Message.of(
                        XgressContentType.PAYLOAD,
                        Headers.builder()
                                .string(XgressHeader.CIRCUIT_ID, "x".repeat(129))
                                .build(),
                        "")))
                .isEmpty();
    }

    private static byte[] hex(String text) {
        return HexFormat.of().parseHex(text.replace(" ", ""));
    }

    /** The frame of protocol/01 section 4: magic, type, sequence, header and body lengths, headers in their order, body. */
    private static byte[] frame(Message message, int sequence) {
        ByteBuffer headers = ByteBuffer.allocate(1024).order(ByteOrder.LITTLE_ENDIAN);
        message.headers()
                .forEach((id, value) -> headers.putInt(id).putInt(value.length).put(value));
        headers.flip();
        ByteBuffer out = ByteBuffer.allocate(
                        20 + headers.remaining() + message.body().size())
                .order(ByteOrder.LITTLE_ENDIAN);
        out.put(hex("0306090c"))
                .putInt(message.contentType())
                .putInt(sequence)
                .putInt(headers.remaining())
                .putInt(message.body().size());
        return out.put(headers).put(message.bodyBytes()).array();
    }

    private static Message message(String frame) {
        ByteBuffer in = ByteBuffer.wrap(hex(frame)).order(ByteOrder.LITTLE_ENDIAN);
        in.position(4);
        int contentType = in.getInt();
        in.getInt();
        int headerEnd = in.getInt() + 20;
        byte[] body = new byte[in.getInt()];
        Headers.Builder headers = Headers.builder();
        while (in.position() < headerEnd) {
            int id = in.getInt();
            byte[] value = new byte[in.getInt()];
            in.get(value);
            headers.bytes(id, value);
        }
        in.get(body);
        return Message.of(contentType, headers.build(), body);
    }
}
