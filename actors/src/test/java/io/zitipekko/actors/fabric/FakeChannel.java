package io.zitipekko.actors.fabric;

import io.zitipekko.transport.channel.Channel;
import io.zitipekko.transport.channel.ChannelHandler;
import io.zitipekko.transport.channel.Lane;
import io.zitipekko.transport.channel.Message;
import io.zitipekko.transport.channel.UnderlayInfo;
import io.zitipekko.transport.tls.TlsPeer;
import java.time.Duration;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import org.apache.pekko.Done;

/** A channel without a wire: what is sent is kept, requests are answered to whoever asked. */
final class FakeChannel implements Channel {
    private final Message hello;
    private final TlsPeer peer;
    private final List<Message> sent = new CopyOnWriteArrayList<>();
    private final Map<Message, CompletableFuture<Message>> asked = new IdentityHashMap<>();
    private final CompletableFuture<Done> closed = new CompletableFuture<>();
    private volatile Consumer<Message> onSend = message -> {};
    private volatile String closeReason;
    private volatile ChannelHandler handler;

    FakeChannel(Message hello, TlsPeer peer) {
        this.hello = hello;
        this.peer = peer;
    }

    void opened(ChannelHandler newHandler) {
        handler = newHandler;
        if (closeReason != null) {
            tellClosed();
        }
    }

    void onSend(Consumer<Message> consumer) {
        onSend = consumer;
    }

    List<Message> sent() {
        return sent;
    }

    String closeReason() {
        return closeReason;
    }

    void receive(Message message) {
        handler.onMessage(message);
    }

    CompletableFuture<Message> ask(Message request) {
        CompletableFuture<Message> answer = new CompletableFuture<>();
        synchronized (asked) {
            asked.put(request, answer);
        }
        receive(request);
        return answer;
    }

    @Override
    public String connectionId() {
        return "connection";
    }

    @Override
    public Message handshake() {
        return hello;
    }

    @Override
    public TlsPeer peer() {
        return peer;
    }

    @Override
    public List<UnderlayInfo> underlays() {
        return List.of(new UnderlayInfo(1, "ctrl.default", peer));
    }

    @Override
    public boolean send(Lane lane, Message message) {
        if (isClosed()) {
            return false;
        }
        sent.add(message);
        onSend.accept(message);
        return true;
    }

    @Override
    public boolean offer(Lane lane, Message message) {
        return send(lane, message);
    }

    @Override
    public boolean offer(Lane lane, Message message, Runnable taken) {
        boolean accepted = send(lane, message);
        if (accepted) {
            taken.run();
        }
        return accepted;
    }

    @Override
    public void whenWritable(Lane lane, Runnable once) {
        once.run();
    }

    @Override
    public CompletionStage<Message> request(Lane lane, Message message, Duration timeout) {
        send(lane, message);
        return new CompletableFuture<>();
    }

    @Override
    public boolean reply(Lane lane, Message request, Message answer) {
        if (isClosed()) {
            return false;
        }
        synchronized (asked) {
            CompletableFuture<Message> waiting = asked.remove(request);
            if (waiting != null) {
                waiting.complete(answer);
            }
        }
        return true;
    }

    @Override
    public void pauseReading() {}

    @Override
    public void resumeReading() {}

    @Override
    public boolean isPaused() {
        return false;
    }

    @Override
    public void close(String reason) {
        synchronized (this) {
            if (closeReason != null) {
                return;
            }
            closeReason = reason;
        }
        if (handler != null) {
            tellClosed();
        }
    }

    private void tellClosed() {
        handler.onClosed(closeReason);
        closed.complete(Done.getInstance());
    }

    @Override
    public boolean isClosed() {
        return closeReason != null;
    }

    @Override
    public CompletionStage<Done> closed() {
        return closed;
    }
}
