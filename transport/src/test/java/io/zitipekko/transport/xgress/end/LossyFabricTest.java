package io.zitipekko.transport.xgress.end;

import static org.assertj.core.api.Assertions.assertThat;

import io.zitipekko.transport.channel.Headers;
import io.zitipekko.transport.channel.Message;
import io.zitipekko.transport.xgress.Acknowledgement;
import io.zitipekko.transport.xgress.CircuitId;
import io.zitipekko.transport.xgress.XgressContentType;
import io.zitipekko.transport.xgress.XgressHeader;
import io.zitipekko.transport.xgress.XgressOptions;
import java.util.Arrays;
import java.util.Random;
import org.apache.pekko.util.ByteString;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Whatever a fabric does to messages, both directions arrive whole, in order and once, and the circuit comes to its end. */
class LossyFabricTest {
    private static final CircuitId CIRCUIT = new CircuitId("c");

    private final SimulatedTime time = new SimulatedTime();

    @ParameterizedTest(name = "seed {0}: loss {1}, repeats {2}, jitter {3} ms, queue {4}, lying windows {5}")
    @CsvSource({
        "1, 0, 0, 0, 1000000, false",
        "2, 0.01, 0.01, 1, 1000000, false",
        "3, 0.1, 0.1, 20, 1000000, false",
        "4, 0.3, 0.1, 50, 1000000, false",
        "5, 0.5, 0.5, 5, 1000000, false",
        "6, 0, 0, 0, 64, false",
        "7, 0.05, 0, 0, 16, false",
        "8, 0, 0, 5, 1000000, true",
        "9, 0.2, 0.2, 30, 1000000, true",
        "10, 0, 0.9, 100, 1000000, false",
        "11, 0.7, 0, 10, 1000000, false",
        "12, 0.02, 0.02, 300, 128, true",
    })
    void everythingArrivesOnceInOrderAndTheCircuitCloses(
            long seed, double loss, double repeats, int jitterMillis, int queue, boolean lyingWindows) {
        Random random = new Random(seed);
        Wire wire = new Wire(random, loss, repeats, jitterMillis * 1_000_000L, queue, lyingWindows);
        Side client = new Side(CircuitEnd.Side.INITIATOR, wire, random, 400);
        Side server = new Side(CircuitEnd.Side.TERMINATOR, wire, random, 400);
        client.peer = server;
        server.peer = client;

        server.end.start();
        client.end.start();
        client.pump();
        server.pump();
        time.runAll();

        assertThat(server.received).isEqualTo(client.sent);
        assertThat(client.received).isEqualTo(server.sent);
        assertThat(server.finished).isTrue();
        assertThat(client.finished).isTrue();
        assertThat(client.closed).isTrue();
        assertThat(server.closed).isTrue();
    }

    /** A fabric between two ends, with a bounded queue each way and a mind of its own. */
    private final class Wire {
        final Random random;
        final double loss;
        final double repeats;
        final long jitter;
        final int queue;
        final boolean lyingWindows;

        Wire(Random random, double loss, double repeats, long jitter, int queue, boolean lyingWindows) {
            this.random = random;
            this.loss = loss;
            this.repeats = repeats;
            this.jitter = jitter;
            this.queue = queue;
            this.lyingWindows = lyingWindows;
        }

        void carry(Message message, Side from) {
            Message carried = lyingWindows ? withLie(message) : message;
            int copies = random.nextDouble() < repeats ? 2 : 1;
            for (int i = 0; i < copies; i++) {
                // Transit queues drop in silence when they are full.
                if (random.nextDouble() >= loss && from.queued < queue) {
                    from.queued++;
                    long delay = 500_000 + (jitter == 0 ? 0 : (long) (random.nextDouble() * jitter));
                    time.schedule(delay, () -> {
                        from.queued--;
                        from.peer.arrive(carried);
                    });
                }
            }
        }

        private Message withLie(Message message) {
            if (message.contentType() != XgressContentType.ACKNOWLEDGEMENT || random.nextInt(3) > 0) {
                return message;
            }
            Headers.Builder headers = message.headers().toBuilder();
            if (random.nextBoolean()) {
                headers.remove(XgressHeader.RECEIVE_BUFFER);
            } else {
                headers.int32(XgressHeader.RECEIVE_BUFFER, -1);
            }
            Message lie = message.withHeaders(headers.build());
            assertThat(Acknowledgement.from(lie).receiveBuffer()).isEqualTo(Acknowledgement.UNKNOWN_BUFFER);
            return lie;
        }
    }

    /** An end with an application that writes its data, reads at its own pace, and half-closes. */
    private final class Side implements CircuitEnd.Fabric, CircuitEnd.Local {
        final CircuitEnd end;
        final Wire wire;
        final Random random;
        final int messages;
        int sentMessages;
        int sent = 1;
        int received = 1;
        int queued;
        boolean finished;
        boolean closed;
        boolean gone;
        boolean reading;

        @Nullable
        Side peer;

        Side(CircuitEnd.Side side, Wire wire, Random random, int messages) {
            this.wire = wire;
            this.random = random;
            this.messages = messages;
            this.end = new CircuitEnd(
                    new CircuitEnd.Spec(CIRCUIT, side, XgressOptions.DEFAULTS, "test"), this, this, time);
        }

        void pump() {
            while (sentMessages < messages) {
                byte[] body = new byte[1 + random.nextInt(random.nextInt(10) == 0 ? 60_000 : 2_000)];
                random.nextBytes(body);
                sent = 31 * sent + Arrays.hashCode(body);
                sentMessages++;
                if (end.send(ByteString.fromArrayUnsafe(body)) == CircuitEnd.SendResult.FULL) {
                    return;
                }
            }
            end.finish();
        }

        void arrive(Message message) {
            if (!gone) {
                end.receive(message);
            }
        }

        private void read() {
            Delivery next = end.poll();
            reading = next != null;
            if (next instanceof Delivery.Data data) {
                received = 31 * received + Arrays.hashCode(data.payload().body().toArray());
            } else if (next instanceof Delivery.Finished) {
                finished = true;
            } else if (next instanceof Delivery.Closed) {
                closed = true;
            }
            if (next != null) {
                time.schedule(random.nextInt(300_000), this::read);
            }
        }

        @Override
        public boolean offer(Message message) {
            if (gone) {
                throw new AssertionError("offered after the close");
            }
            if (random.nextInt(50) == 0) {
                if (random.nextBoolean()) {
                    time.schedule(1_000_000, end::fabricWritable);
                }
                return false;
            }
            wire.carry(message, this);
            return true;
        }

        @Override
        public void onClosed(CircuitClosed how) {
            gone = true;
            // What the controller does when one end reports: the other end is unrouted.
            time.schedule(5_000_000, () -> peer.end.unrouted("other end closed"));
        }

        @Override
        public void onReadable() {
            if (!reading) {
                reading = true;
                time.schedule(0, this::read);
            }
        }

        @Override
        public void onWritable() {
            pump();
        }

        @Override
        public void onPeerStopped() {}
    }
}
