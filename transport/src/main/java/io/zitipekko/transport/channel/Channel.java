package io.zitipekko.transport.channel;

import io.zitipekko.transport.tls.TlsPeer;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletionStage;
import org.apache.pekko.Done;

/**
 * One logical peer session, carried by one underlay or, when grouped, by several (protocol/01). Every method may be called
 * from any thread and none blocks. Messages are taken by value: the body is not copied and must not be changed afterwards.
 */
public interface Channel {
    /** The connection id settled in the handshake; names the group on this node. */
    String connectionId();

    /** The first underlay's Hello (acceptor side) or the Result that answered ours (dialer side). */
    Message handshake();

    /** The peer of the first underlay. */
    TlsPeer peer();

    /** What is connected now, oldest first; changes as underlays come and go. */
    List<UnderlayInfo> underlays();

    /**
     * Queues a control-plane message. A lane that is full here means that the peer does not read: the channel is closed
     * with that reason and {@code false} is returned, as for a channel that is closed already.
     */
    boolean send(Lane lane, Message message);

    /**
     * Queues a data-plane message if the lane has room; {@code false} when it has none (see {@link #whenWritable}), while others wait
     * for room, and when the channel is closed.
     */
    boolean offer(Lane lane, Message message);

    /**
     * Queues a data-plane message like {@link #offer(Lane, Message)} and runs {@code taken} (must not block) when an underlay has
     * taken it off the queue for writing, or when the channel closes with it unsent.
     */
    boolean offer(Lane lane, Message message, Runnable taken);

    /**
     * Runs {@code once} when the lane is below its low-water mark or the channel has closed; at once if it is so already. Who waits longest
     * comes first, and one by one.
     */
    void whenWritable(Lane lane, Runnable once);

    /**
     * Sends with a fresh sequence and completes with the message that answers it; fails with a
     * {@link java.util.concurrent.TimeoutException} on time-out and a {@link ChannelClosedException} on close. What depends on it
     * runs on the underlay's thread and must not block.
     */
    CompletionStage<Message> request(Lane lane, Message message, Duration timeout);

    /** Sends {@code answer} as the reply to {@code request}: sets reply-for, copies the reflected header 128. */
    boolean reply(Lane lane, Message request, Message answer);

    /**
     * Delivers nothing more and stops reading, on all underlays, until {@link #resumeReading} was called as often; back-pressure
     * reaches the peer by TCP. Called from {@link ChannelHandler#onMessage} it takes effect at once on that underlay. Replies that
     * {@link #request} waits for, and heartbeats, are not read meanwhile either.
     */
    void pauseReading();

    void resumeReading();

    /** Whether somebody has paused it. */
    boolean isPaused();

    /**
     * Closes all underlays, each when what is queued for it was written, or after a second if the peer does not read. Nothing more
     * is delivered. Idempotent; the first reason wins and is what {@link ChannelHandler#onClosed} gets.
     */
    void close(String reason);

    boolean isClosed();

    /** Completes (never fails) when the channel is closed and its handler was told. */
    CompletionStage<Done> closed();
}
