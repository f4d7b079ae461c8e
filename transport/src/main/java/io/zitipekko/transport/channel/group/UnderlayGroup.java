package io.zitipekko.transport.channel.group;

import io.zitipekko.transport.channel.Channel;
import io.zitipekko.transport.channel.ChannelClosedException;
import io.zitipekko.transport.channel.ChannelHandler;
import io.zitipekko.transport.channel.ChannelKind;
import io.zitipekko.transport.channel.ContentTypes;
import io.zitipekko.transport.channel.Headers;
import io.zitipekko.transport.channel.Lane;
import io.zitipekko.transport.channel.Message;
import io.zitipekko.transport.channel.UnderlayInfo;
import io.zitipekko.transport.channel.frame.FrameBatch;
import io.zitipekko.transport.tls.TlsPeer;
import java.lang.invoke.VarHandle;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.pekko.Done;
import org.apache.pekko.actor.Cancellable;
import org.apache.pekko.actor.ClassicActorSystemProvider;
import org.apache.pekko.util.ByteString;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A channel over the underlays that it has now. Owns the outbound lanes, the sequence counter, who waits for which reply, and the
 * heartbeats; the underlays' stages take from it and hand to it on their own threads.
 *
 * <pre>
 *   senders --> lanes (bounded) --drain--> underlay 1 --> TLS
 *                               \\--drain--> underlay 2 --> TLS
 *   handler <-- replies, probes, heartbeats taken out <--receive-- underlays
 * </pre>
 *
 * A sender queues, then wakes one underlay that is idle; an underlay says that it is idle and looks at the queues once more. With a
 * fence between each pair no message is left behind.
 */
public final class UnderlayGroup implements Channel {
    /** More underlays than any kind wants; a peer that opens more is refused. */
    static final int MAX_UNDERLAYS = 208;

    private static final Logger log = LoggerFactory.getLogger(UnderlayGroup.class);
    private static final Message EMPTY_HEARTBEAT =
            Message.of(ContentTypes.HEARTBEAT, Headers.EMPTY, ByteString.emptyByteString());
    private static final int FRAME_PREFIX = 20;

    private final ClassicActorSystemProvider system;
    private final GroupSpec spec;
    private final OutboundLanes lanes;
    private final PendingReplies replies;
    private final @Nullable Heartbeats heartbeats;
    private final AtomicInteger sequence = new AtomicInteger();
    private final AtomicInteger pauses = new AtomicInteger();
    private final Inbound inbound;
    private final CompletableFuture<Done> closed = new CompletableFuture<>();

    private final Object lock = new Object();
    private volatile UnderlaySet underlays;
    private volatile @Nullable String closeReason;
    private volatile boolean finished;
    private volatile @Nullable ChannelHandler handler;
    private volatile @Nullable Cancellable ticker;
    private volatile @Nullable UnderlaySupply supply;

    public UnderlayGroup(ClassicActorSystemProvider system, GroupSpec spec) {
        this.system = system;
        this.spec = spec;
        ChannelKind kind = spec.kind();
        this.lanes = new OutboundLanes(spec.options().laneBytes(), spec.memory());
        this.replies = new PendingReplies(system);
        this.heartbeats = kind.heartbeats()
                ? new Heartbeats(
                        Heartbeats.SEND_INTERVAL,
                        spec.options().closeUnresponsive(),
                        spec.options().firstResponseGrace())
                : null;
        this.inbound = new Inbound(this, kind, !spec.dialed(), replies, heartbeats);
        this.underlays = UnderlaySet.empty(kind, spec.grouped());
    }

    /** What was settled when the channel was made. */
    public GroupSpec spec() {
        return spec;
    }

    // ---- for the underlays
    // -------------------------------------------------------------------------------------------------

    /** Adds an underlay that is past its hello; false when the channel is closed or has too many. */
    public boolean attach(Underlay underlay) {
        boolean joined;
        synchronized (lock) {
            if (closeReason != null || underlays.size() >= MAX_UNDERLAYS) {
                return false;
            }
            joined = underlays.size() > 0;
            underlays = underlays.with(underlay);
            if (!joined && heartbeats != null) {
                heartbeats.restart(spec.options().firstResponseGrace());
            }
        }
        if (joined) {
            changed();
        }
        return true;
    }

