package io.zitipekko.transport.xgress.end;

import io.zitipekko.transport.channel.Headers;
import io.zitipekko.transport.channel.Message;
import io.zitipekko.transport.xgress.Acknowledgement;
import io.zitipekko.transport.xgress.CircuitControl;
import io.zitipekko.transport.xgress.CircuitId;
import io.zitipekko.transport.xgress.Payload;
import io.zitipekko.transport.xgress.PayloadFlags;
import io.zitipekko.transport.xgress.XgressHeader;
import io.zitipekko.transport.xgress.XgressOptions;
import java.util.ArrayDeque;
import org.apache.pekko.util.ByteString;
import org.jspecify.annotations.Nullable;

/**
 * The state of a circuit's end and its rules (protocol/04 section 3): what an event changes, what is to be sent next, what the ports
 * must hear, and when to look again. Calls nobody but the clock. Not thread-safe: {@link CircuitEnd} guards it. One class although it is
 * long: how a direction ends depends on everything else here.
 */
final class CircuitState {
    /** One message on its way to the fabric, and where it goes back to when the fabric has no room. */
    record Outgoing(Message message, SendBuffer.@Nullable Entry entry, @Nullable Acknowledgement ack) {}

    private static final Headers CAPABILITIES = Headers.builder()
            .bytes(XgressHeader.CAPABILITIES, new byte[] {0, 0, 1, 0})
            .build();
    private static final Headers FIN = Headers.builder()
            .int32(XgressHeader.EDGE_FLAGS, PayloadFlags.EDGE_FIN)
            .build();
    private static final ByteString NO_BODY = ByteString.emptyByteString();
    // A little is kept ready, so that each acknowledgement lets something out at once.
    private static final int WAITING_BYTES_HIGH = 128 << 10;
    private static final int WAITING_BYTES_LOW = 64 << 10;
    private static final int WAITING_COUNT_HIGH = 256;
    private static final int WAITING_COUNT_LOW = 128;
    private static final long WAITING_BYTES_LIMIT = 64L << 20;
    private static final int MAX_CONTROLS = 16;
    private static final long RETRY_NANOS = 20_000_000;
    private static final long CAPABILITY_WAIT_NANOS = 1_000_000_000;
    // So long the close waits for room in the fabric: no longer, since only after it the controller hears of the end.
    private static final long CLOSE_MESSAGE_WAIT_NANOS = 200_000_000;

    private final CircuitId circuitId;
    private final boolean initiator;
    private final XgressOptions options;
    private final String traceType;
    // Both ends mark what they send; what carries the own mark has come round.
    private final int ownMark;
    private final int peerMark;
    private final CircuitTimer timer;
    private final SendBuffer outbound;
    private final Inbound inbound;
    private final AckBatch acks;
    private final Hints hints = new Hints();
    private final ArrayDeque<CircuitControl> controls = new ArrayDeque<>();

    private boolean started;
    // The terminator sends nothing before the initiator's start has come.
    private boolean sendingOpen;
    private boolean finQueued;
    private boolean endWanted;
    private boolean endQueued;
    private boolean sendClosed;
    private boolean localGone;
    private @Nullable CircuitClosed closed;
    private boolean closeMessageDue;
    private @Nullable Message closeMessage;
    private boolean payloadsBlocked;
    private boolean acksBlocked;
    private int timesUnblocked;
    private @Nullable Delivery undone;

    private long retryAt = SendBuffer.NEVER;
    private long startBy = SendBuffer.NEVER;
    private long endBy = SendBuffer.NEVER;
    private long closeBy = SendBuffer.NEVER;
    private long closeMessageBy = SendBuffer.NEVER;

    CircuitState(CircuitEnd.Spec spec, CircuitTimer timer, int firstSequence) {
        this.circuitId = spec.circuitId();
        this.initiator = spec.side() == CircuitEnd.Side.INITIATOR;
        this.options = spec.options();
        this.traceType = spec.traceType();
        this.ownMark = initiator ? 0 : PayloadFlags.ORIGINATOR;
        this.peerMark = ownMark ^ PayloadFlags.ORIGINATOR;
        this.timer = timer;
        this.outbound = new SendBuffer(options, firstSequence);
        this.inbound = new Inbound(
                options.receiveBuffer(), firstSequence, spec.memory().part());
        this.acks = new AckBatch(options.ackDelay().toNanos(), options.receiveBuffer() / 8, timer.nanoTime());
    }

