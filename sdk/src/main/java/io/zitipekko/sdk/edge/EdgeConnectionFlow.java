package io.zitipekko.sdk.edge;

import io.zitipekko.transport.secret.SecretStreamFlow;
import io.zitipekko.transport.secret.SessionKeys;
import java.util.ArrayList;
import java.util.List;
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
 * A connection of an edge channel as a stage; each element is one message.
 *
 * <pre>
 *           +---------------------+
 *    in ~&gt;  |  data, end of data  |  ~&gt; channel
 *   out &lt;~  |  data, end, closed  |  &lt;~ channel
 *           +---------------------+
 * </pre>
 *
 * <p><b>Emits when</b> a message has arrived
 *
 * <p><b>Back-pressures when</b> the connection does: its window or its share of the channel's queue is full. A reader that back-pressures
 * lets messages wait, up to a bound, and then stops the connection, or in data mode the channel
 *
 * <p><b>Completes when</b> {@code out}: the peer has finished or closed. {@code in}'s completion is the half-close; when both
 * directions have ended the connection is closed. Cancelling {@code out} drops what still comes
 *
 * <p><b>Fails when</b> the connection is cut by a router or with its channel. A failure of {@code in} closes the connection
 */
public final class EdgeConnectionFlow extends GraphStage<FlowShape<ByteString, ByteString>> {
    /** Longest plain text of one message; other SDKs' readers have trouble with more. */
    static final int CHUNK = 32 << 10;

    private final Inlet<ByteString> in = Inlet.create("connection.in");
    private final Outlet<ByteString> out = Outlet.create("connection.out");
    private final FlowShape<ByteString, ByteString> shape = FlowShape.of(in, out);
    private final EdgeConnection connection;

    private EdgeConnectionFlow(EdgeConnection connection) {
        this.connection = connection;
    }

    /** Plain traffic. To be materialized once. */
    public static Flow<ByteString, ByteString, NotUsed> of(EdgeConnection connection) {
        return chunks().via(new EdgeConnectionFlow(connection));
    }

    /** Traffic encrypted from end to end. To be materialized once. */
    public static Flow<ByteString, ByteString, NotUsed> of(EdgeConnection connection, SessionKeys keys) {
        return chunks().via(SecretStreamFlow.of(keys).join(Flow.fromGraph(new EdgeConnectionFlow(connection))));
    }

    private static Flow<ByteString, ByteString, NotUsed> chunks() {
        return Flow.of(ByteString.class).mapConcat(EdgeConnectionFlow::chunked);
    }

    private static List<ByteString> chunked(ByteString bytes) {
        if (bytes.size() <= CHUNK) {
            return List.of(bytes);
        }
        List<ByteString> chunks = new ArrayList<>();
        for (ByteString rest = bytes; !rest.isEmpty(); rest = rest.drop(CHUNK)) {
            chunks.add(rest.take(CHUNK));
        }
        return chunks;
    }

    @Override
    public FlowShape<ByteString, ByteString> shape() {
        return shape;
    }

    @Override
    public GraphStageLogic createLogic(Attributes inheritedAttributes) {
        return new Logic();
    }

    private final class Logic extends GraphStageLogic implements EdgeConnection.Listener {
        private @Nullable AsyncCallback<NotUsed> readable;
        private @Nullable AsyncCallback<NotUsed> writable;
        // The last write waits for room in the channel.
        private boolean blocked;
        private boolean closed;

        Logic() {
            super(shape);
            setHandler(in, new AbstractInHandler() {
                @Override
                public void onPush() {
                    ByteString data = grab(in);
                    if (data.isEmpty() || connection.write(data)) {
                        pull(in);
                    } else {
                        blocked = true;
                    }
                }

                @Override
                public void onUpstreamFinish() {
                    if (!blocked) {
                        finishSending();
                    }
                }

                @Override
                public void onUpstreamFailure(Throwable failure) {
                    connection.close("the application failed");
                    closed = true;
                    failStage(failure);
                }
            });
            setHandler(out, new AbstractOutHandler() {
                @Override
                public void onPull() {
                    considerPush();
                }

                @Override
                public void onDownstreamFinish(Throwable cause) {
                    connection.discard();
                    considerPush();
                    considerClose();
                }
            });
        }

        @Override
        public void preStart() {
            readable = createAsyncCallback(nothing -> considerPush());
            writable = createAsyncCallback(nothing -> {
                if (!blocked) {
                    return;
                }
                blocked = false;
                if (isClosed(in)) {
                    finishSending();
                } else if (!hasBeenPulled(in)) {
                    pull(in);
                }
            });
            connection.attach(this);
            pull(in);
            // Data, or the end, may be there already.
            considerPush();
        }

        private void finishSending() {
            connection.finish();
            considerClose();
        }

        private void considerPush() {
            // A closed outlet has nobody to wait for: then this looks for the end alone.
            while (!closed && (isClosed(out) || isAvailable(out))) {
                EdgeConnection.Arrival next = connection.poll();
                if (next == null) {
                    return;
                }
                if (next instanceof EdgeConnection.Arrival.Data data) {
                    if (!isClosed(out)) {
                        push(out, data.body());
                    }
                } else if (next instanceof EdgeConnection.Arrival.Finished) {
                    if (!isClosed(out)) {
                        complete(out);
                    }
                    considerClose();
                } else if (next instanceof EdgeConnection.Arrival.Closed end) {
                    closed = true;
                    if (end.failure() == null) {
                        completeStage();
                    } else {
                        failStage(end.failure());
                    }
                }
            }
        }

        private void considerClose() {
            if (!closed && isClosed(in) && isClosed(out) && !blocked) {
                closed = true;
                connection.close("close called");
                completeStage();
            }
        }

        @Override
        public void onReadable() {
            if (readable != null) {
                readable.invoke(NotUsed.getInstance());
            }
        }

        @Override
        public void onWritable() {
            if (writable != null) {
                writable.invoke(NotUsed.getInstance());
            }
        }

        @Override
        public void postStop() {
            connection.close("close called");
        }
    }
}
