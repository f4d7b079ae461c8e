package io.zitipekko.sdk.edge;

import io.zitipekko.sdk.ZitiException;
import io.zitipekko.transport.channel.Channel;
import io.zitipekko.transport.channel.Headers;
import io.zitipekko.transport.channel.Lane;
import io.zitipekko.transport.channel.LaneShare;
import io.zitipekko.transport.channel.Message;
import io.zitipekko.transport.edge.EdgeContentType;
import io.zitipekko.transport.edge.EdgeHeader;
import io.zitipekko.transport.xgress.CircuitId;
import io.zitipekko.transport.xgress.XgressOptions;
import io.zitipekko.transport.xgress.end.CircuitClosed;
import io.zitipekko.transport.xgress.end.CircuitEnd;
import io.zitipekko.transport.xgress.end.Delivery;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.apache.pekko.util.ByteString;
import org.jspecify.annotations.Nullable;

/**
 * One connection in an edge channel that is the end of its circuit itself (protocol/02 section 12): routers only pass its payloads and
 * acknowledgements on.
 *
 * <pre>
 *            CircuitConnection
 *   write ~&gt; | CircuitEnd: window,       | ~&gt; a share of the channel's lane ~&gt; router
 *    poll &lt;~ |   retransmission, order   | &lt;~ the circuit's messages        &lt;~ router
 * </pre>
 *
 * <p>A reader that stops fills the circuit's receive buffer and no more: the peer, which hears of it, sends no more, and the channel is
 * read on for its other connections.
 *
 * <p>After {@link #close} it stays in its channel until the peer has acknowledged what was written, or 30 s without progress.
 */
public final class CircuitConnection extends EdgeConnection {
    private static final String TRACE_TYPE = "sdk/java";

    private final CircuitEnd end;
    private final CompletableFuture<Void> gone = new CompletableFuture<>();
    private volatile @Nullable Listener listener;
    // Of the stream that polls; one at a time.
    private boolean finished;
    private volatile boolean orderly;

    /** @param side which end of the circuit this is: the initiator dialed */
    public CircuitConnection(EdgeChannel edge, ConnId id, String name, CircuitId circuit, CircuitEnd.Side side) {
        super(edge, id, name);
        this.end = new CircuitEnd(
                new CircuitEnd.Spec(circuit, side, XgressOptions.SDK, TRACE_TYPE),
                new ToRouter(),
                new ToStream(),
                edge.timer());
    }

    /** Begins; call it once, when it is registered in its channel and the router is ready for it. */
    public void start() {
        end.start();
    }

    /** Completes when it has left its channel. */
    CompletionStage<Void> gone() {
        return gone;
    }

    // ---- from the channel

    @Override
    public void onMessage(Message message) {
        if (message.contentType() == EdgeContentType.STATE_CLOSED) {
            String reason = Refusals.text(message);
            orderly = isOrderly(reason);
            end.unrouted(reason);
        } else {
            // Malformed ones, and those of other kinds, change nothing.
            end.receive(message);
        }
    }

    @Override
    public void onChannelClosed(String reason) {
        end.unrouted(reason);
    }

    // ---- for the stream

    @Override
    void attach(Listener reader) {
        listener = reader;
    }

    @Override
    @Nullable
    Arrival poll() {
        while (true) {
            Delivery next = end.poll();
            if (next == null) {
                return null;
            }
            if (next instanceof Delivery.Data data) {
                return new Arrival.Data(data.payload().body());
            }
            if (next instanceof Delivery.Closed closed) {
                return new Arrival.Closed(failure(closed.how()));
            }
            finished = true;
            // A peer that takes no more either has closed, and that follows at once.
            if (next instanceof Delivery.Finished half && !half.takesNoMore()) {
                return new Arrival.Finished();
            }
        }
    }

    private @Nullable ZitiException failure(CircuitClosed how) {
        // After the peer's end of data nothing can be missing, whatever the reason for the close.
        boolean whole = finished || orderly;
        return switch (how.cause()) {
            case FINISHED, LOCAL -> null;
            case UNROUTED -> whole ? null : new ZitiException(name() + ": " + how.text());
            case TIMED_OUT, PROTOCOL -> new ZitiException(name() + ": " + how.text());
        };
    }

    @Override
    void discard() {
        // What the stream polls from now on it drops, and so the window stays open.
    }

    @Override
    boolean write(ByteString body) {
        return end.send(body) != CircuitEnd.SendResult.FULL;
    }

    @Override
    void finish() {
        end.finish();
    }

    @Override
    public void close(String reason) {
        end.localClosed();
    }

    private final class ToStream implements CircuitEnd.Local {
        @Override
        public void onReadable() {
            Listener told = listener;
            if (told != null) {
                told.onReadable();
            }
        }

        @Override
        public void onWritable() {
            Listener told = listener;
            if (told != null) {
                told.onWritable();
            }
        }

        @Override
        public void onPeerStopped() {
            // What is still written is dropped; the close that follows ends the stream.
        }
    }

    private final class ToRouter implements CircuitEnd.Fabric {
        private final Channel channel = edge.channel();
        private final LaneShare share = new LaneShare(channel, Lane.DEFAULT, this::onRoom);

        private void onRoom() {
            end.fabricWritable();
        }

        @Override
        public boolean offer(Message message) {
            if (message.contentType() != EdgeContentType.XG_PAYLOAD) {
                return channel.offer(Lane.HIGH, message) || channel.isClosed();
            }
            Headers headers = message.headers().withInt32(EdgeHeader.CONN_ID, id().value());
            return share.offer(message.withHeaders(headers));
        }

        @Override
        public boolean tellsOfRoom() {
            return true;
        }

        @Override
        public void onClosed(CircuitClosed how) {
            edge.unregister(id());
            if (how.cause() != CircuitClosed.Cause.UNROUTED) {
                edge.sendInOrder(Message.of(
                        EdgeContentType.XG_CLOSE, Headers.EMPTY, end.circuitId().value()));
            }
            gone.complete(null);
        }
    }

    @Override
    public String toString() {
        return super.toString() + ", " + end;
    }
}
