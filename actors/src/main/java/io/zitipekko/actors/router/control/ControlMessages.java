package io.zitipekko.actors.router.control;

import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.MessageLite;
import com.google.protobuf.Parser;
import io.zitipekko.actors.router.ControllerId;
import io.zitipekko.transport.channel.Channel;
import io.zitipekko.transport.channel.Headers;
import io.zitipekko.transport.channel.Message;
import java.util.HashMap;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What a router does with each type of message that controllers send: one entry a type. Filled at start, read-only afterwards.
 * Handlers run on the control channel's thread and must not block; a body that cannot be decoded is logged and dropped, as every
 * known peer does (protocol/03 section 17, Q6).
 */
public final class ControlMessages {
    private static final Logger LOG = LoggerFactory.getLogger(ControlMessages.class);

    /** Does what one message asks for. */
    @FunctionalInterface
    public interface Handler {
        void handle(From from, Message message);
    }

    /** Does what one protobuf message asks for. */
    @FunctionalInterface
    public interface BodyHandler<T> {
        void handle(From from, Message message, T body);
    }

    /** Who sent it, and the channel to answer on. */
    public record From(ControllerId controller, Channel channel) {}

    private final Map<Integer, Handler> handlers = new HashMap<>();

    /** @throws IllegalStateException when the type has a handler already */
    public ControlMessages on(int contentType, Handler handler) {
        if (handlers.putIfAbsent(contentType, handler) != null) {
            throw new IllegalStateException("content type " + contentType + " has a handler already");
        }
        return this;
    }

    public <T extends MessageLite> ControlMessages on(int contentType, Parser<T> parser, BodyHandler<T> handler) {
        return on(contentType, (from, message) -> {
            T body;
            try {
                body = parser.parseFrom(message.bodyBytes());
            } catch (InvalidProtocolBufferException e) {
                LOG.warn(
                        "controller {} sent a message of type {} whose body cannot be decoded, it is dropped: {}",
                        from.controller(),
                        contentType,
                        e.getMessage());
                return;
            }
            handler.handle(from, message, body);
        });
    }

    void dispatch(From from, Message message) {
        Handler handler = handlers.get(message.contentType());
        if (handler == null) {
            LOG.debug(
                    "controller {} sent a message of type {}, which has no use here",
                    from.controller(),
                    message.contentType());
            return;
        }
        handler.handle(from, message);
    }

    /** A message to send, with a protobuf body. */
    public static Message of(int contentType, MessageLite body) {
        return Message.of(contentType, Headers.EMPTY, body.toByteArray());
    }

    /** A message to send, with headers and a protobuf body. */
    public static Message of(int contentType, Headers headers, MessageLite body) {
        return Message.of(contentType, headers, body.toByteArray());
    }
}
