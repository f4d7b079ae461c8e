package io.zitipekko.bench.circuit;

import org.apache.pekko.stream.Attributes;
import org.apache.pekko.stream.FlowShape;
import org.apache.pekko.stream.Inlet;
import org.apache.pekko.stream.Outlet;
import org.apache.pekko.stream.stage.AbstractInHandler;
import org.apache.pekko.stream.stage.AbstractOutHandler;
import org.apache.pekko.stream.stage.GraphStage;
import org.apache.pekko.stream.stage.GraphStageLogic;
import org.apache.pekko.util.ByteString;

/**
 * Sends a number of bytes as soon as it is told to.
 *
 * <pre>
 *            +-----------------+
 *   go  in ~&gt; |  N bytes after  | ~&gt; out
 *            |  the first "go" |
 *            +-----------------+
 * </pre>
 *
 * <p><b>Emits when</b> there is demand, from the first element of {@code in} on, until all is sent
 *
 * <p><b>Back-pressures</b> never: what follows the first element is dropped
 *
 * <p><b>Completes when</b> {@code in} does. Cancelling {@code out} cancels {@code in}
 */
final class Supply extends GraphStage<FlowShape<ByteString, ByteString>> {
    private final Inlet<ByteString> in = Inlet.create("supply.in");
    private final Outlet<ByteString> out = Outlet.create("supply.out");
    private final FlowShape<ByteString, ByteString> shape = FlowShape.of(in, out);
    private final long total;

    Supply(long total) {
        this.total = total;
    }

    @Override
    public FlowShape<ByteString, ByteString> shape() {
        return shape;
    }

    @Override
    public GraphStageLogic createLogic(Attributes inheritedAttributes) {
        return new GraphStageLogic(shape) {
            private boolean going;
            private long sent;

            {
                setHandler(in, new AbstractInHandler() {
                    @Override
                    public void onPush() {
                        grab(in);
                        going = true;
                        if (isAvailable(out)) {
                            send();
                        }
                        pull(in);
                    }
                });
                setHandler(out, new AbstractOutHandler() {
                    @Override
                    public void onPull() {
                        if (going) {
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
                if (sent < total) {
                    ByteString block = Pattern.at(sent, total);
                    sent += block.size();
                    push(out, block);
                }
            }
        };
    }
}
