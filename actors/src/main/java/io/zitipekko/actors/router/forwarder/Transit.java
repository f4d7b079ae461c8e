package io.zitipekko.actors.router.forwarder;

import io.zitipekko.transport.channel.Message;
import io.zitipekko.transport.xgress.XgressAddress;
import io.zitipekko.transport.xgress.XgressContentType;
import io.zitipekko.transport.xgress.XgressHeader;
import java.time.Duration;
import java.util.ArrayDeque;

/**
 * Forwards what comes from one source of many circuits, and holds payloads for which there is no room (see {@link Forwarder}): at most
 * {@value #MAX_HELD_BYTES} bytes, as long as some of them leave within each 200 ms, and no more is read from the source meanwhile.
 * Thread-safe; the lock is taken only while something is held.
 */
public final class Transit {
    /** How often in a row it is believed that there is room. */
    private static final int MAX_TRIES = 16;

    private static final Duration TRY_AGAIN = Duration.ofMillis(1);
    static final Duration MAX_HOLD = Duration.ofMillis(200);
    static final int MAX_HELD_BYTES = 2 << 20;
    /** What a held message counts beside its body. */
    private static final int MESSAGE_OVERHEAD = 256;

    private final Forwarder forwarder;
    private final Scheduler scheduler;
    private final ForwarderCounters counters;
    private final Runnable pauseReading;
    private final Runnable resumeReading;
    private final ArrayDeque<Held> held = new ArrayDeque<>();
    private int heldBytes;
    /** Counts the times that holding began, so that a late timer knows that it is for an earlier time. */
    private long episode;
    /** Something held has left since the timer looked last: slow is not stuck. */
    private boolean moved;

    private boolean flushing;
    private boolean toldOfRoom;

    private volatile boolean holding;

    Transit(
            Forwarder forwarder,
            Scheduler scheduler,
            ForwarderCounters counters,
            Runnable pauseReading,
            Runnable resumeReading) {
        this.forwarder = forwarder;
        this.scheduler = scheduler;
        this.counters = counters;
        this.pauseReading = pauseReading;
        this.resumeReading = resumeReading;
    }

    /** Forwards a message that came from {@code source}. */
    public void forward(XgressAddress source, Message message) {
        if (holding && message.contentType() == XgressContentType.PAYLOAD && holdBehindOthers(source, message)) {
            return;
        }
        if (forwarder.forward(source, message) != ForwardOutcome.NO_ROOM) {
            return;
        }
        if (message.contentType() != XgressContentType.PAYLOAD) {
            counters.dropped.increment();
            return;
        }
        hold(source, message);
    }

    /** Drops what is held. */
    public void close() {
        boolean resume;
        synchronized (this) {
            counters.dropped.add(held.size());
            resume = clear();
        }
        if (resume) {
            resumeReading.run();
        }
    }

    /** Keeps the order of what shares a held message's way: what follows the same source and circuit queues up behind it. */
    private boolean holdBehindOthers(XgressAddress source, Message message) {
        synchronized (this) {
            if (!holding) {
                return false;
            }
            String circuit = message.headers().string(XgressHeader.CIRCUIT_ID).orElse("");
            boolean behind = held.stream()
                    .anyMatch(h -> h.source.equals(source)
                            && h.message
                                    .headers()
                                    .string(XgressHeader.CIRCUIT_ID)
                                    .orElse("")
                                    .equals(circuit));
            return behind && add(source, message);
        }
    }

    private void hold(XgressAddress source, Message message) {
        boolean began;
        long number;
        synchronized (this) {
            if (!add(source, message)) {
                return;
            }
            began = !holding;
            holding = true;
            number = began ? ++episode : episode;
            if (began) {
                moved = false;
                // In the lock, so that nobody can resume before this.
                pauseReading.run();
            }
        }
        if (began) {
            scheduler.schedule(MAX_HOLD, () -> giveUp(number));
            forwarder.whenWritable(source, message, this::flush);
        }
    }

    /** Queues it or, beyond the bound, drops it; either way it is dealt with. */
    private boolean add(XgressAddress source, Message message) {
        int size = message.body().size() + MESSAGE_OVERHEAD;
        if (heldBytes + size > MAX_HELD_BYTES) {
            counters.dropped.increment();
            return holding;
        }
        held.add(new Held(source, message));
        heldBytes += size;
        counters.held.increment();
        return true;
    }

    /**
     * Forwards what is held, as far as there is room. May be told of room from within and find none, as often as that is said: never by
     * recursion, and after some times not before a moment has passed. Calls may overlap: one of them does the work.
     */
    private void flush() {
        synchronized (this) {
            toldOfRoom = true;
            if (flushing) {
                return;
            }
            flushing = true;
        }
        for (int tries = 0; tries < MAX_TRIES; tries++) {
            Held blocked = null;
            boolean resume = false;
            synchronized (this) {
                toldOfRoom = false;
                while (!held.isEmpty()) {
                    Held first = held.peekFirst();
                    if (forwarder.forward(first.source, first.message) == ForwardOutcome.NO_ROOM) {
                        blocked = first;
                        break;
                    }
                    held.removeFirst();
                    moved = true;
                    heldBytes -= first.message.body().size() + MESSAGE_OVERHEAD;
                }
                if (blocked == null) {
                    flushing = false;
                    resume = clear();
                }
            }
            if (resume) {
                resumeReading.run();
            }
            if (blocked == null) {
                return;
            }
            forwarder.whenWritable(blocked.source, blocked.message, this::flush);
            synchronized (this) {
                if (!toldOfRoom) {
                    flushing = false;
                    return;
                }
            }
        }
        synchronized (this) {
            flushing = false;
        }
        scheduler.schedule(TRY_AGAIN, this::flush);
    }

    private void giveUp(long number) {
        boolean resume = false;
        boolean wait;
        synchronized (this) {
            if (!holding || number != episode) {
                return;
            }
            wait = moved;
            moved = false;
            if (!wait) {
                counters.dropped.add(held.size());
                resume = clear();
            }
        }
        if (wait) {
            scheduler.schedule(MAX_HOLD, () -> giveUp(number));
        }
        if (resume) {
            resumeReading.run();
        }
    }

    private boolean clear() {
        held.clear();
        heldBytes = 0;
        boolean was = holding;
        holding = false;
        return was;
    }

    private record Held(XgressAddress source, Message message) {}
}
