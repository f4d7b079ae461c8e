package io.zitipekko.transport.xgress.end;

import io.zitipekko.transport.xgress.CircuitControl;
import org.jspecify.annotations.Nullable;

/** What the ports have asked to hear, and what they must hear: each thing once. Not thread-safe. */
final class Hints {
    /** What the ports must hear now. */
    record News(
            boolean readable,
            boolean writable,
            boolean peerStopped,
            @Nullable CircuitControl control,
            @Nullable CircuitClosed closed) {}

    // The local side waits from the start.
    private boolean readableWanted = true;
    private boolean writableWanted;
    private boolean peerStopped;
    private boolean closedTold;
    private @Nullable CircuitControl control;

    void wantReadable() {
        readableWanted = true;
    }

    void wantWritable() {
        writableWanted = true;
    }

    void peerStopped() {
        peerStopped = true;
    }

    void control(CircuitControl answer) {
        control = answer;
    }

    /**
     * Takes what is due.
     *
     * @param isReadable whether there is something to poll
     * @param isWritable whether data may be sent, or never again
     * @param closed how the circuit ended, when that can be told
     */
    @Nullable
    News take(boolean isReadable, boolean isWritable, @Nullable CircuitClosed closed) {
        boolean readable = readableWanted && isReadable;
        boolean writable = writableWanted && isWritable;
        CircuitClosed how = closedTold ? null : closed;
        if (!readable && !writable && !peerStopped && control == null && how == null) {
            return null;
        }
        News news = new News(readable, writable, peerStopped, control, how);
        readableWanted &= !readable;
        writableWanted &= !writable;
        peerStopped = false;
        control = null;
        closedTold |= how != null;
        return news;
    }
}
