package io.zitipekko.actors.router.circuit;

import io.zitipekko.actors.router.forwarder.Forwarder;
import io.zitipekko.actors.router.forwarder.LocalEnd;
import io.zitipekko.actors.router.forwarder.Transit;
import io.zitipekko.transport.channel.Channel;
import io.zitipekko.transport.channel.ChannelHeaders;
import io.zitipekko.transport.channel.Headers;
import io.zitipekko.transport.channel.Lane;
import io.zitipekko.transport.channel.LaneShare;
import io.zitipekko.transport.channel.Message;
import io.zitipekko.transport.edge.EdgeContentType;
import io.zitipekko.transport.edge.EdgeHeader;
import io.zitipekko.transport.xgress.CircuitControl;
import io.zitipekko.transport.xgress.CircuitId;
import io.zitipekko.transport.xgress.XgressAddress;
import io.zitipekko.transport.xgress.XgressContentType;
import io.zitipekko.transport.xgress.XgressHeader;
import io.zitipekko.transport.xgress.XgressOptions;
import io.zitipekko.transport.xgress.end.CircuitMemory;
import java.util.ArrayDeque;
import java.util.OptionalInt;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;

/**
 * A circuit that ends in the SDK itself (SDK flow control): this router only passes its messages on, with the SDK's connection id
 * added (protocol/04 section 7).
 *
 * <pre>
 *  link ~&gt; waiting, as much as one window ~&gt; a share of the SDK's lane ~&gt; SDK
 * </pre>
 *
 * <p>What the SDK's channel has no room for waits here, since making the network wait for one slow SDK would hold up a link, and dropping
 * it would cost the far end a time-out for each burst. More than one window of {@value #MAX_WAITING} bytes no sender that keeps to the
 * protocol has under way; what exceeds it, or this circuit's part of the router's {@link CircuitMemory}, is dropped, and sent again by the far
 * end. Acknowledgements and controls never wait: the next one replaces them.
 */
public final class SdkRelay implements LocalEnd, SdkEnd {
    /** The largest window, which peers begin with (protocol/04 section 3.1), and what its messages cost beside their bodies. */
    static final int MAX_WAITING = 5 << 20;

    private static final int MESSAGE_COST = 256;

    private final int connId;
    private final CircuitId circuit;
    private final XgressAddress address;
    private final boolean initiator;
    private final Channel channel;
    private final Forwarder forwarder;
    private final Transit transit;
    private final Consumer<SdkEnd> onGone;
    private final AtomicBoolean over = new AtomicBoolean();
    private final LaneShare share;

    // Guarded by this.
    private final CircuitMemory.Part memory;
    private final ArrayDeque<Message> waiting = new ArrayDeque<>();
    private int waitingBytes;
    private boolean flushing;
    private boolean roomAgain;

    /**
     * @param initiator which end the SDK is
     * @param transit of the SDK's channel
     * @param onGone called once with this, when the id is free again
     */
    public SdkRelay(
            int connId,
            CircuitId circuit,
            XgressAddress address,
            boolean initiator,
            Channel channel,
            CircuitEnds ends,
            Transit transit,
            Consumer<SdkEnd> onGone) {
        this.connId = connId;
        this.circuit = circuit;
        this.address = address;
        this.initiator = initiator;
        this.channel = channel;
        this.forwarder = ends.forwarder();
        this.memory = ends.memory().part();
        this.transit = transit;
        this.onGone = onGone;
        this.share = new LaneShare(channel, Lane.DEFAULT, this::flush);
    }

    public CircuitId circuit() {
        return circuit;
    }

    // ---- from the network

    @Override
    public boolean offer(Message message) {
        if (over.get()) {
            return true;
        }
        Message out = forSdk(message);
        if (message.contentType() != XgressContentType.PAYLOAD) {
            if (!channel.offer(Lane.HIGH, out)) {
                forwarder.counters().countDropped();
            }
            return true;
        }
        synchronized (this) {
            if (over.get()) {
                return true;
            }
            int size = out.body().size() + MESSAGE_COST;
            if (waitingBytes + size > MAX_WAITING || !memory.take(size, waiting.isEmpty())) {
                forwarder.counters().countDropped();
                return true;
            }
            waiting.add(waiting.isEmpty() ? out : out.compact());
            waitingBytes += size;
        }
        flush();
        return true;
    }

