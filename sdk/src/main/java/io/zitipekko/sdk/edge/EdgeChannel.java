package io.zitipekko.sdk.edge;

import io.zitipekko.transport.channel.Channel;
import io.zitipekko.transport.channel.ChannelHandler;
import io.zitipekko.transport.channel.ContentTypes;
import io.zitipekko.transport.channel.Headers;
import io.zitipekko.transport.channel.Lane;
import io.zitipekko.transport.channel.Message;
import io.zitipekko.transport.edge.EdgeContentType;
import io.zitipekko.transport.edge.EdgeHeader;
import io.zitipekko.transport.xgress.end.CircuitTimer;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.time.Duration;
import java.util.List;
import java.util.OptionalInt;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import java.util.stream.Stream;
import org.apache.pekko.util.ByteString;
import org.jspecify.annotations.Nullable;

/**
 * A channel to one edge router under one API session: hands messages to the connections and listeners in it, answers inspections, knows
 * its latency. Thread-safe.
 */
public final class EdgeChannel implements ChannelHandler {
    private static final int LAST_OWN_ID = 0x7ffffffd;

    private final String router;
    private final String sessionToken;
    private final Channel channel;
    private final CircuitTimer timer;
    private final ConcurrentHashMap<Integer, MessageSink> sinks = new ConcurrentHashMap<>();
    private final AtomicInteger lastId = new AtomicInteger();
    private volatile long latencyNanos = Long.MAX_VALUE;
    private volatile long lastHeard = System.nanoTime();
    private volatile boolean closed;

    EdgeChannel(String router, String sessionToken, Channel channel, CircuitTimer timer) {
        this.router = router;
        this.sessionToken = sessionToken;
        this.channel = channel;
        this.timer = timer;
    }

    /** The router's name. */
    public String router() {
        return router;
    }

    public Channel channel() {
        return channel;
    }

    CircuitTimer timer() {
        return timer;
    }

    boolean belongsTo(String token) {
        return sessionToken.equals(token);
    }

    /** Whether router and channel can confirm that a terminator exists (BindSuccess). */
    public boolean confirmsBinds() {
        Headers hello = channel.handshake().headers();
        return hello.bool(EdgeHeader.SUPPORTS_BIND_SUCCESS)
                || hello.mask(EdgeHeader.ROUTER_CAPABILITIES).testBit(6);
    }

    /** Registers under a fresh id, before anything is sent: the peer may speak first. */
    public <S extends MessageSink> S register(Function<ConnId, S> factory) {
        while (true) {
            int id = lastId.updateAndGet(last -> last >= LAST_OWN_ID ? 1 : last + 1);
            if (!sinks.containsKey(id)) {
                S sink = factory.apply(new ConnId(id));
                if (sinks.putIfAbsent(id, sink) == null) {
                    tellIfClosed(sink);
                    return sink;
                }
            }
        }
    }

    /** Registers under an id that the router chose; false when it is in use. */
    public boolean register(ConnId id, MessageSink sink) {
        boolean taken = sinks.putIfAbsent(id.value(), sink) == null;
        if (taken) {
            tellIfClosed(sink);
        }
        return taken;
    }

    private void tellIfClosed(MessageSink sink) {
        if (closed && sinks.values().remove(sink)) {
            sink.onChannelClosed("the connection to router '" + router + "' is closed");
        }
    }

    /** {@code successor} gets what comes for {@code sink} from now on. Without effect when that is not registered any more. */
    void replace(EdgeConnection sink, EdgeConnection successor) {
        sinks.replace(sink.id().value(), sink, successor);
    }

    public void unregister(ConnId id) {
        sinks.remove(id.value());
    }

    /** Sends and waits for the reply. */
    public CompletionStage<Message> request(Message message, Duration timeout) {
        return channel.request(Lane.HIGH, message, timeout);
    }

    /** A StateClosed for this id, behind everything that was queued for it. */
    public void sendClosed(ConnId id, String reason) {
        sendInOrder(Message.of(
                EdgeContentType.STATE_CLOSED,
                Headers.builder().int32(EdgeHeader.CONN_ID, id.value()).build(),
                reason));
    }

    /** An Unbind; it has no answer. */
    public void sendUnbind(Message unbind) {
        sendInOrder(unbind);
    }

    /** Queues behind the data when there is room, now or later. */
    void sendInOrder(Message message) {
        if (!channel.offer(Lane.DEFAULT, message) && !channel.isClosed()) {
            channel.whenWritable(Lane.DEFAULT, () -> sendInOrder(message));
        }
    }

