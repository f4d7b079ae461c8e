package io.zitipekko.bench.circuit;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.apache.pekko.japi.Pair;
import org.apache.pekko.stream.Attributes;
import org.apache.pekko.stream.FlowShape;
import org.apache.pekko.stream.Inlet;
import org.apache.pekko.stream.Outlet;
import org.apache.pekko.stream.stage.AbstractGraphStageWithMaterializedValue;
import org.apache.pekko.stream.stage.AbstractInHandler;
import org.apache.pekko.stream.stage.AbstractOutHandler;
import org.apache.pekko.stream.stage.GraphStageLogic;
import org.apache.pekko.util.ByteString;

/**
 * Sends a message to an echo, waits for it, and sends the next.
 *
 * <pre>
 *         +-----------------+
 *   in  ~&gt; |  n round trips  | ~&gt; out
 *         +-----------------+
 * </pre>
 *
 * <p><b>Emits when</b> there is demand and nothing is under way
 *
 * <p><b>Back-pressures</b> never
 *
 * <p><b>Completes when</b> all have come back. Its value: the nanoseconds that each took
 *
 * <p><b>Fails when</b> something else comes back, or {@code in} ends before
 */
public final class PingPong
        extends AbstractGraphStageWithMaterializedValue<FlowShape<ByteString, ByteString>, CompletionStage<long[]>> {
    private final Inlet<ByteString> in = Inlet.create("pingpong.in");
    private final Outlet<ByteString> out = Outlet.create("pingpong.out");
    private final FlowShape<ByteString, ByteString> shape = FlowShape.of(in, out);
    private final ByteString message;
    private final int count;

    public PingPong(int bytes, int count) {
        this.message = Pattern.at(0, Pattern.BLOCK).take(bytes);
        this.count = count;
    }

    @Override
    public FlowShape<ByteString, ByteString> shape() {
        return shape;
    }

    @Override
    public Pair<GraphStageLogic, CompletionStage<long[]>> createLogicAndMaterializedValuePair(Attributes attributes) {
        CompletableFuture<long[]> result = new CompletableFuture<>();
        GraphStageLogic logic = new GraphStageLogic(shape) {
            private final long[] nanos = new long[count];
            private int done;
            private long sentAt;
            private boolean underWay;
            private ByteString back = ByteString.emptyByteString();

            {
                setHandler(in, new AbstractInHandler() {
                    @Override
                    public void onPush() {
                        back = back.concat(grab(in));
                        pull(in);
                        if (back.size() < message.size()) {
                            return;
                        }
                        nanos[done++] = System.nanoTime() - sentAt;
                        if (!back.equals(message)) {
                            throw new IllegalStateException("the echo of round trip " + done + " is not what was sent");
                        }
                        back = ByteString.emptyByteString();
                        underWay = false;
                        if (done == count) {
                            result.complete(nanos);
                            completeStage();
                        } else if (isAvailable(out)) {
                            send();
                        }
                    }

                    @Override
                    public void onUpstreamFinish() {
                        failStage(new IllegalStateException("the connection ended after " + done + " round trips"));
                    }
                });
                setHandler(out, new AbstractOutHandler() {
                    @Override
                    public void onPull() {
                        if (!underWay && done < count) {
                            send();
                        }
                    }
                });
            }

            @Override
            public void preStart() {
                pull(in);
            }

            private void send() {
                underWay = true;
                sentAt = System.nanoTime();
                push(out, message);
            }

            @Override
            public void postStop() {
                result.completeExceptionally(new IllegalStateException("cut after " + done + " round trips"));
            }
        };
        return Pair.create(logic, result);
    }
}
