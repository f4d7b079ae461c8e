package io.zitipekko.actors.router.forwarder;

/** What became of a message that was to be forwarded. */
public enum ForwardOutcome {
    /** Its destination took it, or it was answered here (a trace that ended at this hop). */
    FORWARDED,
    /** Its destination has no room now. */
    NO_ROOM,
    /** No circuit of that id is known here. */
    UNKNOWN_CIRCUIT,
    /** The circuit is known, but has no way on from that source, or what it leads to is gone. */
    NO_WAY,
    /** The message names no circuit or is otherwise not a data-plane message. */
    MALFORMED;

    /** Whether the circuit is broken at this hop, as opposed to being slow. */
    public boolean isBroken() {
        return this == UNKNOWN_CIRCUIT || this == NO_WAY;
    }
}
