package io.zitipekko.actors.router.forwarder;

import io.zitipekko.transport.xgress.XgressAddress;

/** One direction through this router: what comes from {@code source} goes to {@code destination} (Route.Forward). */
public record Forward(XgressAddress source, XgressAddress destination, Kind kind) {
    /** What the destination is; the wire number is the ordinal. */
    public enum Kind {
        /** The initiator's end here; may register later. */
        START,
        /** The terminator's end here; must be there already. */
        END,
        /** A link; must be there already. */
        LINK
    }
}
