package io.zitipekko.transport.channel.group;

import io.zitipekko.transport.channel.Lane;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicLong;
import org.jctools.queues.MpmcUnboundedXaddArrayQueue;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The outbound queues of a channel, one per lane, bounded by the bytes in them. Many senders, and as many takers as there are
 * underlays; none waits for another. A message counts for the lane that it was sent on, whichever queue it stands in.
 */
final class OutboundLanes {
    private static final Logger log = LoggerFactory.getLogger(OutboundLanes.class);
    private static final int QUEUE_CHUNK = 64;
    private static final int LANES = Lane.values().length;

    private final long highWater;
    private final long lowWater;
    private final List<MpmcUnboundedXaddArrayQueue<Outgoing>> queues = new ArrayList<>(LANES);
    private final AtomicLong[] bytes = new AtomicLong[LANES];
    private final List<Queue<Runnable>> waiters = new ArrayList<>(LANES);

    OutboundLanes(long highWater) {
        this.highWater = highWater;
        this.lowWater = highWater / 2;
        for (int i = 0; i < LANES; i++) {
            queues.add(new MpmcUnboundedXaddArrayQueue<>(QUEUE_CHUNK));
            bytes[i] = new AtomicLong();
            waiters.add(new ConcurrentLinkedQueue<>());
        }
    }

    /** Takes room for a message, if the lane is below its high-water mark. */
    boolean reserve(Lane lane, long size) {
        AtomicLong held = bytes[lane.ordinal()];
        if (held.get() >= highWater) {
            return false;
        }
        held.addAndGet(size);
        return true;
    }

    long bytes(Lane lane) {
        return bytes[lane.ordinal()].get();
    }

    /** Queues a message for which {@link #reserve} said true. */
    void put(Lane queue, Outgoing message) {
        queues.get(queue.ordinal()).add(message);
    }

    boolean isEmpty(Lane queue) {
        return queues.get(queue.ordinal()).isEmpty();
    }

    @Nullable
    Outgoing poll(Lane queue) {
        return queues.get(queue.ordinal()).poll();
    }

    /** Gives the room back and tells who waited for it. */
    void taken(Outgoing message) {
        int lane = message.lane().ordinal();
        long left = bytes[lane].addAndGet(-message.size());
        if (message.taken() != null) {
            run(message.taken());
        }
        if (left <= lowWater && !waiters.get(lane).isEmpty()) {
            release(lane);
        }
    }

    void whenWritable(Lane lane, Runnable once) {
        int i = lane.ordinal();
        if (bytes[i].get() <= lowWater) {
            run(once);
            return;
        }
        waiters.get(i).add(once);
        // The lane may have emptied between the look and the entry.
        if (bytes[i].get() <= lowWater) {
            release(i);
        }
    }

    /** Runs everything that waits, whatever the lanes hold: the channel is closed. */
    void releaseAll() {
        for (int i = 0; i < LANES; i++) {
            release(i);
        }
    }

    /** Drops what is queued: nothing will send it any more. */
    void discard() {
        for (Lane queue : Lane.values()) {
            for (Outgoing message = poll(queue); message != null; message = poll(queue)) {
                taken(message);
            }
        }
        releaseAll();
    }

    private void release(int lane) {
        Queue<Runnable> waiting = waiters.get(lane);
        // Only those here now: one that waits again from within must not be run again at once.
        for (int n = waiting.size(); n > 0; n--) {
            Runnable waiter = waiting.poll();
            if (waiter == null) {
                return;
            }
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
