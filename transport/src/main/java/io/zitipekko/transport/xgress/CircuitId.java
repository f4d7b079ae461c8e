package io.zitipekko.transport.xgress;

import io.zitipekko.transport.channel.Message;
import java.nio.charset.StandardCharsets;
import java.util.Objects;
import java.util.Optional;

/**
 * Names one circuit across all its routers. Chosen by the controller; base62 of a UUID in practice, but nothing may rely on that.
 *
 * @param value 1 to 128 characters
 */
public record CircuitId(String value) {
    /** Longest id that is accepted from the wire. */
    public static final int MAX_LENGTH = 128;

    public CircuitId {
        Objects.requireNonNull(value, "value");
        if (value.isEmpty() || value.length() > MAX_LENGTH) {
            throw new IllegalArgumentException(
                    "circuit id of " + value.length() + " characters (expected: 1.." + MAX_LENGTH + ")");
        }
    }

    /**
     * The circuit that an xgress message (payload, acknowledgement, control or close) belongs to, without decoding the rest: all
     * that a forwarder needs.
     *
     * @return empty when the message names none, or is of another kind
     */
    public static Optional<CircuitId> of(Message message) {
        return switch (message.contentType()) {
            case XgressContentType.PAYLOAD, XgressContentType.ACKNOWLEDGEMENT ->
                message.headers().string(XgressHeader.CIRCUIT_ID).flatMap(CircuitId::parse);
            case XgressContentType.CONTROL ->
                message.body().size() < 2 || message.body().size() > MAX_LENGTH + 1
                        ? Optional.empty()
                        : parse(message.body().drop(1).decodeString(StandardCharsets.UTF_8));
            case XgressContentType.CLOSE ->
                message.body().size() > MAX_LENGTH ? Optional.empty() : parse(message.bodyText());
            default -> Optional.empty();
        };
    }

    private static Optional<CircuitId> parse(String text) {
        return text.isEmpty() || text.length() > MAX_LENGTH ? Optional.empty() : Optional.of(new CircuitId(text));
    }

    @Override
    public String toString() {
        return value;
    }
}
