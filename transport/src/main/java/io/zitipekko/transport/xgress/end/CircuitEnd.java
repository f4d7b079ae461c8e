package io.zitipekko.transport.xgress.end;

import io.zitipekko.transport.channel.Headers;
import io.zitipekko.transport.channel.Message;
import io.zitipekko.transport.xgress.Acknowledgement;
import io.zitipekko.transport.xgress.CircuitControl;
import io.zitipekko.transport.xgress.CircuitId;
import io.zitipekko.transport.xgress.Payload;
import io.zitipekko.transport.xgress.XgressContentType;
import io.zitipekko.transport.xgress.XgressHeader;
import io.zitipekko.transport.xgress.XgressOptions;
import java.util.function.Consumer;
import java.util.function.Predicate;
import org.apache.pekko.util.ByteString;
import org.jspecify.annotations.Nullable;

/**
 * One end of a circuit (protocol/04 section 3): makes a reliable, ordered, flow-controlled byte-message stream each way out of a
 * fabric that may drop, repeat and reorder.
 *
 * <pre>
 *   local side                    CircuitEnd                       fabric side
 *   (SDK connection,   send() --&gt; window, retransmission --&gt; Fabric.offer()   (forwarder, link,
 *    TCP socket)       poll() &lt;-- order, acknowledgement &lt;-- receive()         SDK channel)
 * </pre>
 *
 * <p><b>Threads.</b> Every method may be called from any thread, at any time, also from within a callback. One short lock guards
 * the state and is never held while a port is called; nothing blocks. Callbacks come on whichever thread caused them (a
 * link's, the local side's, the timer's). Calls of {@link Fabric#offer} never overlap. Callbacks of {@link Local} may overlap each
 * other: they are hints to look again.
 *
 * <p><b>Back-pressure out.</b> {@link #send} answers {@link SendResult#FULL} when the window (or the fabric's queue) is full: stop
 * reading the local side until {@link Local#onWritable}. What was passed to {@code send} is taken all the same, so a few messages
 * that were on their way already do no harm; ignoring FULL altogether closes the circuit.
 *
 * <p><b>Back-pressure in.</b> What arrives is stored, counted in the receive buffer that acknowledgements report, until the local
 * side takes it by {@link #poll} or {@link #drain}. Take only what can be written now. What finds no room, or none in the {@link
 * CircuitMemory}, is not acknowledged, and comes again.
 *
 * <p><b>Life.</b> Construct, register it for {@link #receive} in the forwarding table, then {@link #start}. It is over when
 * {@link Fabric#onClosed} was called: then remove it from the table, and report a fault to the controller unless the cause
 * is UNROUTED. What was received until then can still be polled; the last thing polled is {@link Delivery.Closed}.
 */
public final class CircuitEnd {
    /** Which end this is. The terminator sets the originator bit and waits for the initiator's first payload. */
    public enum Side {
        INITIATOR,
        TERMINATOR
    }

    /** What became of data passed to {@link #send}. */
    public enum SendResult {
        /** Taken; go on. */
        OPEN,
        /** Taken; wait for {@link Local#onWritable} before sending more. */
        FULL,
        /** Not taken: this direction has ended. */
        CLOSED
    }

    /** The network's side. */
    public interface Fabric {
        /**
         * Queues a message (payload, acknowledgement or control) towards the other end. Must not block.
         *
         * @return false when the queue that this kind of message goes to is full: then call {@link #fabricWritable} when there is
         *     room again (if it cannot tell, the end tries again by itself every 20 ms). A message that has no route is
         *     dropped with true: it is sent again later
         */
        boolean offer(Message message);

        /**
         * Whether {@link CircuitEnd#fabricWritable} is sure to follow each payload that {@link #offer} did not take. Then the end sets no timer for it,
         * which costs a fabric that refuses as a matter of course.
         */
        default boolean tellsOfRoom() {
            return false;
        }

        /** Called exactly once, after the last {@link #offer}. */
        void onClosed(CircuitClosed how);
    }

    /** The application's side. */
    public interface Local {
        /** {@link #poll} has something again, after it had returned null or {@link #drain} had run dry. */
        void onReadable();

        /** {@link #send} takes data again, after it had answered {@link SendResult#FULL}. */
        void onWritable();

        /** The peer takes no more data: stop reading the local side. What it would send is refused from now on. */
        void onPeerStopped();

