package io.zitipekko.actors.router.circuit;

import io.zitipekko.transport.xgress.end.CircuitEnd;
import io.zitipekko.transport.xgress.end.Delivery;
import java.util.concurrent.atomic.AtomicBoolean;
import org.apache.pekko.NotUsed;
import org.apache.pekko.stream.Attributes;
import org.apache.pekko.stream.FlowShape;
import org.apache.pekko.stream.Inlet;
import org.apache.pekko.stream.Outlet;
import org.apache.pekko.stream.javadsl.Flow;
import org.apache.pekko.stream.stage.AbstractInHandler;
import org.apache.pekko.stream.stage.AbstractOutHandler;
import org.apache.pekko.stream.stage.AsyncCallback;
import org.apache.pekko.stream.stage.GraphStage;
import org.apache.pekko.stream.stage.GraphStageLogic;
import org.apache.pekko.util.ByteString;
import org.jspecify.annotations.Nullable;

/**
 * A TCP connection as the local side of a circuit's end: joined with the connection's own flow (protocol/04 sections 3.5 and 6).
 *
 * <pre>
 *             +--------------+
 *  read  ---&gt; |   TcpEnd     | ---&gt; send()   --+
 *  (socket)   |              |                 |  CircuitEnd
 *  write &lt;--- |              | &lt;--- poll()   --+
 *             +--------------+
 * </pre>
 *
 * <p>Emits when the circuit has something and the socket takes it; payloads that wait are written together, up to 64 KiB.
 *
 * <p>Back-pressures the socket while the circuit's window is full. A socket that does not take data leaves it in the circuit's receive
 * buffer, and so fills that window and no other.
 *
 * <p>Completes the write side when the peer has finished (half-close: the socket can still be read), and both when the circuit is over.
 * The socket's end of data finishes this direction of the circuit; its failure closes the circuit.
 *
 * <p>Cancels: when the socket can no longer be written, the circuit's local side is closed.
 */
public final class TcpEnd implements LocalSide {
    private static final int MAX_WRITE = 64 << 10;

    private final AtomicBoolean signalled = new AtomicBoolean();
    private volatile @Nullable CircuitEnd end;
    private volatile @Nullable AsyncCallback<NotUsed> wake;
    private volatile boolean peerStopped;

    /** The flow to join with the connection; materialize it once, after the end is attached. */
    public Flow<ByteString, ByteString, NotUsed> flow() {
        return Flow.fromGraph(new Stage());
    }

    @Override
    public void attached(CircuitEnd attachedEnd) {
        end = attachedEnd;
    }

    @Override
    public void onReadable() {
        signal();
    }

    @Override
    public void onWritable() {
        signal();
    }

    @Override
    public void onPeerStopped() {
        peerStopped = true;
        signal();
    }

    /** The connection could not be made, or is not wanted any more. */
    public void abandon(String reason) {
        CircuitEnd attached = end;
        if (attached != null) {
            attached.close(reason);
        }
    }

    /** Many hints become one wake-up of the stage. */
    private void signal() {
        AsyncCallback<NotUsed> callback = wake;
        if (callback != null && signalled.compareAndSet(false, true)) {
            callback.invoke(NotUsed.getInstance());
        }
    }

    private CircuitEnd boundEnd() {
        CircuitEnd attached = end;
        if (attached == null) {
            throw new IllegalStateException("the connection's flow was started before it was bound to a circuit");
        }
        return attached;
    }

    private final class Stage extends GraphStage<FlowShape<ByteString, ByteString>> {
        private final Inlet<ByteString> read = Inlet.create("TcpEnd.read");
        private final Outlet<ByteString> write = Outlet.create("TcpEnd.write");
        private final FlowShape<ByteString, ByteString> shape = FlowShape.of(read, write);

        @Override
        public FlowShape<ByteString, ByteString> shape() {
            return shape;
        }

        @Override
        public GraphStageLogic createLogic(Attributes attributes) {
            return new Logic(this);
        }
    }

    private final class Logic extends GraphStageLogic {
        private final Inlet<ByteString> read;
        private final Outlet<ByteString> write;
        private final CircuitEnd circuit = boundEnd();
        /** A chunk of the socket's was answered with FULL: no pull until the circuit has room. */
        private boolean full;
        /** Polled together with data that had to be pushed first. */
        private @Nullable Delivery next;

        Logic(Stage stage) {
            super(stage.shape());
            this.read = stage.read;
            this.write = stage.write;
            setHandler(read, new AbstractInHandler() {
                @Override
                public void onPush() {
                    full = circuit.send(grab(read)) != CircuitEnd.SendResult.OPEN;
                    considerPull();
                }

                @Override
                public void onUpstreamFinish() {
                    circuit.finish();
                    stopWhenBothDone();
                }

                @Override
                public void onUpstreamFailure(Throwable failure) {
                    circuit.close("connection failed: " + failure.getMessage());
                    completeStage();
                }
            });
            setHandler(write, new AbstractOutHandler() {
                @Override
                public void onPull() {
                    considerPush();
                }

                @Override
                public void onDownstreamFinish(Throwable cause) {
                    circuit.localClosed();
                    completeStage();
                }
            });
        }

        @Override
        public void preStart() {
            setKeepGoing(true);
            wake = createAsyncCallback(nothing -> {
                signalled.set(false);
                onSignal();
            });
            // Hints that came before there was anyone to wake.
            onSignal();
        }

        private void onSignal() {
            full = false;
            considerPull();
            considerPush();
        }

        private void considerPull() {
            if (!full && !peerStopped && !isClosed(read) && !hasBeenPulled(read)) {
                pull(read);
            }
        }

        private void considerPush() {
            if (isClosed(write)) {
                // Half-closed already: only the circuit's end can follow.
                Delivery left = next;
                next = null;
                while (left == null || !(left instanceof Delivery.Closed)) {
                    left = circuit.poll();
                    if (left == null) {
                        return;
                    }
                }
                completeStage();
                return;
            }
            if (!isAvailable(write)) {
                return;
            }
            ByteString out = ByteString.emptyByteString();
            while (next == null && out.size() < MAX_WRITE) {
                next = circuit.poll();
                if (next == null) {
                    break;
                }
                if (next instanceof Delivery.Data data) {
                    out = out.concat(data.payload().body());
                    next = null;
                }
            }
            if (!out.isEmpty()) {
                push(write, out);
            } else if (next instanceof Delivery.Finished) {
                next = null;
                complete(write);
                stopWhenBothDone();
                considerPush();
            } else if (next instanceof Delivery.Closed) {
                completeStage();
            }
        }

        /** The circuit may still have acknowledgements to wait for; nothing of that concerns the socket. */
        private void stopWhenBothDone() {
            if (isClosed(read) && isClosed(write)) {
                completeStage();
            }
        }

        @Override
        public void postStop() {
            wake = null;
            if (!circuit.isClosed()) {
                circuit.localClosed();
            }
        }
    }
}
