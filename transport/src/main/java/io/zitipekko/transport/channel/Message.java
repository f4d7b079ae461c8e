package io.zitipekko.transport.channel;

import io.zitipekko.transport.memory.OwnBytes;
import java.util.Objects;
import org.apache.pekko.util.ByteString;

/**
 * One framed message (protocol/01 section 4). Immutable. {@link #sequence} is what the peer gave a received message; a message to
 * be sent gets its own when the channel takes it.
 */
public final class Message {
    private final int contentType;
    private final int sequence;
    private final Headers headers;
    private final ByteString body;

    private Message(int contentType, int sequence, Headers headers, ByteString body) {
        this.contentType = contentType;
        this.sequence = sequence;
        this.headers = Objects.requireNonNull(headers, "headers");
        this.body = Objects.requireNonNull(body, "body");
    }

    /** A message to send. */
    public static Message of(int contentType, Headers headers, ByteString body) {
        return new Message(contentType, 0, headers, body);
    }

    public static Message of(int contentType, Headers headers, byte[] body) {
        return of(contentType, headers, ByteString.fromArray(body));
    }

    public static Message of(int contentType, Headers headers, String body) {
        return of(contentType, headers, ByteString.fromString(body));
    }

    /** A message as it came off the wire. */
    public static Message received(int contentType, int sequence, Headers headers, ByteString body) {
        return new Message(contentType, sequence, headers, body);
    }

    public Message withHeaders(Headers newHeaders) {
        return new Message(contentType, sequence, newHeaders, body);
    }

    /** The same to wait with: {@link OwnBytes}. */
    public Message compact() {
        return new Message(contentType, sequence, headers, OwnBytes.of(body));
    }

    public int contentType() {
        return contentType;
    }

    public int sequence() {
        return sequence;
    }

    public Headers headers() {
        return headers;
    }

    public ByteString body() {
        return body;
    }

    public byte[] bodyBytes() {
        return body.toArray();
    }

    public String bodyText() {
        return body.utf8String();
    }

    @Override
    public String toString() {
        return "Message[type " + contentType + ", seq " + sequence + ", " + headers + ", body " + body.size() + "]";
    }
}
