package io.zitipekko.transport.xgress.end;

import static org.assertj.core.api.Assertions.assertThat;

import io.zitipekko.transport.channel.Message;
import io.zitipekko.transport.xgress.CircuitId;
import io.zitipekko.transport.xgress.XgressOptions;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.apache.pekko.util.ByteString;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Both ends with real threads and real time: several deliver at once, as the underlays of a link do, and some payloads are lost. */
class ConcurrentCircuitTest {
    private static final int MESSAGES = 20_000;

    private final ExecutorService threads = Executors.newCachedThreadPool();
    private final ScheduledExecutorService clock = Executors.newSingleThreadScheduledExecutor();
    private final CircuitTimer timer = CircuitTimer.on(clock);

    @AfterEach
    void stop() {
        threads.shutdownNow();
        clock.shutdownNow();
    }

    @Test
    void nothingIsLostOrStallsWhateverThreadsDo() throws Exception {
        Party client = new Party(CircuitEnd.Side.INITIATOR);
        Party server = new Party(CircuitEnd.Side.TERMINATOR);
        client.peer = server;
        server.peer = client;

        for (Party party : new Party[] {server, client}) {
            party.end.start();
            for (int i = 0; i < 3; i++) {
                threads.execute(party::deliver);
            }
            threads.execute(party::write);
        }

        assertThat(client.done.get(60, TimeUnit.SECONDS)).isEqualTo(MESSAGES);
        assertThat(server.done.get(60, TimeUnit.SECONDS)).isEqualTo(MESSAGES);
    }

    private final class Party implements CircuitEnd.Fabric, CircuitEnd.Local {
        final CircuitEnd end;
        final ArrayBlockingQueue<Message> wire = new ArrayBlockingQueue<>(128);
        final AtomicBoolean refused = new AtomicBoolean();
        final Object writable = new Object();
        final CompletableFuture<Integer> done = new CompletableFuture<>();
        int received;

        @Nullable
        Party peer;

        Party(CircuitEnd.Side side) {
            this.end = new CircuitEnd(
                    new CircuitEnd.Spec(new CircuitId("c"), side, XgressOptions.DEFAULTS, "test"), this, this, timer);
        }

        /** One underlay of the link: takes from this end's wire, gives to the other's. */
        void deliver() {
            try {
                while (true) {
                    Message message = wire.take();
                    if (refused.compareAndSet(true, false)) {
                        end.fabricWritable();
                    }
                    if (ThreadLocalRandom.current().nextInt(500) > 0) {
                        peer.end.receive(message);
                    }
                }
            } catch (InterruptedException over) {
                Thread.currentThread().interrupt();
            }
        }

        void write() {
            try {
                for (int i = 0; i < MESSAGES; i++) {
                    ByteString body =
                            ByteString.fromInts(i >>> 16, i >>> 8, i).concat(ByteString.fromArray(new byte[500]));
                    synchronized (writable) {
                        if (end.send(body) == CircuitEnd.SendResult.FULL) {
                            writable.wait(5_000);
                        }
                    }
                }
                end.finish();
            } catch (InterruptedException over) {
                Thread.currentThread().interrupt();
            }
        }

        @Override
        public boolean offer(Message message) {
            boolean taken = wire.offer(message);
            if (!taken) {
                refused.set(true);
            }
            return taken;
        }

        @Override
        public void onClosed(CircuitClosed how) {
            peer.end.unrouted("the other end has closed");
        }

        @Override
        public void onReadable() {
            end.drain(delivery -> {
                if (delivery instanceof Delivery.Closed) {
                    // Not in onClosed: another thread may be in the middle of what had arrived before.
                    done.complete(received);
                } else if (delivery instanceof Delivery.Data data) {
                    ByteString body = data.payload().body();
                    int number =
                            ((body.apply(0) & 0xff) << 16) | ((body.apply(1) & 0xff) << 8) | (body.apply(2) & 0xff);
                    if (number != received++) {
                        done.completeExceptionally(new AssertionError(number + " instead of " + (received - 1)));
                    }
                }
                return true;
            });
        }

        @Override
        public void onWritable() {
            synchronized (writable) {
                writable.notifyAll();
            }
        }

        @Override
        public void onPeerStopped() {}
    }
}