    /** Passes on what there is room for. Calls may overlap: one of them does the work, in order. */
    private void flush() {
        synchronized (this) {
            roomAgain = true;
            if (flushing) {
                return;
            }
            flushing = true;
        }
        while (true) {
            Message next;
            synchronized (this) {
                roomAgain = false;
                next = waiting.peek();
                if (next == null) {
                    flushing = false;
                    return;
                }
            }
            boolean taken = share.offer(next);
            synchronized (this) {
                if (taken) {
                    // Another one, or none, when the circuit has ended meanwhile.
                    if (waiting.peek() == next) {
                        waiting.remove();
                        waitingBytes -= next.body().size() + MESSAGE_COST;
                        memory.give(next.body().size() + MESSAGE_COST);
                    }
                } else if (!roomAgain) {
                    flushing = false;
                    return;
                }
            }
        }
    }

    private Message forSdk(Message message) {
        Headers headers = message.headers().withInt32(EdgeHeader.CONN_ID, connId);
        OptionalInt request = isTrace(message, CircuitControl.Type.TRACE_ROUTE_RESPONSE)
                ? headers.int32(XgressHeader.TRACE_USER_VALUE)
                : OptionalInt.empty();
        return message.withHeaders(
                request.isPresent() ? headers.withInt32(ChannelHeaders.REPLY_FOR, request.getAsInt()) : headers);
    }

    @Override
    public void whenWritable(Runnable once) {
        once.run();
    }

    /** What waits may still be taken, for as long as a circuit's end of this router would keep it. */
    @Override
    public void unrouted() {
        if (leave()) {
            close("xgress unrouted");
            forwarder.later(XgressOptions.DEFAULTS.maxCloseWait(), this::keepOnlyTheEnd);
        }
    }

    // ---- from the SDK

    /** A payload, acknowledgement, control or close of this circuit. */
    public void fromSdk(Message message) {
        if (over.get()) {
            return;
        }
        if (message.contentType() == EdgeContentType.XG_CLOSE) {
            abandon();
        } else if (isTrace(message, CircuitControl.Type.TRACE_ROUTE)) {
            transit.forward(
                    address,
                    message.withHeaders(message.headers().toBuilder()
                            .int32(XgressHeader.TRACE_USER_VALUE, message.sequence())
                            .build()));
        } else {
            transit.forward(address, message);
        }
    }

    private static boolean isTrace(Message message, CircuitControl.Type type) {
        return message.contentType() == EdgeContentType.XG_CONTROL
                && !message.body().isEmpty()
                && message.body().head() == type.code();
    }

    @Override
    public void onMessage(Message message) {
        if (message.contentType() == EdgeContentType.STATE_CLOSED) {
            abandon();
        }
    }

    // ---- its end

    @Override
    public void onChannelClosed() {
        abandon();
    }

    /** Also what had come before is kept from an SDK that has no right to it any more. */
    @Override
    public void revoke(String text) {
        if (leave()) {
            forget();
            // SDKs know this text for circuits of this kind, whatever took them away.
            close("xgress unrouted");
        }
    }

    /** Behind what waits. */
    private void close(String text) {
        synchronized (this) {
            waiting.add(SdkMessages.closed(connId, text));
        }
        flush();
    }

    /** The SDK has left: nobody takes what waits for it. */
    private void abandon() {
        if (leave()) {
            forget();
        }
    }

    private synchronized void keepOnlyTheEnd() {
        Message closed = waiting.peekLast();
        forget();
        if (closed != null) {
            waiting.add(closed);
        }
    }

    private synchronized void forget() {
        waiting.clear();
        waitingBytes = 0;
        memory.end();
    }

    private boolean leave() {
        if (!over.compareAndSet(false, true)) {
            return false;
        }
        forwarder.detach(circuit, address, this, initiator);
        onGone.accept(this);
        return true;
    }
}
