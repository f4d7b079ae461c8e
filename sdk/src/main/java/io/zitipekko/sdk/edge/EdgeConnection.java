package io.zitipekko.sdk.edge;

import io.zitipekko.sdk.ZitiException;
import org.apache.pekko.util.ByteString;
import org.jspecify.annotations.Nullable;

/**
 * One connection in an edge channel, as its stream sees it: ordered data both ways, half-close, close. How that is brought about is the
 * kind's business. Thread-safe.
 */
public abstract sealed class EdgeConnection implements MessageSink permits DataConnection, CircuitConnection {
    /** Told that there is something to do; on any thread. */
    interface Listener {
        /** {@link #poll} has something, after it had returned null. */
        void onReadable();

        /** {@link #write} may be called again, after it had returned false. */
        void onWritable();
    }

    /** What {@link #poll} gives: data, then the end. */
    sealed interface Arrival {
        record Data(ByteString body) implements Arrival {}

        /** The peer sends no more; it may go on reading. */
        record Finished() implements Arrival {}

        /** The connection is over; a failure says why when that was not the peer's close. */
        record Closed(@Nullable ZitiException failure) implements Arrival {}
    }

    final EdgeChannel edge;
    private final ConnId id;
    private final String name;

    /** @param name for error texts, e.g. {@code connection to service 'echo' through router 'er1'} */
    EdgeConnection(EdgeChannel edge, ConnId id, String name) {
        this.edge = edge;
        this.id = id;
        this.name = name;
    }

    public final ConnId id() {
        return id;
    }

    public final String name() {
        return name;
    }

    abstract void attach(Listener reader);

    /** The next arrival, or null: then the listener is told when there is one. */
    abstract @Nullable Arrival poll();

    /** The reader wants no more data, and polls only for the end. */
    abstract void discard();

    /** Sends data; false when the next has to wait for {@link Listener#onWritable}. */
    abstract boolean write(ByteString body);

    /** Half-close, behind all data. */
    abstract void finish();

    /** Full close, from our side; what was written is still brought to the peer. Idempotent; without effect when the peer has closed. */
    public abstract void close(String reason);

    /** The peer's SDK says nothing or this; everything else is a router's reason for cutting the connection. */
    static boolean isOrderly(String reason) {
        return reason.isEmpty() || reason.equals("close called");
    }

    @Override
    public final int inspectType() {
        return TYPE_DIAL;
    }

    @Override
    public String toString() {
        return name + ", conn id " + id;
    }
}