    void start() {
        if (started) {
            throw new IllegalStateException("circuit end " + circuitId + " was started before");
        }
        started = true;
        if (closed != null || sendingOpen) {
            return;
        }
        if (initiator) {
            sendingOpen = true;
            outbound.addFirst(PayloadFlags.CIRCUIT_START, CAPABILITIES, NO_BODY);
        } else {
            startBy = timer.nanoTime() + options.circuitStartTimeout().toNanos();
        }
    }

    // ---- from the fabric

    void onPayload(Payload payload) {
        if (closed != null || (payload.flags() & PayloadFlags.ORIGINATOR) != peerMark) {
            return;
        }
        boolean gapBefore = inbound.hasGap();
        ReceiveBuffer.Outcome outcome = inbound.accept(payload);
        if (outcome == ReceiveBuffer.Outcome.REFUSED) {
            return;
        }
        boolean plain = outcome == ReceiveBuffer.Outcome.IN_ORDER && payload.flags() == peerMark && !gapBefore;
        acks.add(payload.sequence(), payload.rttStamp(), payload.body().size(), !plain);
        if (outcome == ReceiveBuffer.Outcome.DUPLICATE) {
            return;
        }
        if (payload.has(PayloadFlags.CIRCUIT_START) && !initiator && !sendingOpen) {
            openSending(payload);
        }
        if (payload.has(PayloadFlags.WRITE_FAILED)) {
            stopSending();
        }
        String wrong = inbound.advance();
        if (wrong != null) {
            close(protocol(wrong), true);
        } else if (inbound.isPeerGone()) {
            close(new CircuitClosed(CircuitClosed.Cause.FINISHED, "the other end closed the circuit"), false);
        }
    }

    private void openSending(Payload start) {
        sendingOpen = true;
        startBy = SendBuffer.NEVER;
        inbound.capabilities(start.capabilities().orElse(0));
        if (start.capabilities().isPresent()) {
            outbound.addFirst(0, CAPABILITIES, NO_BODY);
        }
    }

    private void stopSending() {
        if (!sendClosed) {
            sendClosed = true;
            outbound.clear();
            hints.peerStopped();
        }
    }

    void onAcknowledgement(Acknowledgement ack) {
        if (closed != null || (ack.flags() & PayloadFlags.ORIGINATOR) != peerMark) {
            return;
        }
        long now = timer.nanoTime();
        outbound.remoteStored(ack.receiveBuffer());
        boolean progress = false;
        for (int sequence : ack.sequences()) {
            progress |= outbound.acknowledge(sequence, now);
        }
        if (progress) {
            outbound.detectOvertaken();
            if (localGone) {
                closeBy = now + options.maxCloseWait().toNanos();
            }
        }
    }

    void onControl(CircuitControl control) {
        if (control.type() == CircuitControl.Type.TRACE_ROUTE_RESPONSE) {
            hints.control(control);
        } else {
            sendControl(control.afterHop().answer(traceType, ""));
        }
    }

    void sendControl(CircuitControl control) {
        if (closed == null && controls.size() < MAX_CONTROLS) {
            controls.add(control);
        }
    }

    void unblock() {
        timesUnblocked++;
        payloadsBlocked = false;
        acksBlocked = false;
        retryAt = SendBuffer.NEVER;
    }

    // ---- from the local side

    boolean isSendOpen() {
        return closed == null && !sendClosed && !endWanted && !finQueued;
    }

    void send(ByteString body, Headers payloadHeaders) {
        if (!body.isEmpty()) {
            outbound.add(0, payloadHeaders, body);
        }
        if (outbound.isExhausted()) {
            close(protocol("the circuit's sequence numbers are used up"), true);
        } else if (outbound.waitingBytes() > WAITING_BYTES_LIMIT) {
            close(protocol("the local side goes on sending with " + outbound.waitingBytes() + " bytes waiting"), true);
        }
    }

    private static CircuitClosed protocol(String text) {
        return new CircuitClosed(CircuitClosed.Cause.PROTOCOL, text);
    }

    CircuitEnd.SendResult sendResult() {
        if (!isSendOpen()) {
            return CircuitEnd.SendResult.CLOSED;
        }
        if (outbound.waitingBytes() < WAITING_BYTES_HIGH && outbound.waitingCount() < WAITING_COUNT_HIGH) {
            return CircuitEnd.SendResult.OPEN;
        }
        hints.wantWritable();
        return CircuitEnd.SendResult.FULL;
    }

