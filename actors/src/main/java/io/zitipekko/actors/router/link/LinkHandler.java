package io.zitipekko.actors.router.link;

import io.zitipekko.actors.router.forwarder.LinkIntake;
import io.zitipekko.transport.channel.ChannelHandler;
import io.zitipekko.transport.channel.Message;
import io.zitipekko.transport.xgress.XgressContentType;
import java.time.Duration;
import java.util.function.Consumer;
import org.apache.pekko.actor.typed.ActorRef;
import org.jspecify.annotations.Nullable;

/**
 * What happens on a link's channel. Until the registry has taken the link, reading is paused, so that no payload arrives without an
 * intake; from then on payloads go straight to the forwarder, on the underlay's thread.
 */
final class LinkHandler implements ChannelHandler {
    private final ActorRef<LinkRegistry.Command> registry;
    private final Consumer<String> closed;
    private volatile @Nullable LinkIntake intake;
    private volatile @Nullable RouterLink link;

    /** @param closed told when the channel is closed before it became a link */
    LinkHandler(ActorRef<LinkRegistry.Command> registry, Consumer<String> closed) {
        this.registry = registry;
        this.closed = closed;
    }

    void attach(RouterLink made, LinkIntake where) {
        intake = where;
        link = made;
    }

    @Override
    public void onMessage(Message message) {
        LinkIntake to = intake;
        int type = message.contentType();
        if (to != null
                && (type == XgressContentType.PAYLOAD
                        || type == XgressContentType.ACKNOWLEDGEMENT
                        || type == XgressContentType.CONTROL)) {
            to.receive(message);
        }
    }

    @Override
    public void onUnderlaysChanged() {
        RouterLink made = link;
        if (made != null) {
            made.underlaysChanged();
            registry.tell(new LinkRegistry.UnderlaysChanged(made));
        }
    }

    @Override
    public void onLatency(Duration roundTrip) {
        RouterLink made = link;
        if (made != null) {
            boolean first = made.latency.isEmpty();
            made.latency.record(roundTrip);
            if (first) {
                registry.tell(new LinkRegistry.FirstLatency(made));
            }
        }
    }

    @Override
    public void onClosed(String reason) {
        RouterLink made = link;
        LinkIntake to = intake;
        if (to != null) {
            to.close();
        }
        if (made != null) {
            made.close(reason);
            registry.tell(new LinkRegistry.Closed(made, reason));
        } else {
            closed.accept(reason);
        }
    }
}
