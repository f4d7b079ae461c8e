package io.zitipekko.transport.xgress.end;

import io.zitipekko.transport.channel.Headers;
import io.zitipekko.transport.xgress.XgressOptions;
import java.util.ArrayDeque;
import org.apache.pekko.util.ByteString;
import org.jspecify.annotations.Nullable;

/**
 * What one end has yet to bring to the other: payloads not sent, in flight, or lost. Decides what goes next and when something must
 * be sent again; sends nothing itself. Times are monotonic nanoseconds. Not thread-safe.
 *
 * <p>A payload counts as lost when another that left clearly later was acknowledged, or when the retransmission time has passed
 * since it left; that time doubles until something is acknowledged. At most {@value #TIMEOUT_BURST} are given up to one time-out, and two
 * to the first, so that a path that came back, or is only slow, is not flooded.
 *
 * <p>Both are guesses, for links are several TCP connections: nothing is lost on them, but one may be behind the others. When every payload that
 * was given up turns out to have come twice, the window is what it was, and overtaking by as much is no loss for a while
 * ({@link Reordering}; in the manner of <a href="https://datatracker.ietf.org/doc/html/rfc8985">RFC 8985</a>).
 */
final class SendBuffer {
    /** Most payloads that one time-out sends again. */
    static final int TIMEOUT_BURST = 32;

    private static final int FIRST_TIMEOUT_BURST = 2;

    static final long NEVER = Long.MAX_VALUE;

    /** One payload, from its admission until it is acknowledged. */
    static final class Entry {
        final int flags;
        final Headers headers;
        final ByteString body;
        // Given when it is first sent.
        private int sequence;
        private long firstSentAt;
        private long sentAt;
        private int sends;
        private State state = State.WAITING;
        private @Nullable Entry earlier;
        private @Nullable Entry later;

        private Entry(int flags, Headers headers, ByteString body) {
            this.flags = flags;
            this.headers = headers;
            this.body = body;
        }

        int sequence() {
            return sequence;
        }

        boolean isRetransmission() {
            return sends > 1;
        }
    }

    private enum State {
        WAITING,
        IN_FLIGHT,
        LOST,
        ACKNOWLEDGED
    }

    private final SendWindow window;
    private final RttEstimator rtt;
    private final Reordering reordering = new Reordering();
    private final ArrayDeque<Entry> waiting = new ArrayDeque<>();
    private final ArrayDeque<Entry> lost = new ArrayDeque<>();
    // Sent and not acknowledged, lost ones included, by sequence modulo its length (a power of two).
    private @Nullable Entry[] ring = new Entry[16];
    // In flight by time of the last send; ends of an intrusive list.
    private @Nullable Entry oldest;
    private @Nullable Entry newest;
    // All below are acknowledged.
    private int firstUnacknowledged;
    private final int firstSequence;
    private int nextSequence;
    private long waitingBytes;
    private int backoff;
    // Payloads that one time-out sends again: few at first, for they may only be late, and twice as many each time,
    // until one that was sent only once is acknowledged.
    private int timeoutBurst = FIRST_TIMEOUT_BURST;
    // When the latest-sent of the acknowledged payloads left.
    private long latestAcknowledgedSend = Long.MIN_VALUE;
    // How long after its first copy had left a payload of two copies was acknowledged last; 0 when that is used up.
    private long lateAcknowledgement;
    // The window shrinks again only for losses from here on; those of the last time begin at the other.
    private int shrinkFrom;
    private int suspectsFrom;
    // Given up since the window has shrunk last, and not known to have come all the same.
    private int suspects;
    // Likewise for queues that are long.
    private int easeFrom;

    SendBuffer(XgressOptions options, int firstSequence) {
        this.window = new SendWindow(options);
        this.rtt = new RttEstimator(options);
        this.firstUnacknowledged = firstSequence;
        this.firstSequence = firstSequence;
        this.nextSequence = firstSequence;
        this.shrinkFrom = firstSequence;
        this.suspectsFrom = firstSequence;
        this.easeFrom = firstSequence;
    }

