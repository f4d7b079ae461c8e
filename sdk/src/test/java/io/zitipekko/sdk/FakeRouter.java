package io.zitipekko.sdk;

import io.zitipekko.transport.channel.Channel;
import io.zitipekko.transport.channel.ChannelAcceptor;
import io.zitipekko.transport.channel.ChannelHandler;
import io.zitipekko.transport.channel.ChannelKind;
import io.zitipekko.transport.channel.ChannelListener;
import io.zitipekko.transport.channel.ChannelOptions;
import io.zitipekko.transport.channel.Headers;
import io.zitipekko.transport.channel.Hello;
import io.zitipekko.transport.channel.HelloAnswer;
import io.zitipekko.transport.channel.Lane;
import io.zitipekko.transport.channel.Message;
import io.zitipekko.transport.edge.EdgeContentType;
import io.zitipekko.transport.edge.EdgeErrorCode;
import io.zitipekko.transport.edge.EdgeHeader;
import io.zitipekko.transport.edge.RetryHint;
import io.zitipekko.transport.edge.StructuredError;
import io.zitipekko.transport.tls.ClientAuth;
import io.zitipekko.transport.tls.ListenerLimits;
import io.zitipekko.transport.tls.SharedTlsListener;
import io.zitipekko.transport.tls.TlsPeer;
import io.zitipekko.transport.tls.TlsServerProtocol;
import io.zitipekko.transport.xgress.CircuitId;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.pekko.actor.ClassicActorSystemProvider;
import org.apache.pekko.util.ByteString;
import org.jspecify.annotations.Nullable;

/**
 * A router that speaks the edge protocol over real TLS (protocol/02) and joins dialers and hosts within itself, one host per service: in
 * Data messages, or with circuits that end in the SDKs when {@link #letsCircuitsEndInSdks} and both of them ask for it. Keeps what it carried, and does on request what routers do on bad days.
 */
final class FakeRouter implements ChannelAcceptor, AutoCloseable {
    private record End(Channel channel, int id) {}

    private record CircuitOf(Channel channel, String circuit) {}

    final List<Channel> channels = new CopyOnWriteArrayList<>();
    final List<Hello> hellos = new CopyOnWriteArrayList<>();
    final List<Message> data = new CopyOnWriteArrayList<>();
    final List<Message> connects = new CopyOnWriteArrayList<>();
    final List<Message> closes = new CopyOnWriteArrayList<>();
    final AtomicInteger binds = new AtomicInteger();
    final Map<String, End> hosts = new ConcurrentHashMap<>();
    final List<Message> xgress = new CopyOnWriteArrayList<>();
    volatile boolean letsCircuitsEndInSdks;
    volatile boolean withholdHostKey;
    volatile boolean closesAtNextConnect;
    final ConcurrentLinkedQueue<StructuredError> refusals = new ConcurrentLinkedQueue<>();

    private final Map<End, ConcurrentLinkedQueue<Message>> backlog = new ConcurrentHashMap<>();
    private final Map<End, End> joined = new ConcurrentHashMap<>();
    private final Map<CircuitOf, End> circuits = new ConcurrentHashMap<>();
    private final Set<String> hostsThatEndCircuits = ConcurrentHashMap.newKeySet();
    private final Map<String, byte[]> hostKeys = new ConcurrentHashMap<>();
    private final AtomicInteger lastChild = new AtomicInteger(0x7fffffff);
    private final SharedTlsListener listener;

    FakeRouter(ClassicActorSystemProvider system, TestKeys keys) throws Exception {
        ChannelListener edge =
                ChannelListener.create(system, ChannelKind.EDGE, ChannelOptions.EDGE, () -> "fake-router", this);
        TlsServerProtocol protocol = new TlsServerProtocol(
                Set.of(ChannelKind.EDGE.alpn()), keys::server, ClientAuth.REQUIRE, presented -> true, edge::handle);
        this.listener = SharedTlsListener.bind(system, "127.0.0.1", 0, List.of(protocol), ListenerLimits.DEFAULT)
                .toCompletableFuture()
                .get(60, TimeUnit.SECONDS);
    }

    String url() {
        return "tls://localhost:" + listener.localAddress().getPort();
    }

    @Override
    public CompletionStage<HelloAnswer> onHello(Hello hello, TlsPeer peer) {
        hellos.add(hello);
        Headers capabilities =
                Headers.builder().bool(EdgeHeader.SUPPORTS_BIND_SUCCESS, true).build();
        return CompletableFuture.completedStage(new HelloAnswer.Accept(hello.token(), capabilities));
    }