    /** Sets what gets the messages. Called once, on the first underlay's thread, before it reads on. */
    public void open(ChannelHandler owner) {
        handler = owner;
        if (heartbeats != null) {
            ticker = system.classicSystem()
                    .scheduler()
                    .scheduleWithFixedDelay(
                            Heartbeats.CHECK_INTERVAL,
                            Heartbeats.CHECK_INTERVAL,
                            this::tick,
                            system.classicSystem().dispatcher());
        }
        if (!underlays.isEnough()) {
            close("the first underlay is of type '" + typeOfFirst() + "' (expected: "
                    + spec.kind().firstType() + ")");
        }
        if (closeReason != null) {
            stopTicking();
        }
    }

    /** Who opens the further underlays; only on the dialing side of a group. */
    public void supplyWith(UnderlaySupply underlaySupply) {
        supply = underlaySupply;
        underlaySupply.changed(this::underlays);
    }

    /** The underlay has ended; nothing more comes from it. Called exactly once per attached underlay. */
    public void detach(Underlay underlay, String reason) {
        UnderlaySet left;
        synchronized (lock) {
            underlays = underlays.without(underlay);
            left = underlays;
        }
        if (closeReason == null) {
            if (left.isEnough()) {
                changed();
                // What the lost one would have taken is another's now.
                lanes.wakeWaiting(left);
            } else {
                close(reason);
            }
        }
        finishIfAlone();
    }

    private void changed() {
        UnderlaySupply supplier = supply;
        if (supplier != null) {
            supplier.changed(this::underlays);
        }
        ChannelHandler owner = handler;
        if (owner != null) {
            guarded(owner::onUnderlaysChanged);
        }
    }

    /** Whether {@link #drain} would give this underlay anything. */
    public boolean hasWork(Underlay underlay) {
        return lanes.hasWork(underlays, underlay) || heartbeats != null && closeReason == null && heartbeats.isDue();
    }

    /** Moves what this underlay may carry into a batch, as much as one write should have. */
    public void drain(Underlay underlay, FrameBatch batch) {
        Headers due = heartbeats == null ? null : heartbeats.takeDue();
        if (!lanes.drain(underlays, underlay, batch, due) && due != null) {
            batch.add(EMPTY_HEARTBEAT, nextSequence(), due);
        }
    }

    /** A message came in on this underlay. */
    public void receive(Underlay underlay, Message message) {
        ChannelHandler owner = handler;
        if (closeReason != null || owner == null) {
            return;
        }
        guarded(() -> inbound.receive(owner, message));
    }

    private void guarded(Runnable call) {
        try {
            call.run();
        } catch (RuntimeException e) {
            log.error("the handler of channel {} failed", spec.connectionId(), e);
            close("internal error: " + e);
        }
    }

    private void tick() {
        Heartbeats beats = heartbeats;
        if (beats == null || closeReason != null || underlays.size() == 0) {
            return;
        }
        if (beats.isUnresponsive()) {
            close("no answer to a heartbeat within " + spec.options().closeUnresponsive());
        } else if (beats.isDue()) {
            underlays.wakeAny();
        }
    }

    // ---- Channel
    // -----------------------------------------------------------------------------------------------------------

    @Override
    public String connectionId() {
        return spec.connectionId();
    }

    @Override
    public Message handshake() {
        return spec.handshake();
    }

    @Override
    public TlsPeer peer() {
        return spec.peer();
    }

    @Override
    public List<UnderlayInfo> underlays() {
        return underlays.infos();
    }

    @Override
    public boolean send(Lane lane, Message message) {
        return sendAs(lane, message, nextSequence());
    }

    private boolean sendAs(Lane lane, Message message, int number) {
        if (enqueue(lane, message, number, null, false)) {
            return true;
        }
        if (closeReason == null) {
            close("the peer does not read: " + lanes.bytes(lane) + " bytes wait in lane " + lane);
        }
        return false;
    }

    @Override
    public boolean offer(Lane lane, Message message) {
        return enqueue(lane, message, nextSequence(), null, true);
    }