    /** Smoothed round trip; {@link Long#MAX_VALUE} before the first answer. */
    public long latencyNanos() {
        return latencyNanos;
    }

    /**
     * Sends one latency probe (protocol/02 section 4.5). The channel closes when it is not answered in time and nothing else was heard from the
     * router meanwhile: an answer may have to wait behind much data. Where readers here have stopped the channel, nobody can tell.
     */
    void probe(Duration timeout) {
        long sent = System.nanoTime();
        byte[] stamp = ByteBuffer.allocate(8)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putLong(sent)
                .array();
        Message probe = Message.of(
                ContentTypes.LATENCY,
                Headers.builder().bytes(EdgeHeader.UUID, stamp).build(),
                ByteString.emptyByteString());
        channel.request(Lane.HIGH, probe, timeout).whenComplete((answer, failure) -> {
            if (failure == null) {
                long sample = Math.max(1, System.nanoTime() - sent);
                latencyNanos = latencyNanos == Long.MAX_VALUE ? sample : latencyNanos + (sample - latencyNanos) / 4;
            } else if (lastHeard - sent < 0 && !channel.isPaused()) {
                channel.close("router '" + router + "' did not answer a latency probe within " + timeout);
            }
        });
    }

    boolean isIdle() {
        return sinks.isEmpty();
    }

    /**
     * Ends its connections and then itself: at once, or when the peers of those that end their circuits themselves have what was written,
     * at the latest after {@code patience}.
     *
     * @return completes when the channel was told to close
     */
    CompletionStage<Void> closeWhenDrained(String reason, Duration patience) {
        CompletableFuture<?>[] circuits = sinks.values().stream()
                .flatMap(sink -> sink instanceof CircuitConnection circuit ? Stream.of(circuit) : Stream.empty())
                .map(circuit -> {
                    circuit.close(reason);
                    return circuit.gone().toCompletableFuture();
                })
                .toArray(CompletableFuture[]::new);
        return CompletableFuture.allOf(circuits)
                .completeOnTimeout(null, patience.toMillis(), TimeUnit.MILLISECONDS)
                .thenRun(() -> channel.close(reason));
    }

    public boolean isClosed() {
        return closed || channel.isClosed();
    }

    @Override
    public void onMessage(Message message) {
        lastHeard = System.nanoTime();
        OptionalInt id = message.headers().int32(EdgeHeader.CONN_ID);
        MessageSink sink = id.isPresent() ? sinks.get(id.getAsInt()) : null;
        switch (message.contentType()) {
            case EdgeContentType.CONN_INSPECT_REQUEST -> inspect(message, id.orElse(0), sink);
            case EdgeContentType.DIAL -> {
                if (sink == null) {
                    refuseDial(message, "no listener for conn id [" + Integer.toUnsignedString(id.orElse(0)) + "]");
                } else {
                    sink.onMessage(message);
                }
            }
            default -> {
                // For a connection that is gone, or of a kind that this end does not speak: nothing to do.
                if (sink != null) {
                    sink.onMessage(message);
                }
            }
        }
    }

    /** Answers a Dial with no. */
    public void refuseDial(Message dial, String reason) {
        Headers headers = Headers.builder()
                .int32(
                        EdgeHeader.CONN_ID,
                        dial.headers().int32(EdgeHeader.CONN_ID).orElse(0))
                .build();
        channel.reply(Lane.HIGH, dial, Message.of(EdgeContentType.DIAL_FAILED, headers, reason));
    }

    private void inspect(Message request, int id, @Nullable MessageSink sink) {
        Headers headers = Headers.builder()
                .int32(EdgeHeader.CONN_ID, id)
                .uint8(EdgeHeader.CONN_TYPE, sink == null ? 0 : sink.inspectType())
                .build();
        String text = sink == null ? "invalid conn id [" + Integer.toUnsignedString(id) + "]" : sink.toString();
        channel.reply(Lane.HIGH, request, Message.of(EdgeContentType.CONN_INSPECT_RESPONSE, headers, text));
    }

    @Override
    public void onClosed(String reason) {
        closed = true;
        List<MessageSink> orphans = List.copyOf(sinks.values());
        for (MessageSink sink : orphans) {
            if (sinks.values().remove(sink)) {
                sink.onChannelClosed("the connection to router '" + router + "' was lost: " + reason);
            }
        }
    }

    @Override
    public String toString() {
        return "EdgeChannel[" + router + "]";
    }
}