    @Override
    public ChannelHandler onChannel(Channel channel, Hello hello) {
        channels.add(channel);
        return new ChannelHandler() {
            @Override
            public void onMessage(Message message) {
                FakeRouter.this.onMessage(channel, message);
            }

            @Override
            public void onClosed(String reason) {
                channels.remove(channel);
                hosts.values().removeIf(end -> end.channel() == channel);
                joined.forEach((from, to) -> {
                    if (from.channel() == channel) {
                        close(to, "close called");
                    }
                });
            }
        };
    }

    private void onMessage(Channel channel, Message message) {
        End from = new End(channel, message.headers().int32(EdgeHeader.CONN_ID).orElse(0));
        switch (message.contentType()) {
            case EdgeContentType.CONNECT -> connect(from, message);
            case EdgeContentType.BIND -> bind(from, message);
            case EdgeContentType.UNBIND -> hosts.values().remove(from);
            case EdgeContentType.DATA -> {
                data.add(message);
                forward(joined.get(from), message);
            }
            case EdgeContentType.XG_PAYLOAD, EdgeContentType.XG_ACKNOWLEDGEMENT, EdgeContentType.XG_CLOSE ->
                onCircuit(channel, message);
            case EdgeContentType.STATE_CLOSED -> {
                closes.add(message);
                End to = joined.remove(from);
                if (to != null) {
                    joined.remove(to);
                    close(to, "close called");
                }
            }
            default -> throw new AssertionError("unexpected " + message);
        }
    }

    private void onCircuit(Channel channel, Message message) {
        xgress.add(message);
        String circuit = CircuitId.of(message).orElseThrow().value();
        End from = circuits.get(new CircuitOf(channel, circuit));
        End to = from == null ? null : joined.get(from);
        if (to == null) {
            return;
        }
        if (message.contentType() != EdgeContentType.XG_CLOSE) {
            offer(to, message.withHeaders(message.headers().withInt32(EdgeHeader.CONN_ID, to.id())));
            return;
        }
        joined.remove(from);
        if (joined.remove(to) != null) {
            close(to, "xgress unrouted");
        }
    }

    private void connect(End dialer, Message connect) {
        connects.add(connect);
        if (closesAtNextConnect) {
            closesAtNextConnect = false;
            dialer.channel().close("in silence");
            return;
        }
        String service = connect.bodyText().replace("Dial:id-of-", "");
        StructuredError refusal = refusals.poll();
        End host = hosts.get(service);
        if (refusal != null) {
            refuse(dialer, connect, refusal);
            return;
        }
        if (host == null) {
            refuse(
                    dialer,
                    connect,
                    StructuredError.of(
                            EdgeErrorCode.INTERNAL, RetryHint.DEFAULT, "service " + service + " has no terminators"));
            return;
        }
        int child = lastChild.incrementAndGet();
        Headers.Builder dial = Headers.builder()
                .int32(EdgeHeader.CONN_ID, host.id())
                .int32(EdgeHeader.ROUTER_PROVIDED_CONN_ID, child)
                .string(EdgeHeader.CIRCUIT_ID, "circuit-" + child)
                .string(EdgeHeader.DIALER_IDENTITY_ID, "client-id")
                .string(EdgeHeader.DIALER_IDENTITY_NAME, "client");
        copy(connect.headers(), dial, EdgeHeader.PUBLIC_KEY, EdgeHeader.CALLER_ID, EdgeHeader.APP_DATA);
        End hostEnd = new End(host.channel(), child);
        boolean endsInSdks = letsCircuitsEndInSdks
                && hostsThatEndCircuits.contains(service)
                && connect.headers().bool(EdgeHeader.USE_XGRESS_TO_SDK);
        if (endsInSdks) {
            circuits.put(new CircuitOf(dialer.channel(), "circuit-" + child), dialer);
            circuits.put(new CircuitOf(host.channel(), "circuit-" + child), hostEnd);
            dial.bool(EdgeHeader.USE_XGRESS_TO_SDK, true);
        }
        joined.put(dialer, hostEnd);
        joined.put(hostEnd, dialer);
        host.channel()
                .request(
                        Lane.HIGH,
                        Message.of(EdgeContentType.DIAL, dial.build(), "Bind:id-of-" + service),
                        Duration.ofSeconds(5))
                .whenComplete(
                        (answer, failure) -> dialed(dialer, hostEnd, connect, service, endsInSdks, answer, failure));
    }

