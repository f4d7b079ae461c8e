package io.zitipekko.actors.router.edge;

import io.zitipekko.transport.channel.Channel;
import io.zitipekko.transport.channel.ChannelHandler;
import io.zitipekko.transport.channel.Headers;
import io.zitipekko.transport.channel.Lane;
import io.zitipekko.transport.channel.Message;
import io.zitipekko.transport.channel.UnderlayInfo;
import io.zitipekko.transport.tls.TlsPeer;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import org.apache.pekko.Done;

/** Two ends of a channel in one JVM: one FIFO each way, bounded in bytes, delivered on an executor of its own one by one. */
final class MemoryChannel implements Channel {
    private static final int LANE_BYTES = 1 << 20;

    private final String id;
    private final TlsPeer peer;
    private final String type;
    private final Executor executor;
    private final Map<Message, CompletableFuture<Message>> pending = new IdentityHashMap<>();
    private final ArrayDeque<Entry> inbox = new ArrayDeque<>();
    private final List<Runnable> waiting = new ArrayList<>();
    private final CompletableFuture<Done> closed = new CompletableFuture<>();
    private MemoryChannel other;
    private ChannelHandler handler;
    private int inboxBytes;
    private int pauses;
    private boolean delivering;
    private boolean isClosed;
    private boolean closeDue;
    private String reason = "";

    private MemoryChannel(String id, TlsPeer peer, String type, Executor executor) {
        this.id = id;
        this.peer = peer;
        this.type = type;
        this.executor = executor;
    }

    /** The router's end, whose peer presented these certificates; the SDK's end is its {@link #other}. */
    static MemoryChannel connect(String id, TlsPeer sdk, String type, Executor executor) {
        MemoryChannel router = new MemoryChannel(id, sdk, type, executor);
        MemoryChannel client = new MemoryChannel(id, sdk, type, executor);
        router.other = client;
        client.other = router;
        return router;
    }

    MemoryChannel other() {
        return other;
    }

    void handle(ChannelHandler newHandler) {
        synchronized (this) {
            handler = newHandler;
        }
        deliverSome();
    }

    @Override
    public String connectionId() {
        return id;
    }

    @Override
    public Message handshake() {
        return Message.of(2, Headers.EMPTY, "");
    }

    @Override
    public TlsPeer peer() {
        return peer;
    }

    @Override
    public List<UnderlayInfo> underlays() {
        return List.of(new UnderlayInfo(1, type, peer));
    }

    @Override
    public boolean send(Lane lane, Message message) {
        return other.take(message, () -> {}, Integer.MAX_VALUE);
    }

    @Override
    public boolean offer(Lane lane, Message message) {
        return offer(lane, message, () -> {});
    }

    @Override
    public boolean offer(Lane lane, Message message, Runnable taken) {
        return other.take(message, taken, LANE_BYTES);
    }

    private boolean take(Message message, Runnable taken, int limit) {
        synchronized (this) {
            if (isClosed || inboxBytes >= limit) {
                return false;
            }
            inbox.add(new Entry(message, taken));
            inboxBytes += message.body().size();
        }
        deliverSome();
        return true;
    }

    @Override
    public void whenWritable(Lane lane, Runnable once) {
        other.whenRoom(once);
    }

    private void whenRoom(Runnable once) {
        synchronized (this) {
            if (!isClosed && inboxBytes >= LANE_BYTES / 2) {
                waiting.add(once);
                return;
            }
        }
        once.run();
    }

    private void deliverSome() {
        synchronized (this) {
            if (delivering || handler == null) {
                return;
            }
            delivering = true;
        }
        executor.execute(this::deliver);
    }

    private void deliver() {
        while (true) {
            Entry next;
            List<Runnable> wake = List.of();
            CompletableFuture<Message> waiter = null;
            synchronized (this) {
                if (inbox.isEmpty() && closeDue) {
                    closeDue = false;
                    next = null;
                } else if (pauses > 0 && !isClosed || inbox.isEmpty()) {
                    delivering = false;
                    return;
                } else {
                    next = inbox.remove();
                }
            }
            if (next == null) {
                failPending();
                handler.onClosed(reason());
                closed.complete(Done.getInstance());
                continue;
            }
            synchronized (this) {
                inboxBytes -= next.message.body().size();
                if (inboxBytes < LANE_BYTES / 2 && !waiting.isEmpty()) {
                    wake = List.copyOf(waiting);
                    waiting.clear();
                }
                if (next.replyTo != null) {
                    waiter = pending.remove(next.replyTo);
                }
            }
            next.taken.run();
            wake.forEach(Runnable::run);
            if (waiter != null) {
                waiter.complete(next.message);
            } else {
                handler.onMessage(next.message);
            }
        }
    }

    @Override
    public CompletionStage<Message> request(Lane lane, Message message, Duration timeout) {
        // The very message is what its reply names.
        Message unique = message.withHeaders(message.headers().toBuilder().build());
        CompletableFuture<Message> answer = new CompletableFuture<>();
        synchronized (this) {
            pending.put(unique, answer);
        }
        if (!other.take(unique, () -> {}, Integer.MAX_VALUE)) {
            answer.completeExceptionally(new IllegalStateException("channel is closed"));
        }
        return answer.orTimeout(timeout.toMillis(), TimeUnit.MILLISECONDS);
    }

    @Override
    public boolean reply(Lane lane, Message request, Message answer) {
        synchronized (other) {
            if (other.isClosed) {
                return false;
            }
            other.inbox.add(new Entry(answer, () -> {}, request));
        }
        other.deliverSome();
        return true;
    }

    /** What is sent as the reply to this message of ours goes there, though it was no request. */
    void expectReply(Message message, CompletableFuture<Message> answer) {
        synchronized (this) {
            pending.put(message, answer);
        }
    }

    @Override
    public synchronized void pauseReading() {
        pauses++;
    }

    @Override
    public void resumeReading() {
        synchronized (this) {
            pauses--;
        }
        deliverSome();
    }

    @Override
    public synchronized boolean isPaused() {
        return pauses > 0;
    }

    @Override
    public void close(String why) {
        shut(why, false);
        other.shut(why, true);
    }

    /** @param draining what the closing side has sent still arrives */
    private void shut(String why, boolean draining) {
        List<Runnable> wake;
        List<CompletableFuture<Message>> failed;
        List<Entry> untaken;
        synchronized (this) {
            if (isClosed) {
                return;
            }
            isClosed = true;
            reason = why;
            wake = List.copyOf(waiting);
            waiting.clear();
            failed = draining ? List.of() : List.copyOf(pending.values());
            pending.values().removeAll(failed);
            untaken = draining ? List.of() : List.copyOf(inbox);
            inbox.removeAll(untaken);
            closeDue = true;
        }
        untaken.forEach(entry -> entry.taken.run());
        wake.forEach(Runnable::run);
        failed.forEach(f -> f.completeExceptionally(new IllegalStateException("channel closed: " + why)));
        deliverSome();
    }

    private void failPending() {
        List<CompletableFuture<Message>> failed;
        synchronized (this) {
            failed = List.copyOf(pending.values());
            pending.clear();
        }
        failed.forEach(f -> f.completeExceptionally(new IllegalStateException("channel closed: " + reason())));
    }

    @Override
    public synchronized boolean isClosed() {
        return isClosed;
    }

    synchronized String reason() {
        return reason;
    }

    @Override
    public CompletionStage<Done> closed() {
        return closed;
    }

    private record Entry(Message message, Runnable taken, Message replyTo) {
        Entry(Message message, Runnable taken) {
            this(message, taken, null);
        }
    }
}
