package io.zitipekko.actors.fabric.control;

import com.google.protobuf.MessageLite;
import io.zitipekko.actors.fabric.RouterStatus;
import io.zitipekko.actors.model.Proposal;
import io.zitipekko.actors.model.id.RouterId;
import io.zitipekko.transport.channel.Channel;
import io.zitipekko.transport.channel.Headers;
import io.zitipekko.transport.channel.Lane;
import io.zitipekko.transport.channel.Message;
import io.zitipekko.transport.identity.PeerIdentity;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.UnaryOperator;

/**
 * A router's live control channel, and what is known of the router while it lives. The channel's router id is authoritative for everything that
 * arrives on it (protocol/03 section 16, S4). Any thread may send; the {@link RouterActor} alone handles what arrives.
 */
public final class ConnectedRouter {
    private static final long READS_WITHIN_MILLIS = 250;

    private final Channel channel;
    private final PeerIdentity peer;
    private final AtomicReference<RouterStatus> status;
    private volatile boolean dismissed;

    /**
     * @param peer the proved identity of the first underlay
     * @param status as of the hello
     */
    public ConnectedRouter(Channel channel, PeerIdentity peer, RouterStatus status) {
        this.channel = Objects.requireNonNull(channel, "channel");
        this.peer = Objects.requireNonNull(peer, "peer");
        this.status = new AtomicReference<>(status);
    }

    public RouterId id() {
        return status().id();
    }

    public RouterStatus status() {
        return status.get();
    }

    /** The leaf that opened the channel. */
    public PeerIdentity peer() {
        return peer;
    }

    /** Replaces what is known of the router. */
    public RouterStatus update(UnaryOperator<RouterStatus> change) {
        return status.updateAndGet(change);
    }

    /** Queues a message with a protobuf body. False when the channel is closed. */
    public boolean send(Lane lane, int contentType, MessageLite body) {
        return send(lane, Message.of(contentType, Headers.EMPTY, body.toByteArray()));
    }

    public boolean send(Lane lane, Message message) {
        return !dismissed && channel.send(lane, message);
    }

    /** Answers a request on the lane that its kind uses. */
    public boolean reply(Lane lane, Message request, Message answer) {
        return channel.reply(lane, request, answer);
    }

    /** Answers a request with a protobuf body. */
    public boolean reply(Lane lane, Message request, int contentType, MessageLite body) {
        return reply(lane, request, Message.of(contentType, Headers.EMPTY, body.toByteArray()));
    }

    public CompletionStage<Message> request(Lane lane, Message message, Duration timeout) {
        return channel.request(lane, message, timeout);
    }

    /** Where its control connection comes from, {@code host:port}. */
    public String remoteAddress() {
        return channel.peer().remoteAddress();
    }

    /** Its control connection as the audit names it. @param method what it asked for */
    public Proposal.Source source(String method) {
        return new Proposal.Source("control.channel", "router", channel.peer().localAddress(), remoteAddress(), method);
    }

    public void close(String reason) {
        channel.close(reason);
    }

    /**
     * From now on it counts for nothing: it is told so, what it still says is dropped, and the channel is closed when it can have read
     * that. Of a channel's several connections the last to carry something may be read after another was closed, which ends the
     * channel at the peer.
     */
    void dismiss(int contentType, MessageLite lastWord, String reason) {
        dismissed = true;
        // Past the guard in send: nothing may follow it that could take it back, such as the removal of its record.
        if (!channel.send(Lane.HIGH, Message.of(contentType, Headers.EMPTY, lastWord.toByteArray()))) {
            close(reason);
            return;
        }
        CompletableFuture.delayedExecutor(READS_WITHIN_MILLIS, TimeUnit.MILLISECONDS)
                .execute(() -> close(reason));
    }

    boolean isDismissed() {
        return dismissed;
    }

    public boolean isClosed() {
        return channel.isClosed();
    }

    @Override
    public String toString() {
        return "r/" + id();
    }
}