    private void dialed(
            End dialer,
            End host,
            Message connect,
            String service,
            boolean endsInSdks,
            @Nullable Message answer,
            @Nullable Throwable failure) {
        if (failure != null || answer == null || answer.contentType() != EdgeContentType.DIAL_SUCCESS) {
            joined.remove(dialer);
            joined.remove(host);
            String reason = answer == null ? "no answer" : answer.bodyText();
            refuse(dialer, connect, StructuredError.of(EdgeErrorCode.INTERNAL, RetryHint.DEFAULT, "host: " + reason));
            return;
        }
        Headers.Builder headers = Headers.builder()
                .int32(EdgeHeader.CONN_ID, dialer.id())
                .string(EdgeHeader.CIRCUIT_ID, "circuit-" + host.id());
        if (endsInSdks) {
            headers.bool(EdgeHeader.USE_XGRESS_TO_SDK, true);
        }
        byte[] key = hostKeys.get(service);
        if (key != null && !withholdHostKey) {
            headers.bytes(EdgeHeader.PUBLIC_KEY, key);
        }
        dialer.channel()
                .reply(
                        Lane.DEFAULT,
                        connect,
                        Message.of(EdgeContentType.STATE_CONNECTED, headers.build(), ByteString.emptyByteString()));
    }

    private static void refuse(End dialer, Message request, StructuredError error) {
        Headers headers = Headers.builder()
                .int32(EdgeHeader.CONN_ID, dialer.id())
                .int32(EdgeHeader.ERROR_CODE, error.code().code())
                .string(EdgeHeader.STRUCTURED_ERROR, error.toJson())
                .build();
        dialer.channel().reply(Lane.HIGH, request, Message.of(EdgeContentType.STATE_CLOSED, headers, error.message()));
    }

    private void bind(End host, Message bind) {
        binds.incrementAndGet();
        String service = bind.bodyText().replace("Bind:id-of-", "");
        bind.headers().bytes(EdgeHeader.PUBLIC_KEY).ifPresent(key -> hostKeys.put(service, key));
        if (bind.headers().bool(EdgeHeader.USE_XGRESS_TO_SDK)) {
            hostsThatEndCircuits.add(service);
        }
        hosts.put(service, host);
        Headers headers = Headers.builder()
                .int32(EdgeHeader.CONN_ID, host.id())
                .bool(EdgeHeader.ROUTER_PROVIDED_CONN_ID, true)
                .build();
        host.channel()
                .reply(
                        Lane.HIGH,
                        bind,
                        Message.of(EdgeContentType.STATE_CONNECTED, headers, ByteString.emptyByteString()));
        host.channel().send(Lane.HIGH, Message.of(EdgeContentType.BIND_SUCCESS, headers, ByteString.emptyByteString()));
    }

    private void forward(@Nullable End to, Message message) {
        if (to == null) {
            return;
        }
        Headers.Builder headers = Headers.builder().int32(EdgeHeader.CONN_ID, to.id());
        copy(message.headers(), headers, EdgeHeader.FLAGS);
        // A fake: it buffers without bound instead of holding back its sender.
        offer(to, Message.of(EdgeContentType.DATA, headers.build(), message.body()));
    }

    private void offer(End to, Message message) {
        ConcurrentLinkedQueue<Message> queue = backlog.computeIfAbsent(to, end -> new ConcurrentLinkedQueue<>());
        queue.add(message);
        flush(to, queue);
    }

    private void flush(End to, ConcurrentLinkedQueue<Message> queue) {
        synchronized (queue) {
            Message next;
            while ((next = queue.peek()) != null && to.channel().offer(Lane.DEFAULT, next)) {
                queue.remove();
            }
            if (next == null || to.channel().isClosed()) {
                return;
            }
        }
        to.channel().whenWritable(Lane.DEFAULT, () -> flush(to, queue));
    }

    /** How much waits for ends that do not read. */
    int backlog() {
        return backlog.values().stream().mapToInt(ConcurrentLinkedQueue::size).sum();
    }

    private void close(End end, String reason) {
        offer(
                end,
                Message.of(
                        EdgeContentType.STATE_CLOSED,
                        Headers.builder().int32(EdgeHeader.CONN_ID, end.id()).build(),
                        reason));
    }

    /** Closes every joined connection with this reason, as a router does whose policy says so. */
    void cutConnections(String reason) {
        joined.keySet().forEach(end -> close(end, reason));
        joined.clear();
    }

    private static void copy(Headers from, Headers.Builder to, int... ids) {
        for (int id : ids) {
            from.bytes(id).ifPresent(value -> to.bytes(id, value));
        }
    }

    @Override
    public void close() throws Exception {
        listener.close().toCompletableFuture().get(60, TimeUnit.SECONDS);
    }
}
