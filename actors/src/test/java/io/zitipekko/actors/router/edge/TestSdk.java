package io.zitipekko.actors.router.edge;

import io.zitipekko.transport.channel.ChannelHandler;
import io.zitipekko.transport.channel.Headers;
import io.zitipekko.transport.channel.Lane;
import io.zitipekko.transport.channel.Message;
import io.zitipekko.transport.edge.EdgeContentType;
import io.zitipekko.transport.edge.EdgeHeader;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import org.apache.pekko.util.ByteString;

/** An SDK as the router sees it: sends what a test says, keeps what comes by connection id. */
final class TestSdk implements ChannelHandler {
    static final Duration SOON = Duration.ofSeconds(10);

    final MemoryChannel channel;
    private final Map<Integer, BlockingQueue<Message>> byConnection = new ConcurrentHashMap<>();
    private final Map<Integer, Consumer<Message>> sinks = new ConcurrentHashMap<>();
    private volatile Consumer<Message> onDial = dial -> {};

    TestSdk(MemoryChannel channel) {
        this.channel = channel;
        channel.handle(this);
    }

    @Override
    public void onMessage(Message message) {
        if (message.contentType() == EdgeContentType.DIAL) {
            onDial.accept(message);
            return;
        }
        int id = message.headers().int32(EdgeHeader.CONN_ID).orElse(-1);
        Consumer<Message> sink = sinks.get(id);
        if (sink != null) {
            sink.accept(message);
        } else {
            queue(id).add(message);
        }
    }

    @Override
    public void onClosed(String reason) {}

    /** Handles what comes on this connection as it comes. */
    void onConnection(int id, Consumer<Message> sink) {
        sinks.put(id, sink);
        for (Message early; (early = queue(id).poll()) != null; ) {
            sink.accept(early);
        }
    }

    private BlockingQueue<Message> queue(int id) {
        return byConnection.computeIfAbsent(id, k -> new LinkedBlockingQueue<>());
    }

    /** The next message on this connection. */
    Message next(int id) {
        try {
            Message message = queue(id).poll(SOON.toMillis(), TimeUnit.MILLISECONDS);
            if (message == null) {
                throw new AssertionError("no message for connection " + id + " within " + SOON);
            }
            return message;
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    boolean isSilent(int id) {
        return queue(id).isEmpty();
    }

    Message request(Message message) {
        try {
            return channel.request(Lane.HIGH, message, SOON)
                    .toCompletableFuture()
                    .get(60, TimeUnit.SECONDS);
        } catch (InterruptedException | java.util.concurrent.ExecutionException | TimeoutException e) {
            throw new AssertionError("no answer to " + message, e);
        }
    }

    void send(Message message) {
        channel.send(Lane.DEFAULT, message);
    }

    Message connect(int id, String token) {
        return request(connectMessage(id, token, Headers.EMPTY));
    }

    static Message connectMessage(int id, String token, Headers more) {
        return Message.of(
                EdgeContentType.CONNECT,
                Headers.builder()
                        .int32(EdgeHeader.CONN_ID, id)
                        .string(EdgeHeader.CALLER_ID, "a caller")
                        .bytes(EdgeHeader.APP_DATA, new byte[] {1, 2, 3})
                        .addAll(more)
                        .build(),
                token);
    }

    Message bind(int id, String token, Headers more) {
        return request(bindMessage(id, token, more));
    }

    static Message bindMessage(int id, String token, Headers more) {
        return Message.of(
                EdgeContentType.BIND,
                Headers.builder()
                        .int32(EdgeHeader.CONN_ID, id)
                        .bool(EdgeHeader.ROUTER_PROVIDED_CONN_ID, true)
                        .bool(EdgeHeader.SUPPORTS_BIND_SUCCESS, true)
                        .addAll(more)
                        .build(),
                token);
    }

    void data(int id, ByteString body) {
        send(Message.of(
                EdgeContentType.DATA,
                Headers.builder().int32(EdgeHeader.CONN_ID, id).build(),
                body));
    }

    void fin(int id) {
        send(Message.of(
                EdgeContentType.DATA,
                Headers.builder()
                        .int32(EdgeHeader.CONN_ID, id)
                        .int32(EdgeHeader.FLAGS, 1)
                        .build(),
                ByteString.emptyByteString()));
    }

    void stateClosed(int id) {
        send(Message.of(
                EdgeContentType.STATE_CLOSED,
                Headers.builder().int32(EdgeHeader.CONN_ID, id).build(),
                ByteString.emptyByteString()));
    }

    /** What to do with a Dial. */
    void onDial(Consumer<Message> newOnDial) {
        onDial = newOnDial;
    }

    /** Accepts every Dial; {@code accepted} gets the new connection's id, before the answer goes out. */
    void acceptDials(Consumer<Integer> accepted) {
        onDial(dial -> {
            int child = dial.headers().int32(EdgeHeader.ROUTER_PROVIDED_CONN_ID).orElseThrow();
            accepted.accept(child);
            channel.reply(Lane.HIGH, dial, dialSuccess(dial, child));
        });
    }

    static Message dialSuccess(Message dial, int child) {
        return Message.of(
                EdgeContentType.DIAL_SUCCESS,
                Headers.builder()
                        .int32(
                                EdgeHeader.CONN_ID,
                                dial.headers().int32(EdgeHeader.CONN_ID).orElseThrow())
                        .build(),
                ByteBuffer.allocate(4)
                        .order(ByteOrder.LITTLE_ENDIAN)
                        .putInt(child)
                        .array());
    }
}
