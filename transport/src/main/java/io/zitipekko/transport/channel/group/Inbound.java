package io.zitipekko.transport.channel.group;

import io.zitipekko.transport.channel.Channel;
import io.zitipekko.transport.channel.ChannelHandler;
import io.zitipekko.transport.channel.ChannelHeaders;
import io.zitipekko.transport.channel.ChannelKind;
import io.zitipekko.transport.channel.ContentTypes;
import io.zitipekko.transport.channel.Headers;
import io.zitipekko.transport.channel.Lane;
import io.zitipekko.transport.channel.Message;
import io.zitipekko.transport.channel.Results;
import java.time.Duration;
import java.util.OptionalInt;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/**
 * Who gets a message that has come in, in this order (protocol/01 section 8): heartbeats are read off every message, a reply goes to
 * who waits for it, the channel answers probes and pings itself, and the rest is the owner's.
 */
final class Inbound {
    private final Channel channel;
    private final ChannelKind kind;
    private final boolean accepted;
    private final PendingReplies replies;
    private final @Nullable Heartbeats heartbeats;
    private final AtomicBoolean probeAnswerPending = new AtomicBoolean();

    /**
     * @param accepted whether this side listened
     * @param heartbeats {@code null} on kinds that have none
     */
    Inbound(
            Channel channel,
            ChannelKind kind,
            boolean accepted,
            PendingReplies replies,
            @Nullable Heartbeats heartbeats) {
        this.channel = channel;
        this.kind = kind;
        this.accepted = accepted;
        this.replies = replies;
        this.heartbeats = heartbeats;
    }

    void receive(ChannelHandler owner, Message message) {
        Headers headers = message.headers();
        if (heartbeats != null) {
            Duration roundTrip = heartbeats.received(headers);
            if (roundTrip != null) {
                owner.onLatency(roundTrip);
            }
        }
        if (headers.has(ChannelHeaders.REPLY_FOR)) {
            OptionalInt answered = headers.int32(ChannelHeaders.REPLY_FOR);
            if (answered.isPresent() && answered.getAsInt() != -1 && replies.complete(answered.getAsInt(), message)) {
                return;
            }
        }
        boolean control = kind.equals(ChannelKind.CONTROL);
        switch (message.contentType()) {
            case ContentTypes.HEARTBEAT -> {
                // An empty carrier: its headers have been read.
            }
            case ContentTypes.LATENCY -> {
                // Control peers do not probe like this; what comes all the same is not answered.
                if (!control) {
                    answerProbe(message);
                }
            }
            case ContentTypes.PING -> {
                if (control && accepted) {
                    channel.reply(Lane.DEFAULT, message, Results.success("ok"));
                } else {
                    owner.onMessage(message);
                }
            }
            default -> owner.onMessage(message);
        }
    }

    /** One answer at a time, so that a peer that probes without reading gets no queue for it. */
    private void answerProbe(Message probe) {
        if (probeAnswerPending.compareAndSet(false, true)) {
            offerAnswer(replyTo(probe, Results.success("")));
        }
    }

    /** Now or when there is room: who gets no answer on a busy channel takes it for a dead one, and closes it. */
    private void offerAnswer(Message answer) {
        if (channel.offer(Lane.HIGH, answer, () -> probeAnswerPending.set(false))) {
            return;
        }
        if (!channel.isClosed()) {
            channel.whenWritable(Lane.HIGH, () -> offerAnswer(answer));
        }
    }

    /** The answer with what makes it one: the request's sequence, and its reflected header. */
    static Message replyTo(Message request, Message answer) {
        Headers.Builder headers = answer.headers().toBuilder().int32(ChannelHeaders.REPLY_FOR, request.sequence());
        request.headers()
                .bytes(ChannelHeaders.REFLECTED)
                .ifPresent(value -> headers.bytes(ChannelHeaders.REFLECTED, value));
        return answer.withHeaders(headers.build());
    }
}
