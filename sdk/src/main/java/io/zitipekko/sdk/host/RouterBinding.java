package io.zitipekko.sdk.host;

import io.zitipekko.sdk.ZitiException;
import io.zitipekko.sdk.auth.ServiceDetail;
import io.zitipekko.sdk.auth.ServiceSession;
import io.zitipekko.sdk.edge.ConnId;
import io.zitipekko.sdk.edge.EdgeChannel;
import io.zitipekko.sdk.edge.MessageSink;
import io.zitipekko.sdk.edge.Refusals;
import io.zitipekko.transport.channel.Headers;
import io.zitipekko.transport.channel.Message;
import io.zitipekko.transport.edge.EdgeContentType;
import io.zitipekko.transport.edge.EdgeHeader;
import io.zitipekko.transport.secret.KeyExchange;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * One listener at one router, from its Bind until it ends (protocol/02 section 9). It does not come back: binding anew makes another.
 */
final class RouterBinding implements MessageSink {
    private static final Duration BIND_TIMEOUT = Duration.ofSeconds(10);
    private static final long CONFIRMATION_SECONDS = 60;

    private final EdgeChannel channel;
    private final ConnId id;
    private final ServiceDetail service;
    private final ServiceSession session;
    private final Consumer<DialRequest> onDial;
    private final CompletableFuture<Void> confirmed = new CompletableFuture<>();
    private final CompletableFuture<ZitiException> ended = new CompletableFuture<>();

    RouterBinding(
            EdgeChannel channel,
            ConnId id,
            ServiceDetail service,
            ServiceSession session,
            Consumer<DialRequest> onDial) {
        this.channel = channel;
        this.id = id;
        this.service = service;
        this.session = session;
        this.onDial = onDial;
    }

    /** Completes when the terminator exists, as far as the router can say so. */
    CompletionStage<Void> bind(BindOptions options, byte[] listenerId, @Nullable KeyExchange keys) {
        boolean waits = channel.confirmsBinds();
        Headers.Builder headers = Headers.builder()
                .int32(EdgeHeader.CONN_ID, id.value())
                .bool(EdgeHeader.ROUTER_PROVIDED_CONN_ID, true)
                .bytes(EdgeHeader.LISTENER_ID, listenerId)
                .bool(EdgeHeader.SUPPORTS_INSPECT, true)
                .bool(EdgeHeader.SUPPORTS_BIND_SUCCESS, true)
                .bool(EdgeHeader.USE_XGRESS_TO_SDK, options.ownFlowControl());
        if (keys != null) {
            headers.bytes(EdgeHeader.PUBLIC_KEY, keys.publicKey());
        }
        if (options.cost() != 0) {
            headers.uint16(EdgeHeader.COST, options.cost());
        }
        if (options.precedence() != BindOptions.Precedence.DEFAULT) {
            headers.uint8(EdgeHeader.PRECEDENCE, options.precedence().wire());
        }
        options.instance().ifPresent(instance -> headers.string(EdgeHeader.TERMINATOR_IDENTITY, instance));
        Message bind = Message.of(EdgeContentType.BIND, headers.build(), session.token());
        channel.request(bind, BIND_TIMEOUT).whenComplete((reply, failure) -> {
            if (failure != null) {
                end(new ZitiException(
                        what() + " failed: " + ZitiException.unwrapped(failure).getMessage(), failure));
            } else if (reply.contentType() == EdgeContentType.STATE_CLOSED) {
                end(Refusals.of(what(), reply));
            } else if (reply.contentType() != EdgeContentType.STATE_CONNECTED) {
                end(new ZitiException(
                        what() + ": answer of type " + reply.contentType() + " (expected: StateConnected)"));
            } else if (!waits) {
                confirmed.complete(null);
            }
        });
        return confirmed.orTimeout(CONFIRMATION_SECONDS, TimeUnit.SECONDS).handle((nothing, failure) -> {
            if (failure != null) {
                ZitiException late = new ZitiException(what() + " was not confirmed in " + CONFIRMATION_SECONDS + " s");
                end(late);
                throw ended.getNow(late);
            }
            return null;
        });
    }

    private String what() {
        return "bind of service '" + service.name() + "' at router '" + channel.router() + "'";
    }

    private void end(ZitiException reason) {
        channel.unregister(id);
        if (ended.complete(reason)) {
            confirmed.completeExceptionally(reason);
        }
    }

    /** Completes, never fails, with the reason when this listener is no more. */
    CompletionStage<ZitiException> ended() {
        return ended;
    }

    String router() {
        return channel.router();
    }

    @Override
    public void onMessage(Message message) {
        switch (message.contentType()) {
            case EdgeContentType.DIAL ->
                onDial.accept(new DialRequest(service.name(), channel, message, System.nanoTime()));
            case EdgeContentType.BIND_SUCCESS -> confirmed.complete(null);
            case EdgeContentType.STATE_CLOSED -> end(Refusals.of(what(), message));
            default -> {
                // Nothing else is for a listener.
            }
        }
    }

    @Override
    public void onChannelClosed(String reason) {
        end(new ZitiException(what() + ": " + reason));
    }

    /** Takes the listener back. */
    void unbind() {
        Headers headers =
                Headers.builder().int32(EdgeHeader.CONN_ID, id.value()).build();
        if (!ended.isDone() && !channel.isClosed()) {
            channel.sendUnbind(Message.of(EdgeContentType.UNBIND, headers, session.token()));
            channel.sendClosed(id, "close called");
        }
        end(new ZitiException(what() + " was taken back"));
    }

    @Override
    public int inspectType() {
        return TYPE_BIND;
    }

    @Override
    public String toString() {
        return "listener of service '" + service.name() + "', conn id " + id;
    }
}
