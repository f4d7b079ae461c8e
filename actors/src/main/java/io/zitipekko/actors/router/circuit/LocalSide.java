package io.zitipekko.actors.router.circuit;

import io.zitipekko.transport.xgress.end.CircuitClosed;
import io.zitipekko.transport.xgress.end.CircuitEnd;

/** What a circuit's end at this router serves: a connection of an SDK, or a TCP connection. */
public interface LocalSide extends CircuitEnd.Local {
    /** Called once, before anything else, with the end that it is bound to. */
    void attached(CircuitEnd end);

    /** The circuit is over; what was received until now can still be taken. */
    default void onEnded(CircuitClosed how) {}
}
