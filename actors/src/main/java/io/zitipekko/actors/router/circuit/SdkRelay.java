package io.zitipekko.actors.router.circuit;

import io.zitipekko.actors.router.forwarder.Forwarder;
import io.zitipekko.actors.router.forwarder.LocalEnd;
import io.zitipekko.actors.router.forwarder.Transit;
import io.zitipekko.transport.channel.Channel;
import io.zitipekko.transport.channel.ChannelHeaders;
import io.zitipekko.transport.channel.Headers;
import io.zitipekko.transport.channel.Lane;
import io.zitipekko.transport.channel.Message;
import io.zitipekko.transport.edge.EdgeContentType;
import io.zitipekko.transport.edge.EdgeHeader;
import io.zitipekko.transport.xgress.CircuitControl;
import io.zitipekko.transport.xgress.CircuitId;
import io.zitipekko.transport.xgress.XgressAddress;
import io.zitipekko.transport.xgress.XgressHeader;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;

/**
 * A circuit that ends in the SDK itself (SDK flow control): this router only passes its messages on, with the SDK's connection id
 * added (protocol/04 section 7). What the SDK's channel has no room for is dropped, and sent again by the far end: waiting for one
 * slow SDK would hold up a link.
 */
public final class SdkRelay implements LocalEnd, SdkEnd {
    private final int connId;
    private final CircuitId circuit;
    private final XgressAddress address;
    private final boolean initiator;
    private final Channel channel;
    private final Forwarder forwarder;
    private final Transit transit;
    private final Consumer<SdkEnd> onGone;
    private final AtomicBoolean over = new AtomicBoolean();

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
            Forwarder forwarder,
            Transit transit,
            Consumer<SdkEnd> onGone) {
        this.connId = connId;
        this.circuit = circuit;
        this.address = address;
        this.initiator = initiator;
        this.channel = channel;
        this.forwarder = forwarder;
        this.transit = transit;
        this.onGone = onGone;
    }

    public CircuitId circuit() {
        return circuit;
    }

    // ---- from the network

    @Override
    public boolean offer(Message message) {
        if (!over.get()) {
            channel.offer(Lane.DEFAULT, forSdk(message));
        }
        return true;
    }

    private Message forSdk(Message message) {
        Headers.Builder headers = message.headers().toBuilder().int32(EdgeHeader.CONN_ID, connId);
        if (isTrace(message, CircuitControl.Type.TRACE_ROUTE_RESPONSE)) {
            message.headers()
                    .int32(XgressHeader.TRACE_USER_VALUE)
                    .ifPresent(sequence -> headers.int32(ChannelHeaders.REPLY_FOR, sequence));
        }
        return message.withHeaders(headers.build());
    }

    @Override
    public void whenWritable(Runnable once) {
        once.run();
    }

    @Override
    public void unrouted() {
        end("xgress unrouted");
    }

    // ---- from the SDK

    /** A payload, acknowledgement, control or close of this circuit. */
    public void fromSdk(Message message) {
        if (over.get()) {
            return;
        }
        if (message.contentType() == EdgeContentType.XG_CLOSE) {
            leave();
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
            leave();
        }
    }

    // ---- its end

    @Override
    public void onChannelClosed() {
        leave();
    }

    @Override
    public void revoke(String text) {
        // SDKs know this text for circuits of this kind, whatever took them away.
        end("xgress unrouted");
    }

    private void end(String text) {
        if (leave()) {
            SdkMessages.sendBehindData(channel, SdkMessages.closed(connId, text));
        }
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
