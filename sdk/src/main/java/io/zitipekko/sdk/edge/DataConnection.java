package io.zitipekko.sdk.edge;

import io.zitipekko.sdk.ZitiException;
import io.zitipekko.transport.channel.Channel;
import io.zitipekko.transport.channel.Headers;
import io.zitipekko.transport.channel.Lane;
import io.zitipekko.transport.channel.LaneShare;
import io.zitipekko.transport.channel.Message;
import io.zitipekko.transport.edge.EdgeContentType;
import io.zitipekko.transport.edge.EdgeFlags;
import io.zitipekko.transport.edge.EdgeHeader;
import java.util.ArrayDeque;
import org.apache.pekko.util.ByteString;
import org.jspecify.annotations.Nullable;

/**
 * One connection in an edge channel, in Data messages (protocol/02 section 11). What arrives waits here for its reader; when too much
 * waits, the channel stops being read, which slows its other connections, too: that is all the flow control that this mode has.
 * What is sent goes behind what was sent before, and its sender is told to wait when the channel is full. Thread-safe.
 */
public final class DataConnection extends EdgeConnection {
    /** Bytes that may wait for the reader before the channel is paused, and below which it goes on. */
    static final int HIGH = 1 << 20;

    static final int LOW = 256 << 10;

    /** Counted for each waiting message beside its bytes. */
    private static final int MESSAGE_COST = 256;

    private final Channel channel;
    private final LaneShare share;
    private final Headers dataHeaders;
    private final Headers finHeaders;

    // Guarded by this.
    private final ArrayDeque<Arrival> arrivals = new ArrayDeque<>();
    private long waitingBytes;
    private boolean paused;
    private boolean discarding;
    private boolean finished;
    private boolean closedByPeer;
    private boolean closedByUs;
    private boolean readWanted;
    private boolean writing;
    private @Nullable Message unsent;
    private @Nullable Listener listener;
    private volatile @Nullable EdgeConnection successor;

    /** @param name for error texts, e.g. {@code connection to service 'echo' through router 'er1'} */
    public DataConnection(EdgeChannel edge, ConnId id, String name) {
        super(edge, id, name);
        this.channel = edge.channel();
        this.share = new LaneShare(channel, Lane.DEFAULT, this::sendUnsent);
        this.dataHeaders =
                Headers.builder().int32(EdgeHeader.CONN_ID, id.value()).build();
        this.finHeaders =
                dataHeaders.toBuilder().int32(EdgeHeader.FLAGS, EdgeFlags.FIN).build();
    }

    /**
     * Another kind of connection takes this one's place, which nobody has read from or written to: what comes from now on is for that.
     *
     * @return false when this one has ended already
     */
    public boolean yieldTo(EdgeConnection other) {
        synchronized (this) {
            if (closedByPeer || closedByUs) {
                return false;
            }
            successor = other;
        }
        edge.replace(this, other);
        return true;
    }

    // ---- from the channel

    @Override
    public void onMessage(Message message) {
        EdgeConnection other = successor;
        if (other != null) {
            other.onMessage(message);
            return;
        }
        switch (message.contentType()) {
            case EdgeContentType.DATA -> onData(message);
            case EdgeContentType.STATE_CLOSED -> {
                edge.unregister(id());
                onEnd(isOrderly(Refusals.text(message)) ? null : Refusals.of(name(), message));
            }
            default -> {
                // Trace routes and the like: not spoken here, and nobody waits for an answer.
            }
        }
    }

    private void onData(Message message) {
        int flags = message.headers().int32(EdgeHeader.FLAGS).orElse(0);
        if ((flags & EdgeFlags.MULTIPART_MSG) != 0) {
            edge.unregister(id());
            onEnd(new ZitiException(name() + ": the peer sent a multipart message, which was not offered"));
            edge.sendClosed(id(), "multipart messages were not offered");
            return;
        }
        synchronized (this) {
            if (closedByPeer || closedByUs || finished) {
                return;
            }
            if (!message.body().isEmpty() && !discarding) {
                arrivals.add(new Arrival.Data(message.body()));
                waitingBytes += message.body().size() + MESSAGE_COST;
                if (waitingBytes > HIGH && !paused) {
                    paused = true;
                    // In the lock, so that a reader on another thread cannot resume before this.
                    channel.pauseReading();
                }
            }
            if ((flags & EdgeFlags.FIN) != 0) {
                finished = true;
                arrivals.add(new Arrival.Finished());
            }
        }
        wakeReader();
    }

