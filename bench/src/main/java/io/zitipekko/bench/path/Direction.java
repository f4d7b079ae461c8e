package io.zitipekko.bench.path;

import com.sun.jna.LastErrorException;
import com.sun.jna.Memory;
import com.sun.jna.Pointer;
import java.util.Random;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingDeque;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingDeque;
import java.util.concurrent.locks.LockSupport;

/**
 * One direction of a path. Two threads: one reads packets and drops some, one writes each when its time has come.
 *
 * <pre>
 *   from ~&gt; [ lose ] ~&gt; [ wait, {@value #SLOTS} at most ] ~&gt; to
 * </pre>
 */
final class Direction {
    private static final int SLOTS = 8192;
    /** What the kernel hands over at once, and its note. */
    private static final int SLOT_BYTES = 66 << 10;
    /** Sleeping costs this much more than asked for. */
    private static final long SLEEP_NANOS = 60_000;
    /** Who is awake sends what is due so soon, too: a thread that is woken for each packet takes the processor from what is measured. */
    private static final long EARLY_NANOS = 250_000;

    private record Packet(int slot, int length, long due) {}

    private final TunDevice from;
    private final TunDevice to;
    private final Memory memory = new Memory((long) SLOTS * SLOT_BYTES);
    /** Last in, first out: few of the slots are ever touched, and their memory stays in the processor's caches. */
    private final BlockingDeque<Integer> free = new LinkedBlockingDeque<>(SLOTS);

    private final BlockingQueue<Packet> waiting = new ArrayBlockingQueue<>(SLOTS);
    private final Random random = new Random(1);
    private volatile long delayNanos;
    private volatile double loss;

    Direction(TunDevice from, TunDevice to) {
        this.from = from;
        this.to = to;
        for (int i = 0; i < SLOTS; i++) {
            free.addFirst(i);
        }
    }

    void start() {
        for (Runnable work : new Runnable[] {this::read, this::write}) {
            Thread thread = new Thread(work, "path-" + from.name());
            thread.setDaemon(true);
            thread.start();
        }
    }

    /** @param newLoss share of the packets; where there is none, they are as large as they get */
    void set(long newDelayNanos, double newLoss) {
        delayNanos = newDelayNanos;
        loss = newLoss;
        from.segmentsLater(newLoss == 0);
    }

    private Pointer at(int slot) {
        return memory.share((long) slot * SLOT_BYTES);
    }

    private void read() {
        try {
            Integer slot = free.take();
            while (true) {
                int length = from.read(at(slot), SLOT_BYTES);
                if (random.nextDouble() < loss) {
                    continue;
                }
                // A full path drops, as a router's queue does.
                Integer next = free.poll();
                if (next != null) {
                    waiting.add(new Packet(slot, length, System.nanoTime() + delayNanos));
                    slot = next;
                }
            }
        } catch (InterruptedException | LastErrorException over) {
            // The device is gone: so is the path.
            return;
        }
    }

    private void write() {
        try {
            while (true) {
                Packet packet = waiting.take();
                long left = packet.due() - System.nanoTime();
                if (left > EARLY_NANOS) {
                    for (; left > 0; left = packet.due() - System.nanoTime()) {
                        LockSupport.parkNanos(Math.max(1, left - SLEEP_NANOS));
                    }
                }
                to.write(at(packet.slot()), packet.length());
                free.addFirst(packet.slot());
            }
        } catch (InterruptedException | LastErrorException over) {
            // The device is gone: so is the path.
            return;
        }
    }
}
