package io.zitipekko.transport.xgress;

import io.zitipekko.transport.channel.Headers;
import io.zitipekko.transport.channel.Message;
import java.nio.charset.StandardCharsets;
import java.util.Objects;
import org.apache.pekko.util.ByteString;

/**
 * A control message of a circuit: a trace-route request or its answer (protocol/04 section 2.4).
 *
 * @param type which of the two
 * @param headers all that travel with it; the channel's own (below 20, but for the reply-for number 1) are left out
 */
public record CircuitControl(Type type, CircuitId circuitId, Headers headers) {
    /** What a control message is. */
    public enum Type {
        TRACE_ROUTE(1),
        TRACE_ROUTE_RESPONSE(2);

        private final int code;

        Type(int code) {
            this.code = code;
        }

        public int code() {
            return code;
        }
    }

    private static final int REPLY_FOR = 1;
    private static final int FIRST_OWN = XgressHeader.TRACE_HOP_COUNT;

    public CircuitControl {
        Objects.requireNonNull(type, "type");
        Objects.requireNonNull(circuitId, "circuitId");
        Objects.requireNonNull(headers, "headers");
    }

    /**
     * Reads a message of type 1102.
     *
     * @throws IllegalArgumentException when it is none, is of a kind that nobody knows, or names no circuit
     */
    public static CircuitControl from(Message message) {
        if (message.contentType() != XgressContentType.CONTROL) {
            throw new IllegalArgumentException("content type: " + message.contentType() + " (expected: 1102, control)");
        }
        CircuitId circuitId = CircuitId.of(message)
                .orElseThrow(() -> new IllegalArgumentException(
                        "control body of " + message.body().size() + " bytes (expected: a type and a circuit id)"));
        int code = message.body().apply(0) & 0xff;
        Type type =
                switch (code) {
                    case 1 -> Type.TRACE_ROUTE;
                    case 2 -> Type.TRACE_ROUTE_RESPONSE;
                    default -> throw new IllegalArgumentException("control type: " + code + " (expected: 1 or 2)");
                };
        return new CircuitControl(type, circuitId, carried(message.headers()));
    }

    private static Headers carried(Headers headers) {
        Headers.Builder kept = Headers.builder();
        headers.forEach((id, value) -> {
            if (id >= FIRST_OWN || id == REPLY_FOR) {
                kept.bytes(id, value);
            }
        });
        return kept.build();
    }

    public Message toMessage() {
        ByteString body = ByteString.fromArray(new byte[] {(byte) type.code()})
                .concat(ByteString.fromString(circuitId.value(), StandardCharsets.UTF_8));
        return Message.of(XgressContentType.CONTROL, headers, body);
    }

    /** Hops that this request may still take; 0 = answer now. */
    public long hopCount() {
        return Integer.toUnsignedLong(
                headers.int32(XgressHeader.TRACE_HOP_COUNT).orElse(0));
    }

    /** The request, one hop further; the count stays at 0. */
    public CircuitControl afterHop() {
        int left = (int) Math.max(0, hopCount() - 1);
        return new CircuitControl(
                type,
                circuitId,
                headers.toBuilder().int32(XgressHeader.TRACE_HOP_COUNT, left).build());
    }

    /**
     * The answer to this request.
     *
     * @param hopType who answers, e.g. {@code forwarder} or {@code xgress/transport}
     * @param hopId the router's id for a forwarder, empty for an end
     */
    public CircuitControl answer(String hopType, String hopId) {
        Headers.Builder answer = Headers.builder();
        for (int id :
                new int[] {XgressHeader.TRACE_HOP_COUNT, XgressHeader.TRACE_TIMESTAMP, XgressHeader.TRACE_USER_VALUE}) {
            headers.bytes(id).ifPresent(value -> answer.bytes(id, value));
        }
        answer.string(XgressHeader.TRACE_HOP_TYPE, hopType).string(XgressHeader.TRACE_HOP_ID, hopId);
        return new CircuitControl(Type.TRACE_ROUTE_RESPONSE, circuitId, answer.build());
    }
}