    @Override
    public boolean offer(Lane lane, Message message, Runnable taken) {
        return enqueue(lane, message, nextSequence(), taken, true);
    }

    private boolean enqueue(Lane lane, Message message, int number, @Nullable Runnable taken, boolean inTurn) {
        Headers headers = message.headers().withoutHeartbeats();
        long size =
                FRAME_PREFIX + headers.encodedLength() + (long) message.body().size();
        if (closeReason != null || !(inTurn ? lanes.reserveInTurn(lane, size) : lanes.reserve(lane, size))) {
            return false;
        }
        // Heartbeats belong to the channel that they came on; a message sent on must not carry them along.
        Message clean = headers == message.headers() ? message : message.withHeaders(headers);
        if (lanes.bytes(lane) > size) {
            clean = clean.compact();
        }
        UnderlaySet now = underlays;
        Lane queue = now.queueFor(lane);
        lanes.put(queue, new Outgoing(clean, number, lane, size, taken));
        VarHandle.fullFence();
        if (finished) {
            lanes.discard();
        } else {
            underlays.wake(queue);
        }
        return true;
    }

    private int nextSequence() {
        int next = sequence.incrementAndGet();
        // -1 says "no reply", so no request may have it.
        return next == -1 ? sequence.incrementAndGet() : next;
    }

    @Override
    public void whenWritable(Lane lane, Runnable once) {
        lanes.whenWritable(lane, once);
        if (closeReason != null) {
            lanes.releaseAll();
        }
    }

    @Override
    public CompletionStage<Message> request(Lane lane, Message message, Duration timeout) {
        int number = nextSequence();
        CompletionStage<Message> reply = replies.expect(number, message.contentType(), timeout);
        if (!sendAs(lane, message, number)) {
            replies.fail(number, new ChannelClosedException(String.valueOf(closeReason)));
        }
        return reply;
    }

    @Override
    public boolean reply(Lane lane, Message request, Message answer) {
        return send(lane, Inbound.replyTo(request, answer));
    }

    @Override
    public void pauseReading() {
        pauses.incrementAndGet();
    }

    @Override
    public void resumeReading() {
        int left = pauses.decrementAndGet();
        if (left < 0) {
            pauses.incrementAndGet();
            throw new IllegalStateException("resumeReading without a pauseReading before it");
        }
        if (left == 0) {
            underlays.resumeAll();
        }
    }

    @Override
    public boolean isPaused() {
        return pauses.get() > 0;
    }

    @Override
    public void close(String reason) {
        UnderlaySet open;
        synchronized (lock) {
            if (closeReason != null) {
                return;
            }
            closeReason = reason;
            open = underlays;
        }
        log.debug("channel {} closes: {}", spec.connectionId(), reason);
        stopTicking();
        UnderlaySupply supplier = supply;
        if (supplier != null) {
            supplier.stop();
        }
        replies.failAll(new ChannelClosedException(reason));
        lanes.releaseAll();
        open.shutDownAll(reason);
        if (open.size() == 0) {
            // Whoever closes may hold locks that the handler needs.
            system.classicSystem().dispatcher().execute(this::finishIfAlone);
        }
    }

    private void stopTicking() {
        Cancellable running = ticker;
        if (running != null) {
            running.cancel();
        }
    }

    private void finishIfAlone() {
        String reason;
        synchronized (lock) {
            reason = closeReason;
            if (reason == null || finished || underlays.size() > 0) {
                return;
            }
            finished = true;
        }
        VarHandle.fullFence();
        lanes.discard();
        ChannelHandler owner = handler;
        if (owner != null) {
            guarded(() -> owner.onClosed(reason));
        }
        closed.complete(Done.getInstance());
    }

    @Override
    public boolean isClosed() {
        return closeReason != null;
    }

    @Override
    public CompletionStage<Done> closed() {
        return closed.minimalCompletionStage();
    }

    private String typeOfFirst() {
        List<UnderlayInfo> now = underlays.infos();
        return now.isEmpty() ? "" : now.get(0).type();
    }

    @Override
    public String toString() {
        return "Channel[" + spec.connectionId() + ", " + spec.kind().alpn() + ", "
                + spec.peer().remote() + "]";
    }
}
