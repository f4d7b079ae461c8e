package io.zitipekko.transport.xgress;

import io.zitipekko.transport.channel.Headers;
import io.zitipekko.transport.channel.Message;
import io.zitipekko.transport.memory.OwnBytes;
import java.nio.ByteBuffer;
import java.util.Objects;
import java.util.OptionalInt;
import java.util.OptionalLong;
import org.apache.pekko.util.ByteString;

/**
 * One payload of a circuit (protocol/04 section 2.3). The body is the message's own, not a copy.
 *
 * @param sequence counts per direction from 0
 * @param flags {@link PayloadFlags}
 * @param rttStamp 16 bits, 0 when the sender gave none
 * @param payloadHeaders the headers that travel from end to end, under their channel numbers
 *     ({@link XgressHeader#PAYLOAD_FIRST} and up); no others
 */
public record Payload(
        CircuitId circuitId, int sequence, int flags, int rttStamp, Headers payloadHeaders, ByteString body) {
    public Payload {
        Objects.requireNonNull(circuitId, "circuitId");
        Objects.requireNonNull(payloadHeaders, "payloadHeaders");
        Objects.requireNonNull(body, "body");
    }

    /**
     * Reads a message of type 1100.
     *
     * @throws IllegalArgumentException when it is none, or has no circuit id or sequence
     */
    public static Payload from(Message message) {
        if (message.contentType() != XgressContentType.PAYLOAD) {
            throw new IllegalArgumentException("content type: " + message.contentType() + " (expected: 1100, payload)");
        }
        Headers headers = message.headers();
        OptionalLong sequence = headers.uint64(XgressHeader.SEQUENCE);
        if (sequence.isEmpty()) {
            throw new IllegalArgumentException("payload without a sequence (expected: 8 bytes in header 2257)");
        }
        CircuitId circuitId = CircuitId.of(message)
                .orElseThrow(() -> new IllegalArgumentException("payload without a circuit id (header 2256)"));
        return new Payload(
                circuitId,
                (int) sequence.getAsLong(),
                headers.int32(XgressHeader.FLAGS).orElse(0),
                headers.uint16(XgressHeader.RTT_STAMP).orElse(0),
                headers.filtered(XgressHeader::isPayloadHeader),
                message.body());
    }

    /** The same to wait with: {@link OwnBytes}. */
    public Payload compact() {
        return new Payload(circuitId, sequence, flags, rttStamp, payloadHeaders, OwnBytes.of(body));
    }

    /** The message for a link or an SDK channel, with this stamp. */
    public Message toMessage() {
        Headers.Builder headers = Headers.builder();
        payloadHeaders.forEach(headers::bytes);
        headers.string(XgressHeader.CIRCUIT_ID, circuitId.value());
        headers.uint64(XgressHeader.SEQUENCE, Integer.toUnsignedLong(sequence));
        if (flags != 0) {
            headers.int32(XgressHeader.FLAGS, flags);
        }
        headers.uint16(XgressHeader.RTT_STAMP, rttStamp);
        return Message.of(XgressContentType.PAYLOAD, headers.build(), body);
    }

    /** Whether any of these {@link PayloadFlags} is set. */
    public boolean has(int bits) {
        return PayloadFlags.has(flags, bits);
    }

    /** Payload header 0x10; 0 when absent. */
    public int edgeFlags() {
        return payloadHeaders.int32(XgressHeader.EDGE_FLAGS).orElse(0);
    }

    /** What the sending end can do; empty when it does not say. */
    public OptionalInt capabilities() {
        if (!payloadHeaders.has(XgressHeader.CAPABILITIES)) {
            return OptionalInt.empty();
        }
        byte[] value = payloadHeaders.bytes(XgressHeader.CAPABILITIES).orElseThrow();
        return value.length == 4 ? OptionalInt.of(ByteBuffer.wrap(value).getInt()) : OptionalInt.of(0);
    }

    /** Without the content, which is the users' own. */
    @Override
    public String toString() {
        return "Payload[" + circuitId + ", seq " + sequence + ", flags " + flags + ", " + body.size() + " bytes]";
    }
}