    void halfClose() {
        if (isSendOpen()) {
            finQueued = true;
            outbound.add(0, FIN, NO_BODY);
        }
    }

    void finish() {
        halfClose();
        endWanted = true;
    }

    void localClosed() {
        if (localGone) {
            return;
        }
        localGone = true;
        endWanted = true;
        endBy = timer.nanoTime() + CAPABILITY_WAIT_NANOS;
        if (closed == null) {
            undone = null;
            inbound.discard();
            closeBy = timer.nanoTime() + options.maxCloseWait().toNanos();
        }
    }

    @Nullable
    Delivery poll() {
        Delivery next = undone;
        if (next != null) {
            undone = null;
            return next;
        }
        next = inbound.poll();
        if (next == null) {
            hints.wantReadable();
        } else if (closed == null) {
            acks.stored(inbound.storedBytes());
        }
        return next;
    }

    /** The local side did not take what the last {@link #poll} gave. */
    void pollUndone(Delivery delivery) {
        if (!localGone) {
            undone = delivery;
        }
    }

    /** Whether polling has changed something that the fabric must hear. */
    boolean hasNewsFromPoll() {
        return closed == null && (acks.isDue(timer.nanoTime()) || inbound.isEnded());
    }

    // ---- the end

    void close(CircuitClosed how, boolean tellPeer) {
        if (closed != null) {
            return;
        }
        closed = how;
        closeMessageDue = tellPeer;
        // What had no room before is gone: there may be some for the close.
        unblock();
        closeMessageBy = timer.nanoTime() + CLOSE_MESSAGE_WAIT_NANOS;
        if (!sendClosed) {
            sendClosed = true;
            if (!localGone) {
                hints.peerStopped();
            }
        }
        outbound.clear();
        inbound.close(how);
        closeBy = timer.nanoTime() + options.maxCloseWait().toNanos();
    }

    boolean isClosed() {
        return closed != null;
    }

    /** Ends the sending direction, and then the circuit, once all is done. */
    private void advanceEnd() {
        if (endWanted && !endQueued && !sendClosed) {
            queueEnd();
        }
        if (endQueued && outbound.isEmpty()) {
            sendClosed = true;
        }
        boolean receivingClosed = localGone || (inbound.isEnded() && undone == null);
        if (!sendClosed || !receivingClosed) {
            return;
        }
        if (acks.isEmpty()) {
            close(new CircuitClosed(CircuitClosed.Cause.FINISHED, "both directions have ended"), true);
        } else {
            acks.hurry();
        }
    }

    private void queueEnd() {
        Integer capabilities = inbound.peerCapabilities();
        if (capabilities == null && timer.nanoTime() < endBy) {
            // What the peer understands is not known yet. A half-close can wait, for the FIN header is on its way
            // already;
            // an end that is gone both ways may say so by CircuitEnd, which every peer understands.
            return;
        }
        endQueued = true;
        boolean eof = capabilities != null && PayloadFlags.has(capabilities, PayloadFlags.CAPABILITY_EOF);
        if (localGone && !inbound.isEndReceived()) {
            // Before the end, so that the peer can tell a close from a half-close when the end reaches it.
            outbound.add(PayloadFlags.WRITE_FAILED, Headers.EMPTY, NO_BODY);
        }
        outbound.add(eof ? PayloadFlags.EOF : PayloadFlags.CIRCUIT_END, Headers.EMPTY, NO_BODY);
    }

    // ---- to the fabric

    @Nullable
    Outgoing nextOutgoing() {
        if (closed == null) {
            advanceEnd();
        }
        if (closed != null) {
            return nextOfClosed();
        }
        long now = timer.nanoTime();
        if (!acksBlocked && acks.isDue(now)) {
            Acknowledgement ack = acks.take(circuitId, ownMark, inbound.storedBytes(), now);
            return new Outgoing(ack.toMessage(), null, ack);
        }
        if (payloadsBlocked) {
            return null;
        }
        CircuitControl control = controls.poll();
        if (control != null) {
            return new Outgoing(control.toMessage(), null, null);
        }
        SendBuffer.Entry entry = sendingOpen ? outbound.next(now) : null;
        if (entry == null) {
            return null;
        }
        int flags = entry.flags | ownMark | (entry.isRetransmission() ? PayloadFlags.RETRANSMIT : 0);
        Payload payload = new Payload(circuitId, entry.sequence(), flags, stamp(), entry.headers, entry.body);
        return new Outgoing(payload.toMessage(), entry, null);
    }

