package io.zitipekko.actors.router.link;

import com.google.protobuf.Timestamp;
import io.zitipekko.actors.model.id.RouterId;
import io.zitipekko.actors.router.ControllerClient;
import io.zitipekko.actors.router.ControllerId;
import io.zitipekko.actors.router.ControllerPreference;
import io.zitipekko.actors.router.control.ControlMessages;
import io.zitipekko.actors.router.forwarder.ForwarderCounters;
import io.zitipekko.transport.channel.Lane;
import io.zitipekko.transport.control.ControlContentType;
import io.zitipekko.transport.control.proto.metrics.Histogram;
import io.zitipekko.transport.control.proto.metrics.MetricsMessage;
import java.time.Instant;
import java.time.InstantSource;
import java.util.UUID;

/**
 * Reports of this router's measurements (message 1007). Controllers weigh links by {@code link.<id>.latency} and
 * {@code link.<id>.queue_time}; a link that never reports them is practically unused (protocol/04 section 1.7).
 */
public final class MetricsReports {
    private final RouterId self;
    private final LinkTable links;
    private final ForwarderCounters counters;
    private final ControllerClient controllers;
    private final InstantSource clock;

    public MetricsReports(
            RouterId self,
            LinkTable links,
            ForwarderCounters counters,
            ControllerClient controllers,
            InstantSource clock) {
        this.self = self;
        this.links = links;
        this.counters = counters;
        this.controllers = controllers;
        this.clock = clock;
    }

    /** Reports to every controller; the first one that takes it may turn it into events. */
    public void report() {
        Instant now = clock.instant();
        MetricsMessage.Builder body = MetricsMessage.newBuilder()
                .setEventId(UUID.randomUUID().toString())
                .setSourceId(self.value())
                .setTimestamp(
                        Timestamp.newBuilder().setSeconds(now.getEpochSecond()).setNanos(now.getNano()));
        for (RouterLink link : links.all()) {
            if (!link.latency.isEmpty()) {
                body.putHistograms("link." + link.id + ".latency", link.latency.toHistogram());
                // Nothing waits here but what the window allows: the queue's part is within the measured round trip.
                body.putHistograms(
                        "link." + link.id + ".queue_time",
                        Histogram.newBuilder().setCount(1).build());
            }
        }
        body.putIntValues("forwarder.messages", counters.messages());
        body.putIntValues("forwarder.payload_bytes", counters.payloadBytes());
        boolean propagated = false;
        for (ControllerId c : controllers.connected()) {
            propagated |= controllers.send(
                    ControllerPreference.only(c),
                    Lane.DEFAULT,
                    ControlMessages.of(
                            ControlContentType.METRICS,
                            body.setDoNotPropagate(propagated).build()));
        }
    }
}
