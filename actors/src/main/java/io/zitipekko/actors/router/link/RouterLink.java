package io.zitipekko.actors.router.link;

import io.zitipekko.actors.model.id.RouterId;
import io.zitipekko.actors.router.forwarder.LinkPort;
import io.zitipekko.transport.channel.Channel;
import io.zitipekko.transport.channel.Lane;
import io.zitipekko.transport.channel.Message;
import io.zitipekko.transport.channel.UnderlayInfo;
import io.zitipekko.transport.control.proto.LinkConn;
import io.zitipekko.transport.control.proto.LinkConnState;
import io.zitipekko.transport.xgress.XgressAddress;
import io.zitipekko.transport.xgress.XgressContentType;
import java.net.InetSocketAddress;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * One link that is up: its channel, or the two channels of a split one, as the forwarder's destination. Thread-safe; made by whoever
 * dialled or accepted it, owned by the {@link LinkRegistry}.
 */
final class RouterLink implements LinkPort {
    final String id;
    final LinkKey key;
    final int iteration;
    final boolean dialed;
    final String dialAddress;
    final LatencyRecorder latency = new LatencyRecorder();
    private final XgressAddress address;
    private final Channel payloads;
    private final Channel acknowledgements;
    private final AtomicInteger stateIteration = new AtomicInteger();

    /**
     * @param dialAddress what was dialled; empty for an accepted link
     * @param payloads carries payloads and controls
     * @param acknowledgements the same channel, but on split links
     */
    RouterLink(
            String id,
            LinkKey key,
            int iteration,
            boolean dialed,
            String dialAddress,
            Channel payloads,
            Channel acknowledgements) {
        this.id = id;
        this.key = key;
        this.iteration = iteration;
        this.dialed = dialed;
        this.dialAddress = dialAddress;
        this.address = new XgressAddress(id);
        this.payloads = payloads;
        this.acknowledgements = acknowledgements;
    }

    RouterId remote() {
        return key.remote();
    }

    @Override
    public XgressAddress address() {
        return address;
    }

    /** On a link that has closed nothing waits for room: it is dropped, until the link is taken out of the forwarding tables. */
    @Override
    public boolean offer(Message message) {
        boolean taken = message.contentType() == XgressContentType.ACKNOWLEDGEMENT
                ? acknowledgements.offer(Lane.HIGH, message)
                : payloads.offer(Lane.DEFAULT, message);
        return taken || isClosed();
    }

    @Override
    public void whenWritable(Runnable once) {
        payloads.whenWritable(Lane.DEFAULT, once);
    }

    @Override
    public void pauseReading() {
        payloads.pauseReading();
    }

    @Override
    public void resumeReading() {
        payloads.resumeReading();
    }

    /** Undoes the pause under which the link was set up. */
    void start() {
        payloads.resumeReading();
        if (acknowledgements != payloads) {
            acknowledgements.resumeReading();
        }
    }

    boolean isClosed() {
        return payloads.isClosed() || acknowledgements.isClosed();
    }

    void close(String reason) {
        payloads.close(reason);
        acknowledgements.close(reason);
    }

    /** Counts a change of underlays; see {@link #connState}. */
    void underlaysChanged() {
        stateIteration.incrementAndGet();
    }

    LinkConnState connState() {
        LinkConnState.Builder out = LinkConnState.newBuilder().setStateIteration(stateIteration.get());
        add(out, payloads, payloads == acknowledgements ? null : "payload");
        if (payloads != acknowledgements) {
            add(out, acknowledgements, "ack");
        }
        return out.build();
    }

    private static void add(
            LinkConnState.Builder out, Channel channel, @org.jspecify.annotations.Nullable String type) {
        for (UnderlayInfo u : channel.underlays()) {
            out.addConns(LinkConn.newBuilder()
                    .setType(type == null ? u.type() : type)
                    .setLocalAddr(text(u.peer().local()))
                    .setRemoteAddr(text(u.peer().remote())));
        }
    }

    private static String text(InetSocketAddress address) {
        // A dialled address stays unresolved: its host is a name then.
        String host = address.isUnresolved()
                ? address.getHostString()
                : address.getAddress().getHostAddress();
        return "tcp:" + host + ":" + address.getPort();
    }

    @Override
    public String toString() {
        return "link " + id + "#" + iteration + " " + (dialed ? "to " : "from ") + remote();
    }
}