    private @Nullable Outgoing nextOfClosed() {
        if (!closeMessageDue || payloadsBlocked) {
            return null;
        }
        closeMessageDue = false;
        if (closeMessage == null) {
            closeMessage = closeMessage();
        }
        return new Outgoing(closeMessage, null, null);
    }

    private Message closeMessage() {
        int flags = PayloadFlags.CIRCUIT_END | ownMark;
        // An end that never got to say what it understands says so now, also when that was queued and has not left:
        // the peer tells a close from a half-close by it.
        Headers headers = outbound.hasSent() ? Headers.EMPTY : CAPABILITIES;
        return new Payload(circuitId, outbound.takeSequence(), flags, stamp(), headers, NO_BODY).toMessage();
    }

    private int stamp() {
        return (int) timer.epochMillis() & 0xffff;
    }

    /** How often the fabric has said that it has room again. */
    int timesUnblocked() {
        return timesUnblocked;
    }

    /**
     * @param unblockedBefore {@link #timesUnblocked} before the attempt: room that came meanwhile is tried at once
     * @param retry whether to try again after a while if nobody tells of room
     */
    void notTaken(Outgoing refused, int unblockedBefore, boolean retry) {
        if (refused.entry != null) {
            outbound.giveBack(refused.entry);
        }
        if (refused.ack != null) {
            acks.giveBack(refused.ack);
        }
        closeMessageDue |= refused.message == closeMessage;
        if (timesUnblocked != unblockedBefore) {
            return;
        }
        if (refused.ack != null) {
            acksBlocked = true;
        } else {
            payloadsBlocked = true;
        }
        if (retry || closed != null) {
            retryAt = timer.nanoTime() + RETRY_NANOS;
        }
    }

    /** @param sent whether all that was to be sent has been offered: only then the fabric hears of the close */
    Hints.@Nullable News takeNews(boolean sent) {
        boolean roomy = outbound.waitingBytes() < WAITING_BYTES_LOW && outbound.waitingCount() < WAITING_COUNT_LOW;
        return hints.take(inbound.hasDeliveries(), roomy || !isSendOpen(), sent && !closeMessageDue ? closed : null);
    }

    // ---- time

    /** When {@link #onTime} has to be called next. */
    long nextDeadline() {
        if (closed != null) {
            long untaken = inbound.hasDeliveries() && !options.keepsUntaken() ? closeBy : SendBuffer.NEVER;
            return closeMessageDue ? Math.min(untaken, Math.min(retryAt, closeMessageBy)) : untaken;
        }
        long at = Math.min(Math.min(retryAt, startBy), Math.min(closeBy, outbound.nextTimeout()));
        if (endWanted && !endQueued && !sendClosed) {
            at = Math.min(at, endBy);
        }
        return acksBlocked ? at : Math.min(at, acks.deadline());
    }

    void onTime(long now) {
        if (closed != null) {
            closeMessageDue &= now < closeMessageBy;
            if (now >= retryAt) {
                unblock();
            }
            if (now >= closeBy && !options.keepsUntaken()) {
                inbound.dropUntaken();
                // The last delivery stays for a local side that comes after all; nothing waits for it.
                closeBy = SendBuffer.NEVER;
            }
            return;
        }
        if (now >= retryAt) {
            unblock();
        }
        if (now >= startBy) {
            close(timedOut("the circuit's start did not come within " + options.circuitStartTimeout()), true);
        } else if (now >= closeBy) {
            close(timedOut("the peer did not acknowledge the rest within " + options.maxCloseWait()), true);
        } else {
            outbound.detectTimeouts(now);
        }
    }

    private static CircuitClosed timedOut(String text) {
        return new CircuitClosed(CircuitClosed.Cause.TIMED_OUT, text);
    }

    @Override
    public String toString() {
        SendWindow window = outbound.window();
        return "in flight " + window.inFlightBytes() + "/" + window.bytes() + ", waiting " + outbound.waitingBytes()
                + ", stored " + inbound.storedBytes() + ", rtt "
                + outbound.rtt().smoothed() / 1000 + " us"
                + (closed == null ? "" : ", " + closed);
    }
}
