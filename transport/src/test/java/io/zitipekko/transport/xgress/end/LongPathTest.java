package io.zitipekko.transport.xgress.end;

import static org.assertj.core.api.Assertions.assertThat;

import io.zitipekko.transport.channel.Message;
import io.zitipekko.transport.xgress.CircuitId;
import io.zitipekko.transport.xgress.XgressOptions;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.apache.pekko.util.ByteString;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * One circuit's bulk over a path with a bandwidth, a delay and random loss, in simulated time: how much of the path it uses. The
 * path's queue drops in silence what does not fit, as routers' queues do.
 */
class LongPathTest {
    private static final CircuitId CIRCUIT = new CircuitId("c");
    private static final ByteString BODY = ByteString.fromArrayUnsafe(new byte[32 << 10]);
    private static final long SECONDS = 10;

    private final SimulatedTime time = new SimulatedTime();

    @ParameterizedTest(name = "{0} ms, {1} MB/s, loss {2}: at least {3} of what path and window allow")
    @CsvSource({
        "1, 100, 0, 0.95",
        "20, 10, 0, 0.95",
        "20, 100, 0, 0.95",
        "20, 200, 0, 0.95",
        "100, 30, 0, 0.9",
        "100, 100, 0, 0.9",
        "20, 100, 0.001, 0.85",
        "100, 30, 0.001, 0.7",
        "20, 100, 0.01, 0.7",
        "100, 30, 0.01, 0.4",
    })
    void usesWhatThePathAndTheWindowAllow(long rttMillis, long megabytesPerSecond, double loss, double share) {
        End sender = sendOver(new Path(rttMillis * 500_000, megabytesPerSecond * 1_000_000, loss, 2 << 20));

        int inFlight = loss == 0 ? XgressOptions.DEFAULTS.windowMax() : XgressOptions.DEFAULTS.peerBuffer();
        assertReaches(share, sender, Math.min(megabytesPerSecond * 1e6, inFlight / (rttMillis / 1e3)), 1.06);
    }

    @ParameterizedTest(
            name = "{0} ms, {1} MB/s, {2} lost and sent again below: at least {3} of what path and window allow")
    @CsvSource({
        "20, 30, 0.001, 0.95",
        "20, 30, 0.01, 0.9",
        "20, 30, 0.04, 0.8",
        "100, 8, 0.01, 0.9",
        "100, 8, 0.04, 0.85",
    })
    void aLinkThatRepairsItsLossesIsNotTakenForALossyOne(
            long rttMillis, long megabytesPerSecond, double loss, double share) {
        Path path = new Path(rttMillis * 500_000, megabytesPerSecond * 1_000_000, loss, 64 << 20);
        path.repairs = true;
        End sender = sendOver(path);

        assertReaches(share, sender, megabytesPerSecond * 1e6, 1.08);
    }

    @ParameterizedTest(name = "{0} ms, {1} MB/s, one of three connections up to {2} ms behind")
    @CsvSource({"20, 30, 20", "20, 100, 20", "20, 100, 30", "100, 30, 60"})
    void connectionsThatAreBehindOthersAreNotTakenForLosses(
            long rttMillis, long megabytesPerSecond, long behindMillis) {
        Path path = new Path(rttMillis * 500_000, megabytesPerSecond * 1_000_000, 0, 64 << 20);
        path.connections = 3;
        path.behind = behindMillis * 1_000_000;
        End sender = sendOver(path);

        // What waits for the one behind is stored, so that there is no more in flight than the peer has room for.
        double whole = XgressOptions.DEFAULTS.peerBuffer() / ((rttMillis + behindMillis) / 1e3);
        assertReaches(0.9, sender, Math.min(megabytesPerSecond * 1e6, whole), 1.02);
    }

    @ParameterizedTest(name = "{0} ms, {1} MB/s, a reader that takes {2} MB/s")
    @CsvSource({"20, 100, 10", "100, 100, 10", "100, 100, 60"})
    void aSlowReaderIsNotSentMoreThanItCanStore(long rttMillis, long megabytesPerSecond, long readerMegabytes) {
        End sender = sendOver(new Path(rttMillis * 500_000, megabytesPerSecond * 1_000_000, 0, 64 << 20));
        sender.peer.takeOneEach(BODY.size() * 1_000L / readerMegabytes);

        assertReaches(0.95, sender, Math.min(readerMegabytes * 1e6, 4e6 / (rttMillis / 1e3)), 1.05);
    }

    @Test
    void manyCircuitsThatBeginAtOnceDoNotSendWhatOnlyWaits() {
        Path path = new Path(500_000, 40_000_000, 0, 64 << 20);
        path.holdsBack = 16 << 20;
        List<End> senders = sendOver(path, 256);

        time.advance(SECONDS * 1_000_000_000L);

        double taken = senders.stream().mapToLong(sender -> sender.peer.taken).sum();
        double carried = senders.stream().mapToLong(sender -> sender.carried).sum();
        assertThat(carried / taken).as("how often each byte is sent").isLessThan(1.1);
        assertThat(taken / SECONDS).isGreaterThan(0.9 * 40_000_000);
    }

    @Test
    void manyCircuitsTogetherDoNotMakeAQueueThatTakesASecond() {
        Path path = new Path(500_000, 100_000_000, 0, 1 << 30);
        path.holdsBack = 1 << 30;
        List<End> senders = sendOver(path, 128);

        time.advance(SECONDS * 1_000_000_000L);

        assertThat(path.busyUntil - time.nanoTime())
                .as("nanoseconds that what is sent now has to wait")
                .isBetween(1_000_000L, 400_000_000L);
        assertThat(senders).allSatisfy(sender -> assertThat(sender.peer.taken)
                .as("of the 1 GB that the path has carried, each its part")
                .isBetween(5_000_000L, 10_000_000L));
    }

