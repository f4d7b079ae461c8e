package io.zitipekko.actors.router.circuit;

import io.zitipekko.transport.channel.Channel;
import io.zitipekko.transport.channel.Headers;
import io.zitipekko.transport.channel.Lane;
import io.zitipekko.transport.channel.LaneShare;
import io.zitipekko.transport.channel.Message;
import io.zitipekko.transport.edge.EdgeContentType;
import io.zitipekko.transport.edge.EdgeFlags;
import io.zitipekko.transport.edge.EdgeHeader;
import io.zitipekko.transport.xgress.CircuitControl;
import io.zitipekko.transport.xgress.XgressHeader;
import io.zitipekko.transport.xgress.end.CircuitEnd;
import io.zitipekko.transport.xgress.end.Delivery;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.apache.pekko.util.ByteString;

/**
 * One connection of an SDK in legacy data mode, bound to a circuit's end (protocol/02 section 11).
 *
 * <p><b>To the SDK</b> no more than a {@link LaneShare} of one connection waits in the channel's queue; the rest stays in the
 * circuit's receive buffer. So an SDK that does not read one connection fills that circuit's window, and the others go on.
 *
 * <p><b>From the SDK</b> the wire has no credit: when the circuit's window is full, the whole channel is not read until there is room
 * again.
 */
public final class SdkConnection implements LocalSide, SdkEnd {
    private static final int MAX_TRACES = 16;

    private final int connId;
    private final Channel channel;
    private final Consumer<SdkEnd> onGone;
    private final LaneShare share;
    private final AtomicBoolean paused = new AtomicBoolean();
    private final AtomicInteger writableCount = new AtomicInteger();
    /** Nothing more goes to the SDK on this id. */
    private final AtomicBoolean over = new AtomicBoolean();

    private final Map<Integer, Message> traces = new ConcurrentHashMap<>();
    private volatile CircuitEnd end;

    /** @param onGone called once with this, when the id is free again */
    @SuppressWarnings("NullAway.Init")
    public SdkConnection(int connId, Channel channel, Consumer<SdkEnd> onGone) {
        this.connId = connId;
        this.channel = channel;
        this.onGone = onGone;
        this.share = new LaneShare(channel, Lane.DEFAULT, this::onReadable);
    }

    @Override
    public void attached(CircuitEnd attachedEnd) {
        this.end = attachedEnd;
    }

    // ---- from the SDK

    @Override
    public void onMessage(Message message) {
        switch (message.contentType()) {
            case EdgeContentType.DATA -> data(message);
            case EdgeContentType.STATE_CLOSED -> {
                finishOver();
                end.localClosed();
            }
            case EdgeContentType.TRACE_ROUTE -> trace(message);
            default -> {
                // Nothing else belongs on an open connection; peers drop it as well.
            }
        }
    }

    private void data(Message message) {
        if (!message.body().isEmpty()) {
            int before = writableCount.get();
            if (end.send(message.body(), SdkMessages.payloadHeaders(message)) == CircuitEnd.SendResult.FULL) {
                pause();
                if (writableCount.get() != before) {
                    resume();
                }
            }
        }
        if ((SdkMessages.flags(message) & EdgeFlags.FIN) != 0) {
            end.halfClose();
        }
    }

    private void pause() {
        // First the pause, then the mark: whoever takes the mark away resumes, and must not come before the pause.
        channel.pauseReading();
        if (!paused.compareAndSet(false, true)) {
            channel.resumeReading();
        }
    }

    private void resume() {
        if (paused.compareAndSet(true, false)) {
            channel.resumeReading();
        }
    }

