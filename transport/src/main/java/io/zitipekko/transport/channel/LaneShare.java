package io.zitipekko.transport.channel;

import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * What one of many senders on a channel's lane may have standing there: at most {@value #MAX_HELD} bytes. So those that all send share
 * the lane evenly, since each refills only what was taken of its own, and what waits beyond that waits where its own flow control sees it.
 * One sender at a time; thread-safe otherwise.
 */
public final class LaneShare {
    /** Bytes in the lane at which the next message is refused. */
    public static final int MAX_HELD = 256 << 10;

    private static final int LOW_WATER = MAX_HELD / 2;
    /** Counted for each message beside its body. */
    private static final int MESSAGE_COST = 256;

    private final Channel channel;
    private final Lane lane;
    private final Runnable onRoom;
    private final AtomicInteger held = new AtomicInteger();
    /** A message was refused at the bound; whoever sets it back tells of the room. */
    private final AtomicBoolean atBound = new AtomicBoolean();
    /** It stands among those who wait for the lane. Once at most: who stood there often would be served often, and all would be looked through. */
    private final AtomicBoolean inTurn = new AtomicBoolean();

    /**
     * @param onRoom run after a refusal when a message may find room again, or when the channel has closed: on any thread, also before
     *     {@link #offer} has returned, and sometimes for nothing; must not block
     */
    public LaneShare(Channel channel, Lane lane, Runnable onRoom) {
        this.channel = channel;
        this.lane = lane;
        this.onRoom = onRoom;
    }

    /** Queues a message; false when it has to wait. On a closed channel it is dropped with true. */
    public boolean offer(Message message) {
        if (held.get() >= MAX_HELD) {
            atBound.set(true);
            // What is taken off the queue from here on sees the flag; what was taken before is counted here.
            if (held.get() >= LOW_WATER || !atBound.compareAndSet(true, false)) {
                return false;
            }
        }
        int size = message.body().size() + MESSAGE_COST;
        held.addAndGet(size);
        if (channel.offer(lane, message, () -> taken(size))) {
            return true;
        }
        held.addAndGet(-size);
        if (channel.isClosed()) {
            return true;
        }
        if (inTurn.compareAndSet(false, true)) {
            channel.whenWritable(lane, this::itsTurn);
        }
        return false;
    }

    private void itsTurn() {
        inTurn.set(false);
        onRoom.run();
    }

    private void taken(int size) {
        if (held.addAndGet(-size) < LOW_WATER && atBound.compareAndSet(true, false)) {
            onRoom.run();
        }
    }
}
