package io.zitipekko.actors.fabric.control.request;

import com.google.protobuf.InvalidProtocolBufferException;
import io.zitipekko.actors.fabric.LinkId;
import io.zitipekko.actors.fabric.LinkStatus;
import io.zitipekko.actors.fabric.control.ConnectedRouter;
import io.zitipekko.actors.fabric.link.LinkReport;
import io.zitipekko.actors.fabric.link.Links;
import io.zitipekko.actors.model.id.RouterId;
import io.zitipekko.transport.channel.Message;
import io.zitipekko.transport.control.ControlContentType;
import io.zitipekko.transport.control.proto.LinkConnState;
import io.zitipekko.transport.control.proto.LinkStateUpdate;
import io.zitipekko.transport.control.proto.RouterLinks;
import io.zitipekko.transport.control.proto.metrics.Histogram;
import io.zitipekko.transport.control.proto.metrics.MetricsMessage;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.pekko.actor.typed.ActorRef;

/** What routers report of their links, and the latencies in their metrics (protocol/03 sections 9.5 and 9.6). */
public final class LinkReports implements ControlRequests.Subject {
    private static final String PREFIX = "link.";
    private static final String LATENCY = ".latency";
    private static final String QUEUE_TIME = ".queue_time";

    private final ActorRef<Links.Command> links;

    public LinkReports(ActorRef<Links.Command> links) {
        this.links = links;
    }

    @Override
    public void register(ControlRequests.Builder handlers) {
        handlers.on(ControlContentType.ROUTER_LINKS, this::reported)
                .on(ControlContentType.LINK_STATE, this::stateUpdated)
                .on(ControlContentType.METRICS, this::metrics);
    }

    private void reported(ConnectedRouter router, Message message) throws InvalidProtocolBufferException {
        RouterLinks report = RouterLinks.parseFrom(message.bodyBytes());
        List<LinkReport> reported = report.getLinksList().stream()
                .map(l -> new LinkReport(
                        new LinkId(l.getId()),
                        new RouterId(l.getDestRouterId()),
                        l.getLinkProtocol(),
                        l.getDialAddress(),
                        l.getIteration(),
                        l.getConnState().getStateIteration(),
                        connections(l.getConnState())))
                .toList();
        links.tell(new Links.Reported(router.id(), reported, report.getFullRefresh()));
    }

    private static List<LinkStatus.Connection> connections(LinkConnState state) {
        return state.getConnsList().stream()
                .map(c -> new LinkStatus.Connection(c.getType(), c.getLocalAddr(), c.getRemoteAddr()))
                .toList();
    }

    private void stateUpdated(ConnectedRouter router, Message message) throws InvalidProtocolBufferException {
        LinkStateUpdate update = LinkStateUpdate.parseFrom(message.bodyBytes());
        links.tell(new Links.StateUpdated(
                router.id(),
                new LinkId(update.getLinkId()),
                update.getLinkIteration(),
                update.getConnState().getStateIteration(),
                connections(update.getConnState())));
    }

    private void metrics(ConnectedRouter router, Message message) throws InvalidProtocolBufferException {
        MetricsMessage metrics = MetricsMessage.parseFrom(message.bodyBytes());
        if (!metrics.getSourceId().equals(router.id().value())) {
            return;
        }
        Map<LinkId, Duration> latencies = new HashMap<>();
        metrics.getHistogramsMap().forEach((name, histogram) -> {
            if (name.startsWith(PREFIX)
                    && name.endsWith(LATENCY)
                    && name.length() > PREFIX.length() + LATENCY.length()) {
                String id = name.substring(PREFIX.length(), name.length() - LATENCY.length());
                Histogram queue = metrics.getHistogramsMap().get(PREFIX + id + QUEUE_TIME);
                double nanos = histogram.getMean() + (queue == null ? 0 : queue.getMean());
                // NaN and negative values compare false and are dropped; huge ones saturate.
                if (nanos >= 0) {
                    latencies.put(new LinkId(id), Duration.ofNanos((long) nanos));
                }
            }
        });
        if (!latencies.isEmpty()) {
            links.tell(new Links.Measured(router.id(), latencies));
        }
    }
}