        /** The answer to a trace route that this side sent by {@link #sendControl}. */
        default void onControl(CircuitControl control) {}
    }

    /**
     * What makes an end.
     *
     * @param traceType how it answers a trace route, e.g. {@code xgress/transport}, {@code xgress/edge}
     * @param memory that it shares with others for what arrives and is not taken
     */
    public record Spec(CircuitId circuitId, Side side, XgressOptions options, String traceType, CircuitMemory memory) {
        /** With memory of its own, bounded by the options alone. */
        public Spec(CircuitId circuitId, Side side, XgressOptions options, String traceType) {
            this(circuitId, side, options, traceType, CircuitMemory.unbounded());
        }
    }

    private final Spec spec;
    private final Fabric fabric;
    private final Local local;
    private final CircuitTimer timer;
    private final Object lock = new Object();

    // All below, and what state holds, are guarded by lock.
    private final CircuitState state;
    private final Alarm alarm;
    // Whether a thread is calling Fabric.offer; it looks at the state again before it stops.
    private boolean emitting;
    // Likewise for the sink of drain.
    private boolean draining;
    private boolean drainAgain;

    public CircuitEnd(Spec spec, Fabric fabric, Local local, CircuitTimer timer) {
        this(spec, fabric, local, timer, 0);
    }

    /** With another first sequence than 0, to test what happens when they run out. */
    CircuitEnd(Spec spec, Fabric fabric, Local local, CircuitTimer timer, int firstSequence) {
        this.spec = spec;
        this.fabric = fabric;
        this.local = local;
        this.timer = timer;
        this.state = new CircuitState(spec, timer, firstSequence);
        this.alarm = new Alarm(timer, lock, state, this::onTimer);
    }

    public CircuitId circuitId() {
        return spec.circuitId();
    }

    /** Begins: the initiator sends its first payload, the terminator begins to wait for it. Once. */
    public void start() {
        change(CircuitState::start);
    }

    /**
     * A payload, acknowledgement or control of this circuit has arrived from the fabric. Malformed ones are dropped.
     *
     * @return false when it was malformed, so that the caller may count it
     */
    public boolean receive(Message message) {
        // Decoded outside the lock.
        Consumer<CircuitState> arrival;
        try {
            arrival = switch (message.contentType()) {
                case XgressContentType.PAYLOAD -> {
                    Payload payload = Payload.from(message);
                    yield s -> s.onPayload(payload);
                }
                case XgressContentType.ACKNOWLEDGEMENT -> {
                    Acknowledgement ack = Acknowledgement.from(message);
                    yield s -> s.onAcknowledgement(ack);
                }
                case XgressContentType.CONTROL -> {
                    CircuitControl control = CircuitControl.from(message);
                    yield s -> s.onControl(control);
                }
                default -> null;
            };
        } catch (IllegalArgumentException malformed) {
            // The link that it came by stays up (protocol/04 section 2.3); the caller counts it.
            return false;
        }
        if (arrival == null) {
            return false;
        }
        change(arrival);
        return true;
    }

    /** The fabric has room again, after {@link Fabric#offer} had answered false. */
    public void fabricWritable() {
        change(CircuitState::unblock);
    }

    /** Sends one message of application data; its boundaries are kept. Empty bodies are ignored. */
    public SendResult send(ByteString body) {
        return send(body, Headers.EMPTY);
    }

    /**
     * Sends one message of application data.
     *
     * @param payloadHeaders what travels with it, under channel numbers 2000 to 2255 (trace UUID, edge flags) and no others
     */
    public SendResult send(ByteString body, Headers payloadHeaders) {
        payloadHeaders.forEach((id, value) -> {
            if (!XgressHeader.isPayloadHeader(id)) {
                throw new IllegalArgumentException("payload header: " + id + " (expected: 2000..2255)");
            }
        });
        synchronized (lock) {
            if (!state.isSendOpen()) {
                return SendResult.CLOSED;
            }
            state.send(body, payloadHeaders);
        }
        settle();
        synchronized (lock) {
            return state.sendResult();
        }
    }

    /** The local side has reached its end of data: half-close, FIN header and EOF, after all that was sent. Idempotent. */
    public void finish() {
        change(CircuitState::finish);
    }

    /**
     * As {@link #finish}, but with the FIN header alone: for a legacy SDK's FIN, whose direction really ends with its
     * StateClosed. Idempotent.
     */
    public void halfClose() {
        change(CircuitState::halfClose);
    }

