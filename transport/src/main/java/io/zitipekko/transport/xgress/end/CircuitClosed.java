package io.zitipekko.transport.xgress.end;

/**
 * How a circuit came to its end at this end.
 *
 * @param text for logs and for people
 */
public record CircuitClosed(Cause cause, String text) {
    /** Why a circuit ended. */
    public enum Cause {
        /** Both directions finished and everything was acknowledged. */
        FINISHED,
        /** The router was told to forget the circuit ({@link CircuitEnd#unrouted}): report no fault. */
        UNROUTED,
        /** The local side failed, or asked for it. */
        LOCAL,
        /** The peer did not do what it should in time. */
        TIMED_OUT,
        /** The peer, or the local side, broke the rules. */
        PROTOCOL
    }
}