    @Test
    void doesNotFillTheQueueOfAShortPath() {
        Path path = new Path(500_000, 100_000_000, 0, 64 << 20);
        End sender = sendOver(path);

        time.advance(SECONDS * 1_000_000_000L);

        assertThat(sender.busyUntil - time.nanoTime())
                .as("nanoseconds that what is sent now has to wait")
                .isLessThan(20_000_000);
    }

    /** Within {@value #SECONDS} seconds, in bytes a second; each is sent less than {@code copies} times. */
    private void assertReaches(double share, End sender, double possible, double copies) {
        time.advance(SECONDS * 1_000_000_000L);

        double reached = sender.peer.taken / (double) SECONDS;
        assertThat(reached).isGreaterThan(share * possible);
        assertThat(sender.carried / (double) sender.peer.taken)
                .as("how often each byte is sent")
                .isLessThan(copies);
    }

    private List<End> sendOver(Path path, int circuits) {
        List<End> senders = new ArrayList<>();
        for (int i = 0; i < circuits; i++) {
            senders.add(sendOver(path));
        }
        return senders;
    }

    private End sendOver(Path path) {
        End sender = new End(CircuitEnd.Side.INITIATOR, path);
        End receiver = new End(CircuitEnd.Side.TERMINATOR, path);
        sender.peer = receiver;
        receiver.peer = sender;
        receiver.end.start();
        sender.end.start();
        sender.pump();
        return sender;
    }

    private final class Path {
        final long delay;
        final double bytesPerNano;
        final double loss;
        final long queueBytes;
        final Random random = new Random(1);
        /** As TCP does: what is lost comes later, and in order. */
        boolean repairs;
        /** All senders share it, and it takes nothing while so much waits, as the lanes of channels do; 0 for a path of each sender's own. */
        long holdsBack;

        /** Payloads go on one or the other as it happens, and keep their order on each only. */
        int connections = 1;
        /** By how much one or another is late, changing each tenth of a second. */
        long behind;

        long busyUntil;

        Path(long delay, long bytesPerSecond, double loss, long queueBytes) {
            this.delay = delay;
            this.bytesPerNano = bytesPerSecond / 1e9;
            this.loss = loss;
            this.queueBytes = queueBytes;
        }

        boolean carry(Message message, End from) {
            boolean shared = holdsBack > 0 && !message.body().isEmpty();
            long size = message.body().size() + 120L;
            long start = Math.max(time.nanoTime(), shared ? busyUntil : from.busyUntil);
            if (shared && (start - time.nanoTime()) * bytesPerNano > holdsBack) {
                return false;
            }
            boolean full = (start - time.nanoTime()) * bytesPerNano > queueBytes;
            boolean lost = random.nextDouble() < loss;
            if (full || (lost && !repairs)) {
                return true;
            }
            from.carried += message.body().size();
            long done = start + (long) (size / bytesPerNano);
            if (shared) {
                busyUntil = done;
            } else {
                from.busyUntil = done;
            }
            // Sent again after a round trip; what left after it waits for it. One in fifty is lost twice, and waits for
            // a timer.
            long repair = !lost ? 0 : random.nextInt(50) > 0 ? 2 * delay : 2 * delay + 200_000_000;
            int connection = random.nextInt(connections);
            from.arrivesFrom[connection] =
                    Math.max(from.arrivesFrom[connection], done + delay + repair + late(connection));
            time.schedule(from.arrivesFrom[connection] - time.nanoTime(), () -> from.peer.arrive(message));
            return true;
        }

        private long late(int connection) {
            long tenth = time.nanoTime() / 100_000_000;
            return tenth % connections == connection ? behind * (1 + tenth % 4) / 4 : 0;
        }
    }

    private final class End implements CircuitEnd.Fabric, CircuitEnd.Local {
        final CircuitEnd end;
        final Path path;
        long busyUntil;
        final long[] arrivesFrom;
        long carried;
        long taken;
        boolean takesByItself;

        @Nullable
        End peer;

        End(CircuitEnd.Side side, Path path) {
            this.path = path;
            this.arrivesFrom = new long[path.connections];
            this.end = new CircuitEnd(
                    new CircuitEnd.Spec(CIRCUIT, side, XgressOptions.DEFAULTS, "test"), this, this, time);
        }

        void pump() {
            while (end.send(BODY) == CircuitEnd.SendResult.OPEN) {
                // until the window is full
            }
        }

        void arrive(Message message) {
            end.receive(message);
        }

        @Override
        public boolean offer(Message message) {
            return path.carry(message, this);
        }

        @Override
        public void onClosed(CircuitClosed how) {
            throw new AssertionError(how);
        }

        /** From now on, a payload each so many nanoseconds. */
        void takeOneEach(long nanos) {
            takesByItself = true;
            if (end.poll() instanceof Delivery.Data next) {
                taken += next.payload().body().size();
            }
            time.schedule(nanos, () -> takeOneEach(nanos));
        }

        @Override
        public void onReadable() {
            if (takesByItself) {
                return;
            }
            for (Delivery next = end.poll(); next != null; next = end.poll()) {
                taken += ((Delivery.Data) next).payload().body().size();
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
