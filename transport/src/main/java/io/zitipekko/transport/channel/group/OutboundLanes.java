package io.zitipekko.transport.channel.group;

import io.zitipekko.transport.channel.Headers;
import io.zitipekko.transport.channel.Lane;
import io.zitipekko.transport.channel.frame.FrameBatch;
import io.zitipekko.transport.memory.SharedMemory;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.jctools.queues.MpmcUnboundedXaddArrayQueue;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The outbound queues of a channel, one per lane, bounded by the bytes in them and by what is left of the memory that many channels share. Many
 * senders, and as many takers as there are underlays; none waits for another. A message counts for the lane that it was sent on, whichever queue
 * it stands in.
 */
final class OutboundLanes {
    private static final Logger log = LoggerFactory.getLogger(OutboundLanes.class);
    private static final Lane[] DRAIN_ORDER = {Lane.HIGH, Lane.DEFAULT, Lane.LOW};
    private static final int QUEUE_CHUNK = 64;
    private static final int LANES = Lane.values().length;

    /** However much waits elsewhere. */
    private static final long ALWAYS = 16 << 10;

    /** Counted for each message in the shared memory, beside its bytes. */
    private static final int MESSAGE_COST = 256;

    private final long highWater;
    private final SharedMemory memory;
    private final List<MpmcUnboundedXaddArrayQueue<Outgoing>> queues = new ArrayList<>(LANES);
    private final AtomicLong[] bytes = new AtomicLong[LANES];
    private final List<Queue<Runnable>> waiters = new ArrayList<>(LANES);
    /** How many wait, for the queue itself would have to count them. */
    private final AtomicInteger[] waiting = new AtomicInteger[LANES];

    /** @param memory for what stands in these lanes and in many others */
    OutboundLanes(long highWater, SharedMemory memory) {
        this.highWater = highWater;
        this.memory = memory;
        for (int i = 0; i < LANES; i++) {
            queues.add(new MpmcUnboundedXaddArrayQueue<>(QUEUE_CHUNK));
            bytes[i] = new AtomicLong();
            waiters.add(new ConcurrentLinkedQueue<>());
            waiting[i] = new AtomicInteger();
        }
    }

    /** Takes room for a message, if the lane is below its high-water mark. */
    boolean reserve(Lane lane, long size) {
        AtomicLong held = bytes[lane.ordinal()];
        if (held.get() >= highWater()) {
            return false;
        }
        held.addAndGet(size);
        memory.add(size + MESSAGE_COST);
        return true;
    }

    private long highWater() {
        return Math.min(highWater, Math.max(ALWAYS, memory.allowance()));
    }

    private long lowWater() {
        return highWater() / 2;
    }

    /**
     * As {@link #reserve}, for senders that can wait: nobody overtakes those who wait already. While some do, the lane stays near its
     * low-water mark and they are served one by one.
     */
    boolean reserveInTurn(Lane lane, long size) {
        int i = lane.ordinal();
        return (bytes[i].get() <= lowWater() || waiters.get(i).isEmpty()) && reserve(lane, size);
    }

    long bytes(Lane lane) {
        return bytes[lane.ordinal()].get();
    }

    /** Queues a message for which {@link #reserve} said true. */
    void put(Lane queue, Outgoing message) {
        queue(queue).add(message);
    }

    /** Whether a queue that this underlay carries holds something. */
    boolean hasWork(UnderlaySet underlays, Underlay underlay) {
        for (Lane queue : DRAIN_ORDER) {
            if (!queue(queue).isEmpty() && underlays.carries(underlay, queue)) {
                return true;
            }
        }
        return false;
    }

    /** Wakes an underlay for each queue that holds something. */
    void wakeWaiting(UnderlaySet underlays) {
        for (Lane queue : DRAIN_ORDER) {
            if (!queue(queue).isEmpty()) {
                underlays.wake(queue);
            }
        }
    }

    /**
     * Moves what this underlay carries into a batch, as much as one write should have; when more is left, another underlay is woken.
     *
     * @param added headers for the first message
     * @return whether there was a first message
     */
    boolean drain(UnderlaySet underlays, Underlay underlay, FrameBatch batch, @Nullable Headers added) {
        boolean first = true;
        for (Lane lane : DRAIN_ORDER) {
            if (!underlays.carries(underlay, lane)) {
                continue;
            }
            while (batch.hasRoom()) {
                Outgoing next = queue(lane).poll();
                if (next == null) {
                    break;
                }
                batch.add(next.message(), next.sequence(), first ? added : null);
                first = false;
                taken(next);
            }
            if (!batch.hasRoom() && !queue(lane).isEmpty()) {
                underlays.wake(lane);
            }
        }
        return !first;
    }

    private MpmcUnboundedXaddArrayQueue<Outgoing> queue(Lane lane) {
        return queues.get(lane.ordinal());
    }

    /** Gives the room back and tells who waited for it. */
    void taken(Outgoing message) {
        int lane = message.lane().ordinal();
        long left = bytes[lane].addAndGet(-message.size());
        memory.add(-message.size() - MESSAGE_COST);
        if (message.taken() != null) {
            run(message.taken());
        }
        if (!waiters.get(lane).isEmpty()) {
            long low = lowWater();
            if (left <= low) {
                release(lane, low);
            }
        }
    }

    void whenWritable(Lane lane, Runnable once) {
        int i = lane.ordinal();
        long low = lowWater();
        if (bytes[i].get() <= low) {
            run(once);
            return;
        }
        waiters.get(i).add(once);
        waiting[i].incrementAndGet();
        // The lane may have emptied between the look and the entry.
        if (bytes[i].get() <= low) {
            release(i, low);
        }
    }

    /** Runs everything that waits, whatever the lanes hold: the channel is closed. */
    void releaseAll() {
        for (int i = 0; i < LANES; i++) {
            release(i, Long.MAX_VALUE);
        }
    }

    /** Drops what is queued: nothing will send it any more. */
    void discard() {
        for (Lane queue : Lane.values()) {
            for (Outgoing message = queue(queue).poll();
                    message != null;
                    message = queue(queue).poll()) {
                taken(message);
            }
        }
        releaseAll();
    }

    /** Runs who waits, longest first, until the lane holds more than this again: the others keep their place. */
    private void release(int lane, long until) {
        // Only those here now: one that waits again from within must not be run again at once.
        for (int n = waiting[lane].get(); n > 0 && bytes[lane].get() <= until; n--) {
            Runnable waiter = waiters.get(lane).poll();
            if (waiter == null) {
                return;
            }
            waiting[lane].decrementAndGet();
            run(waiter);
        }
    }

    private static void run(Runnable callback) {
        try {
            callback.run();
        } catch (RuntimeException e) {
            log.error("a callback of an outbound lane failed", e);
        }
    }
}
