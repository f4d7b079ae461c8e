package io.zitipekko.bench.circuit;

import java.nio.ByteBuffer;
import java.util.zip.CRC32C;
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
 * Takes a number of bytes and answers with a receipt: how many came, and their CRC-32C.
 *
 * <pre>
 *        +------------+
 *   in ~&gt; |  N bytes   | ~&gt; out: one receipt
 *        +------------+
 * </pre>
 *
 * <p><b>Emits when</b> all have come, or {@code in} has ended before: one element
 *
 * <p><b>Back-pressures</b> never
 *
 * <p><b>Completes when</b> {@code in} has and the receipt is out. Cancelling {@code out} cancels {@code in}
 */
final class Receive extends GraphStage<FlowShape<ByteString, ByteString>> {
    private final Inlet<ByteString> in = Inlet.create("receive.in");
    private final Outlet<ByteString> out = Outlet.create("receive.out");
    private final FlowShape<ByteString, ByteString> shape = FlowShape.of(in, out);
    private final long total;

    Receive(long total) {
        this.total = total;
    }

    /** What a receipt must be when everything came as it was sent. */
    static ByteString receipt(long bytes, long checksum) {
        return ByteString.fromArrayUnsafe(
                ByteBuffer.allocate(16).putLong(bytes).putLong(checksum).array());
    }

    @Override
    public FlowShape<ByteString, ByteString> shape() {
        return shape;
    }

    @Override
    public GraphStageLogic createLogic(Attributes inheritedAttributes) {
        return new GraphStageLogic(shape) {
            private final CRC32C crc = new CRC32C();
            private long received;
            private boolean answered;

            {
                setHandler(in, new AbstractInHandler() {
                    @Override
                    public void onPush() {
                        ByteString bytes = grab(in);
                        Pattern.update(crc, bytes);
                        received += bytes.size();
                        if (received >= total) {
                            answer();
                        }
                        pull(in);
                    }

                    @Override
                    public void onUpstreamFinish() {
                        answer();
                        complete(out);
                    }
                });
                setHandler(out, new AbstractOutHandler() {
                    @Override
                    public void onPull() {}
                });
            }

            @Override
            public void preStart() {
                pull(in);
            }

            private void answer() {
                if (!answered) {
                    answered = true;
                    emit(out, receipt(received, crc.getValue()));
                }
            }
        };
    }
}