    /** Queues a payload at the end. The caller has checked {@link #isExhausted}. */
    void add(int flags, Headers headers, ByteString body) {
        waiting.addLast(new Entry(flags, headers, body));
        waitingBytes += body.size();
    }

    /** Queues a payload before all others; only before anything was sent. */
    void addFirst(int flags, Headers headers, ByteString body) {
        waiting.addFirst(new Entry(flags, headers, body));
        waitingBytes += body.size();
    }

    /** The next sequence, for a payload that is not kept here. */
    int takeSequence() {
        return nextSequence++;
    }

    /** Whether the fabric has taken anything. */
    boolean hasSent() {
        return nextSequence != firstSequence;
    }

    /** Whether the signed 32-bit sequences run out: the circuit has to end (protocol/04 section 2.7). */
    boolean isExhausted() {
        return nextSequence > Integer.MAX_VALUE - 16 - waiting.size();
    }

    /** What to send now, lost payloads first, already counted as sent; null when nothing may go. */
    @Nullable
    Entry next(long now) {
        Entry entry;
        while ((entry = lost.peekFirst()) != null && entry.state != State.LOST) {
            lost.removeFirst();
        }
        if (entry != null) {
            lost.removeFirst();
        } else {
            entry = waiting.peekFirst();
            if (entry == null || !window.admits(entry.body.size())) {
                return null;
            }
            waiting.removeFirst();
            waitingBytes -= entry.body.size();
            window.sent(entry.body.size());
            entry.sequence = nextSequence++;
            put(entry);
        }
        entry.state = State.IN_FLIGHT;
        entry.sends++;
        entry.sentAt = now;
        if (entry.sends == 1) {
            entry.firstSentAt = now;
        }
        append(entry);
        return entry;
    }

    /** The fabric did not take what the last {@link #next} gave. */
    void giveBack(Entry entry) {
        if (entry.state != State.IN_FLIGHT) {
            return;
        }
        unlink(entry);
        entry.sends--;
        if (entry.sends == 0) {
            entry.state = State.WAITING;
            ring[entry.sequence & (ring.length - 1)] = null;
            nextSequence--;
            window.unsent(entry.body.size());
            waiting.addFirst(entry);
            waitingBytes += entry.body.size();
        } else {
            entry.state = State.LOST;
            lost.addFirst(entry);
        }
    }

    /** Takes one sequence of an acknowledgement; false when nothing by that number is in flight. */
    boolean acknowledge(int sequence, long now) {
        if (sequence < firstSequence || sequence >= nextSequence) {
            return false;
        }
        Entry entry = ring[sequence & (ring.length - 1)];
        if (sequence < firstUnacknowledged || entry == null || entry.sequence != sequence) {
            // Two copies have arrived, so that none was lost: the first had been that long on its way.
            reordering.wasNoLoss();
            acquit(sequence);
            if (lateAcknowledgement > 0) {
                rtt.sample(lateAcknowledgement, now);
                lateAcknowledgement = 0;
            }
            return false;
        }
        ring[sequence & (ring.length - 1)] = null;
        if (entry.state == State.IN_FLIGHT) {
            unlink(entry);
        } else if (entry.sends == 1) {
            acquit(sequence);
        }
        if (entry.sends == 1) {
            // When it left, not when it would have left again and the fabric did not take it.
            rtt.sample(now - entry.firstSentAt, now);
            reordering.overtaken(latestAcknowledgedSend, entry.firstSentAt, now);
            timeoutBurst = FIRST_TIMEOUT_BURST;
        } else if (entry.sends == 2) {
            // Of which copy, nobody knows yet.
            lateAcknowledgement = now - entry.firstSentAt;
            reordering.perhapsOvertaken(latestAcknowledgedSend, entry.firstSentAt);
        }
        // Of several copies it may be the first that has arrived, where a path stood still for a while and lost none.
        latestAcknowledgedSend = Math.max(latestAcknowledgedSend, entry.firstSentAt);
        entry.state = State.ACKNOWLEDGED;
        boolean queueLong = rtt.isQueueLong();
        window.acknowledged(entry.body.size(), rtt.isQueueing(), queueLong);
        if (queueLong && entry.sequence >= easeFrom) {
            easeFrom = nextSequence;
            window.ease();
        }
        backoff = 0;
        while (firstUnacknowledged != nextSequence && ring[firstUnacknowledged & (ring.length - 1)] == null) {
            firstUnacknowledged++;
        }
        return true;
    }