    /** Answers at the first hop, or sends it along the circuit and remembers whom to answer. */
    private void trace(Message request) {
        int hops =
                Math.max(0, request.headers().int32(EdgeHeader.TRACE_HOP_COUNT).orElse(0) - 1);
        if (hops == 0) {
            Headers.Builder headers = Headers.builder()
                    .int32(EdgeHeader.CONN_ID, connId)
                    .int32(EdgeHeader.TRACE_HOP_COUNT, 0)
                    .string(EdgeHeader.TRACE_HOP_TYPE, "xgress/edge")
                    .string(EdgeHeader.TRACE_HOP_ID, "");
            request.headers().uint64(EdgeHeader.TIMESTAMP).ifPresent(at -> headers.uint64(EdgeHeader.TIMESTAMP, at));
            answerTrace(request, headers);
            return;
        }
        if (traces.size() >= MAX_TRACES) {
            return;
        }
        traces.put(request.sequence(), request);
        Headers.Builder headers = Headers.builder()
                .int32(XgressHeader.TRACE_HOP_COUNT, hops)
                .int32(XgressHeader.TRACE_USER_VALUE, request.sequence());
        request.headers()
                .uint64(EdgeHeader.TIMESTAMP)
                .ifPresent(at -> headers.uint64(XgressHeader.TRACE_TIMESTAMP, at));
        end.sendControl(new CircuitControl(CircuitControl.Type.TRACE_ROUTE, end.circuitId(), headers.build()));
    }

    @Override
    public void onControl(CircuitControl control) {
        Headers answered = control.headers();
        Message request =
                traces.remove(answered.int32(XgressHeader.TRACE_USER_VALUE).orElse(0));
        if (request == null) {
            return;
        }
        Headers.Builder headers = Headers.builder()
                .int32(EdgeHeader.CONN_ID, connId)
                .int32(EdgeHeader.TRACE_HOP_COUNT, (int) control.hopCount())
                .string(
                        EdgeHeader.TRACE_HOP_TYPE,
                        answered.string(XgressHeader.TRACE_HOP_TYPE).orElse(""))
                .string(
                        EdgeHeader.TRACE_HOP_ID,
                        answered.string(XgressHeader.TRACE_HOP_ID).orElse(""));
        answered.uint64(XgressHeader.TRACE_TIMESTAMP).ifPresent(at -> headers.uint64(EdgeHeader.TIMESTAMP, at));
        answered.string(XgressHeader.TRACE_ERROR).ifPresent(error -> headers.string(EdgeHeader.TRACE_ERROR, error));
        answerTrace(request, headers);
    }

    private void answerTrace(Message request, Headers.Builder headers) {
        channel.reply(
                Lane.HIGH,
                request,
                Message.of(EdgeContentType.TRACE_ROUTE_RESPONSE, headers.build(), ByteString.emptyByteString()));
    }

    // ---- to the SDK

    @Override
    public void onReadable() {
        end.drain(this::deliver);
    }

    private boolean deliver(Delivery delivery) {
        if (over.get()) {
            return true;
        }
        if (delivery instanceof Delivery.Data data) {
            return share.offer(SdkMessages.data(connId, data.payload()));
        }
        if (delivery instanceof Delivery.Finished finished) {
            // A peer that neither sends nor takes any more has closed: the close follows, a half-close would mislead.
            return finished.takesNoMore() || share.offer(SdkMessages.fin(connId));
        }
        if (finishOver()) {
            SdkMessages.sendBehindData(channel, SdkMessages.closed(connId, "close called"));
        }
        return true;
    }

    @Override
    public void onWritable() {
        writableCount.incrementAndGet();
        resume();
    }

    @Override
    public void onPeerStopped() {
        // An SDK cannot be asked to stop sending on one connection: what it still sends is refused by the end and
        // dropped.
        onWritable();
    }

    // ---- its end

    @Override
    public void onChannelClosed() {
        finishOver();
        end.localClosed();
    }

    @Override
    public void revoke(String text) {
        if (finishOver()) {
            SdkMessages.sendBehindData(channel, SdkMessages.closed(connId, text));
        }
        end.close(text);
    }

    private boolean finishOver() {
        if (!over.compareAndSet(false, true)) {
            return false;
        }
        resume();
        traces.clear();
        onGone.accept(this);
        return true;
    }
}