    @Override
    public void onChannelClosed(String reason) {
        EdgeConnection other = successor;
        if (other != null) {
            other.onChannelClosed(reason);
            return;
        }
        onEnd(new ZitiException(name() + ": " + reason));
    }

    private void onEnd(@Nullable ZitiException failure) {
        boolean resume;
        synchronized (this) {
            if (closedByPeer || closedByUs) {
                return;
            }
            closedByPeer = true;
            // After the peer's FIN nothing can be missing, whatever the reason for the close.
            arrivals.add(new Arrival.Closed(finished ? null : failure));
            unsent = null;
            resume = takeResume();
        }
        if (resume) {
            channel.resumeReading();
        }
        wakeReader();
        wakeWriter();
    }

    private boolean takeResume() {
        boolean resume = paused;
        paused = false;
        return resume;
    }

    // ---- for the stream

    @Override
    void attach(Listener reader) {
        synchronized (this) {
            listener = reader;
        }
    }

    @Override
    @Nullable
    Arrival poll() {
        Arrival next;
        boolean resume = false;
        synchronized (this) {
            next = arrivals.poll();
            if (next == null) {
                readWanted = true;
            } else if (next instanceof Arrival.Data data) {
                waitingBytes -= data.body().size() + MESSAGE_COST;
                resume = waitingBytes < LOW && takeResume();
            }
        }
        if (resume) {
            channel.resumeReading();
        }
        return next;
    }

    /** What comes is dropped, so that the channel flows. */
    @Override
    void discard() {
        boolean resume;
        synchronized (this) {
            discarding = true;
            arrivals.removeIf(arrival -> arrival instanceof Arrival.Data);
            waitingBytes = 0;
            resume = takeResume();
        }
        if (resume) {
            channel.resumeReading();
        }
    }

    @Override
    boolean write(ByteString body) {
        return send(Message.of(EdgeContentType.DATA, dataHeaders, body));
    }

    @Override
    void finish() {
        send(Message.of(EdgeContentType.DATA, finHeaders, ByteString.emptyByteString()));
    }

    private boolean send(Message message) {
        synchronized (this) {
            if (closedByPeer || closedByUs) {
                return true;
            }
            if (unsent != null) {
                throw new IllegalStateException(name() + ": written to before it was writable");
            }
            // Before the attempt, for room may come in the middle of it.
            unsent = message;
            // The FIN is the last: nobody waits behind it.
            writing = !message.body().isEmpty();
            if (share.offer(message)) {
                unsent = null;
                writing = false;
            }
            return unsent == null;
        }
    }

    private void sendUnsent() {
        synchronized (this) {
            if (unsent != null && !share.offer(unsent)) {
                return;
            }
            unsent = null;
        }
        wakeWriter();
    }

    @Override
    public void close(String reason) {
        boolean tell;
        boolean resume;
        Message last;
        synchronized (this) {
            tell = !closedByPeer && !closedByUs;
            closedByUs = true;
            arrivals.clear();
            last = unsent;
            unsent = null;
            resume = takeResume();
        }
        edge.unregister(id());
        if (resume) {
            channel.resumeReading();
        }
        if (tell) {
            if (last != null) {
                edge.sendInOrder(last);
            }
            edge.sendClosed(id(), reason);
        }
    }

    private void wakeReader() {
        Listener told;
        synchronized (this) {
            told = readWanted && !arrivals.isEmpty() ? listener : null;
            readWanted &= told == null;
        }
        if (told != null) {
            told.onReadable();
        }
    }

    private void wakeWriter() {
        Listener told;
        synchronized (this) {
            told = writing ? listener : null;
            writing = false;
        }
        if (told != null) {
            told.onWritable();
        }
    }
}