    /** Marks as lost what later payloads have overtaken by far. Call it after the sequences of one acknowledgement. */
    void detectOvertaken() {
        long tolerated = reordering.tolerated(rtt);
        Entry entry = oldest;
        while (entry != null && entry.sentAt + tolerated < latestAcknowledgedSend) {
            lose(entry);
            entry = oldest;
        }
    }

    /** Marks as lost what has waited too long for its acknowledgement. */
    void detectTimeouts(long now) {
        long timeout = rtt.timeout(backoff);
        int given = 0;
        Entry entry = oldest;
        while (entry != null && now - entry.sentAt >= timeout && given < timeoutBurst) {
            lose(entry);
            given++;
            entry = oldest;
        }
        if (given > 0) {
            rtt.forgetLeast();
            backoff++;
            timeoutBurst = Math.min(TIMEOUT_BURST, timeoutBurst * 2);
        }
    }

    /** When {@link #detectTimeouts} has to be called next; {@link #NEVER} when nothing is in flight. */
    long nextTimeout() {
        return oldest == null ? NEVER : oldest.sentAt + rtt.timeout(backoff);
    }

    private void lose(Entry entry) {
        unlink(entry);
        entry.state = State.LOST;
        lost.addLast(entry);
        if (entry.sequence >= shrinkFrom) {
            suspectsFrom = shrinkFrom;
            shrinkFrom = nextSequence;
            suspects = 0;
            reordering.suspect();
            window.shrink();
        }
        if (entry.sequence >= suspectsFrom) {
            suspects++;
        }
    }

    /** A payload that was given up had not been lost; when none of them had, the window has shrunk for nothing. */
    private void acquit(int sequence) {
        if (sequence >= suspectsFrom && suspects > 0) {
            suspects--;
            if (suspects == 0) {
                window.undoShrink();
            }
        }
    }

    void remoteStored(long stored) {
        window.remoteStored(stored);
    }

    /** Bytes admitted and never sent. */
    long waitingBytes() {
        return waitingBytes;
    }

    int waitingCount() {
        return waiting.size();
    }

    /** Everything was acknowledged. */
    boolean isEmpty() {
        return waiting.isEmpty() && window.isEmpty();
    }

    /** Forgets everything: the peer wants no more, or the circuit is over. */
    void clear() {
        waiting.clear();
        lost.clear();
        ring = new Entry[16];
        oldest = null;
        newest = null;
        waitingBytes = 0;
        firstUnacknowledged = nextSequence;
        window.clear();
    }

    SendWindow window() {
        return window;
    }

    RttEstimator rtt() {
        return rtt;
    }

    private void put(Entry entry) {
        while (entry.sequence - firstUnacknowledged >= ring.length) {
            @Nullable Entry[] larger = new Entry[ring.length * 2];
            for (Entry e : ring) {
                if (e != null) {
                    larger[e.sequence & (larger.length - 1)] = e;
                }
            }
            ring = larger;
        }
        ring[entry.sequence & (ring.length - 1)] = entry;
    }

    private void append(Entry entry) {
        entry.earlier = newest;
        entry.later = null;
        if (newest == null) {
            oldest = entry;
        } else {
            newest.later = entry;
        }
        newest = entry;
    }

    private void unlink(Entry entry) {
        if (entry.earlier == null) {
            oldest = entry.later;
        } else {
            entry.earlier.later = entry.later;
        }
        if (entry.later == null) {
            newest = entry.earlier;
        } else {
            entry.later.earlier = entry.earlier;
        }
        entry.earlier = null;
        entry.later = null;
    }
}