    /**
     * The local side is gone both ways, in good order (StateClosed of a legacy SDK, a TCP connection closed): what it sent is still
     * brought to the peer, what the peer sends is acknowledged and discarded; then the circuit closes. Idempotent.
     */
    public void localClosed() {
        change(CircuitState::localClosed);
    }

    /**
     * Closes at once, whatever is under way: a CircuitEnd to the peer, {@link Fabric#onClosed} with cause LOCAL. A fabric that has no room
     * for the former hears of the latter when it has, or after a fifth of a second without it. Idempotent.
     */
    public void close(String reason) {
        change(s -> s.close(new CircuitClosed(CircuitClosed.Cause.LOCAL, reason), true));
    }

    /** The circuit was taken from the forwarding table (Unroute): no more messages; what was received can be polled. Idempotent. */
    public void unrouted(String reason) {
        change(s -> s.close(new CircuitClosed(CircuitClosed.Cause.UNROUTED, reason), false));
    }

    /** Takes the next thing for the local side, or null when there is none now ({@link Local#onReadable} tells when). */
    public @Nullable Delivery poll() {
        Delivery next;
        boolean changed;
        synchronized (lock) {
            next = state.poll();
            changed = state.hasNewsFromPoll();
        }
        if (changed) {
            settle();
        }
        return next;
    }

    /**
     * Hands to {@code sink} what there is, until it answers false: it then did <em>not</em> take that one, which is offered again by
     * the next call. Calls may overlap from several threads: one of them does the work, in order; so calling it both from {@link
     * Local#onReadable} and from a "writable again" callback needs no lock. Use either this or {@link #poll}, not both.
     */
    public void drain(Predicate<Delivery> sink) {
        synchronized (lock) {
            drainAgain = true;
            if (draining) {
                return;
            }
            draining = true;
        }
        boolean going = true;
        while (going) {
            Delivery next;
            synchronized (lock) {
                drainAgain = false;
                next = state.poll();
                going = draining = next != null;
            }
            if (next != null && !sink.test(next)) {
                synchronized (lock) {
                    state.pollUndone(next);
                    going = draining = drainAgain;
                }
            }
        }
        settle();
    }

    /** Sends a trace-route request of the local side. */
    public void sendControl(CircuitControl control) {
        change(s -> s.sendControl(control));
    }

    /** Whether {@link #send} would take data at all. */
    public boolean isSendOpen() {
        synchronized (lock) {
            return state.isSendOpen();
        }
    }

    public boolean isClosed() {
        synchronized (lock) {
            return state.isClosed();
        }
    }

    private void change(Consumer<CircuitState> change) {
        synchronized (lock) {
            change.accept(state);
        }
        settle();
    }

    /** Does what follows from a change: sends, calls back, sets the timer. Called without the lock. */
    private void settle() {
        emit();
        callBack();
        alarm.settle();
    }

    private void emit() {
        synchronized (lock) {
            if (emitting) {
                return;
            }
            emitting = true;
        }
        while (true) {
            CircuitState.Outgoing next;
            int unblocked;
            synchronized (lock) {
                next = state.nextOutgoing();
                unblocked = state.timesUnblocked();
                if (next == null) {
                    emitting = false;
                    return;
                }
            }
            boolean taken = false;
            try {
                taken = fabric.offer(next.message());
            } finally {
                if (!taken) {
                    synchronized (lock) {
                        state.notTaken(next, unblocked, next.entry() == null || !fabric.tellsOfRoom());
                    }
                }
            }
        }
    }

    private void callBack() {
        Hints.News news;
        synchronized (lock) {
            news = state.takeNews(!emitting);
        }
        if (news == null) {
            return;
        }
        if (news.control() != null) {
            local.onControl(news.control());
        }
        if (news.peerStopped()) {
            local.onPeerStopped();
        }
        if (news.writable()) {
            local.onWritable();
        }
        if (news.readable()) {
            local.onReadable();
        }
        if (news.closed() != null) {
            fabric.onClosed(news.closed());
        }
    }

    private void onTimer() {
        change(s -> s.onTime(timer.nanoTime()));
    }

    /** For inspection: one line, no content. */
    @Override
    public String toString() {
        synchronized (lock) {
            return "CircuitEnd[" + circuitId() + ", " + spec.side() + ", " + state + "]";
        }
    }
}
