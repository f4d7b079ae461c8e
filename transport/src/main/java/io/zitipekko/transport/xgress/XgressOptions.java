package io.zitipekko.transport.xgress;

import java.time.Duration;

/**
 * The settings of a circuit's end (protocol/04 section 3.1), those that a compatible engine with another window needs. Sizes are in
 * bytes of payload bodies.
 *
 * @param windowStart first send window. Below the reference's, so that a first burst fits the queues on its way
 * @param windowMin the send window never falls below
 * @param windowMax the send window never grows above
 * @param peerBuffer what the peer is taken to have room for: more is in flight only while it passes on all it gets and nothing was lost
 * @param receiveBuffer stored bytes above which new payloads are refused
 * @param retransmitStart retransmission time before anything was measured. Above the reference's: circuits that begin at once wait for each
 *     other, and what only waits is not to be sent again (RFC 6298 section 2.1)
 * @param retransmitMin floor of the retransmission time
 * @param retransmitMax ceiling of the retransmission time
 * @param ackDelay longest time that an acknowledgement waits for others to join it
 * @param maxCloseWait longest wait for the peer to take what was sent before a close
 * @param circuitStartTimeout how long the terminating end waits for the initiator's first payload
 * @param keepsUntaken whether what was received stays until the local side takes it, however long that takes, when the circuit is over;
 *     otherwise it goes after {@code maxCloseWait}
 */
public record XgressOptions(
        int windowStart,
        int windowMin,
        int windowMax,
        int peerBuffer,
        int receiveBuffer,
        Duration retransmitStart,
        Duration retransmitMin,
        Duration retransmitMax,
        Duration ackDelay,
        Duration maxCloseWait,
        Duration circuitStartTimeout,
        boolean keepsUntaken) {
    public static final XgressOptions DEFAULTS = new XgressOptions(
            256 << 10,
            16 << 10,
            8 << 20,
            4 << 20,
            4 << 20,
            Duration.ofSeconds(1),
            Duration.ofMillis(50),
            Duration.ofSeconds(10),
            Duration.ofMillis(1),
            Duration.ofSeconds(30),
            Duration.ofMinutes(3),
            false);

    /** For an end within the application: its stream takes what it received when it likes, and is all that holds on to it. */
    public static final XgressOptions SDK = new XgressOptions(
            DEFAULTS.windowStart,
            DEFAULTS.windowMin,
            DEFAULTS.windowMax,
            DEFAULTS.peerBuffer,
            DEFAULTS.receiveBuffer,
            DEFAULTS.retransmitStart,
            DEFAULTS.retransmitMin,
            DEFAULTS.retransmitMax,
            DEFAULTS.ackDelay,
            DEFAULTS.maxCloseWait,
            DEFAULTS.circuitStartTimeout,
            true);

    public XgressOptions {
        if (windowMin < 1 || windowMin > windowStart || windowStart > windowMax) {
            throw new IllegalArgumentException("send window " + windowMin + "/" + windowStart + "/" + windowMax
                    + " (expected: 1 <= min <= start <= max)");
        }
        if (peerBuffer < 1 || peerBuffer > windowMax) {
            throw new IllegalArgumentException(
                    "peer's buffer: " + peerBuffer + " (expected: 1 to the largest window, " + windowMax + ")");
        }
        if (receiveBuffer < 1) {
            throw new IllegalArgumentException("receive buffer: " + receiveBuffer + " (expected: >= 1)");
        }
        if (retransmitMin.isNegative() || retransmitMin.isZero() || retransmitMax.compareTo(retransmitMin) < 0) {
            throw new IllegalArgumentException(
                    "retransmission time " + retransmitMin + " to " + retransmitMax + " (expected: 0 < min <= max)");
        }
    }
}
