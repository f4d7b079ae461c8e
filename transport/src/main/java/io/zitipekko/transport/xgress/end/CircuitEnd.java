package io.zitipekko.transport.xgress.end;

import io.zitipekko.transport.channel.Headers;
import io.zitipekko.transport.channel.Message;
import io.zitipekko.transport.xgress.CircuitControl;
import io.zitipekko.transport.xgress.CircuitId;
import io.zitipekko.transport.xgress.XgressOptions;
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
 * side takes it by {@link #poll} or {@link #drain}. Take only what can be written now.
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
     */
    public record Spec(CircuitId circuitId, Side side, XgressOptions options, String traceType) {}

    public CircuitEnd(Spec spec, Fabric fabric, Local local, CircuitTimer timer) {
        throw new UnsupportedOperationException();
    }

    public CircuitId circuitId() {
        throw new UnsupportedOperationException();
    }

    /** Begins: the initiator sends its first payload, the terminator begins to wait for it. Once. */
    public void start() {
        throw new UnsupportedOperationException();
    }

    /**
     * A payload, acknowledgement or control of this circuit has arrived from the fabric. Malformed ones are dropped.
     *
     * @return false when it was malformed, so that the caller may count it
     */
    public boolean receive(Message message) {
        throw new UnsupportedOperationException();
    }

    /** The fabric has room again, after {@link Fabric#offer} had answered false. */
    public void fabricWritable() {
        throw new UnsupportedOperationException();
    }

    /** Sends one message of application data; its boundaries are kept. Empty bodies are ignored. */
    public SendResult send(ByteString body) {
        throw new UnsupportedOperationException();
    }

    /**
     * Sends one message of application data.
     *
     * @param payloadHeaders what travels with it, under channel numbers 2000 to 2255 (trace UUID, edge flags); others are dropped
     */
    public SendResult send(ByteString body, Headers payloadHeaders) {
        throw new UnsupportedOperationException();
    }

    /** The local side has reached its end of data: half-close, FIN header and EOF, after all that was sent. Idempotent. */
    public void finish() {
        throw new UnsupportedOperationException();
    }

    /**
     * As {@link #finish}, but with the FIN header alone: for a legacy SDK's FIN, whose direction really ends with its
     * StateClosed. Idempotent.
     */
    public void halfClose() {
        throw new UnsupportedOperationException();
    }

    /**
     * The local side is gone both ways, in good order (StateClosed of a legacy SDK, a TCP connection closed): what it sent is still
     * brought to the peer, what the peer sends is acknowledged and discarded; then the circuit closes. Idempotent.
     */
    public void localClosed() {
        throw new UnsupportedOperationException();
    }

    /** Closes at once, whatever is under way: a CircuitEnd to the peer, {@link Fabric#onClosed} with cause LOCAL. Idempotent. */
    public void close(String reason) {
        throw new UnsupportedOperationException();
    }

    /** The circuit was taken from the forwarding table (Unroute): no more messages; what was received can be polled. Idempotent. */
    public void unrouted(String reason) {
        throw new UnsupportedOperationException();
    }

    /** Takes the next thing for the local side, or null when there is none now ({@link Local#onReadable} tells when). */
    public @Nullable Delivery poll() {
        throw new UnsupportedOperationException();
    }

    /**
     * Hands to {@code sink} what there is, until it answers false: it then did <em>not</em> take that one, which is offered again by
     * the next call. Calls may overlap from several threads: one of them does the work, in order; so calling it both from {@link
     * Local#onReadable} and from a "writable again" callback needs no lock. Use either this or {@link #poll}, not both.
     */
    public void drain(Predicate<Delivery> sink) {
        throw new UnsupportedOperationException();
    }

    /** Sends a trace-route request of the local side. */
    public void sendControl(CircuitControl control) {
        throw new UnsupportedOperationException();
    }

    /** Whether {@link #send} would take data at all. */
    public boolean isSendOpen() {
        throw new UnsupportedOperationException();
    }

    public boolean isClosed() {
        throw new UnsupportedOperationException();
    }

    /** For inspection: one line, no content. */
    @Override
    public String toString() {
        return "CircuitEnd";
    }
}
