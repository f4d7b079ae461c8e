package io.zitipekko.transport.channel;

import java.time.Duration;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/** Keeps what a channel tells its owner. */
final class RecordingHandler implements ChannelHandler {
    private static final Map<Channel, RecordingHandler> ALL = new ConcurrentHashMap<>();

    final BlockingQueue<Message> messages = new LinkedBlockingQueue<>();
    final BlockingQueue<Duration> latencies = new LinkedBlockingQueue<>();
    final CompletableFuture<String> closed = new CompletableFuture<>();
    final AtomicInteger closes = new AtomicInteger();
    final AtomicInteger changes = new AtomicInteger();

    RecordingHandler(Channel channel) {
        ALL.put(channel, this);
    }

    static RecordingHandler of(Channel channel) {
        return ALL.get(channel);
    }

    Message next() throws InterruptedException {
        Message message = messages.poll(60, TimeUnit.SECONDS);
        if (message == null) {
            throw new AssertionError("no message within 5 s");
        }
        return message;
    }

    String closeReason() throws Exception {
        return closed.get(60, TimeUnit.SECONDS);
    }

    @Override
    public void onMessage(Message message) {
        messages.add(message);
    }

    @Override
    public void onUnderlaysChanged() {
        changes.incrementAndGet();
    }

    @Override
    public void onLatency(Duration roundTrip) {
        latencies.add(roundTrip);
    }

    @Override
    public void onClosed(String reason) {
        closes.incrementAndGet();
        closed.complete(reason);
    }
}
