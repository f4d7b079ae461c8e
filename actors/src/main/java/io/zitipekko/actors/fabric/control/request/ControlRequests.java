package io.zitipekko.actors.fabric.control.request;

import com.google.protobuf.InvalidProtocolBufferException;
import io.zitipekko.actors.fabric.control.ConnectedRouter;
import io.zitipekko.transport.channel.Message;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/**
 * What is done with each content type that a router sends. Handlers are shared by all routers, keep no state of one, and must not block; who asks is
 * always the channel's router.
 */
public final class ControlRequests {
    /** Takes one message. An undecodable one is thrown out by its parser and gets no answer (protocol/03 section 17, Q6). */
    @FunctionalInterface
    public interface Handler {
        void handle(ConnectedRouter router, Message message) throws InvalidProtocolBufferException;
    }

    /** A group of handlers for one subject. */
    public interface Subject {
        void register(Builder handlers);
    }

    private final Map<Integer, Handler> handlers;

    private ControlRequests(Map<Integer, Handler> handlers) {
        this.handlers = Map.copyOf(handlers);
    }

    /** All handlers of these subjects. */
    public static ControlRequests of(Subject... subjects) {
        Builder builder = new Builder();
        for (Subject subject : subjects) {
            subject.register(builder);
        }
        return new ControlRequests(builder.handlers);
    }

    /** Empty for a type that nobody asked for. */
    public Optional<Handler> handler(int contentType) {
        return Optional.ofNullable(handlers.get(contentType));
    }

    /** Collects handlers. */
    public static final class Builder {
        private final Map<Integer, Handler> handlers = new HashMap<>();

        private Builder() {}

        /** @throws IllegalStateException when the content type has a handler already */
        public Builder on(int contentType, Handler handler) {
            if (handlers.putIfAbsent(contentType, handler) != null) {
                throw new IllegalStateException("content type " + contentType + " has two handlers");
            }
            return this;
        }
    }
}
