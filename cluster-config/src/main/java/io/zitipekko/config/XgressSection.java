package io.zitipekko.config;

import io.zitipekko.transport.xgress.XgressOptions;
import java.time.Duration;

/** The options of a router's file that say how the end of a circuit sends and receives (protocol/07 section 13). */
final class XgressSection {
    private XgressSection() {}

    /** @param o {@code options} of a listener or dialer; what it does not say is as by default */
    static XgressOptions read(Section o) {
        XgressOptions d = XgressOptions.DEFAULTS;
        var limit = o.integer("txPortalMaxSize", 1, Integer.MAX_VALUE);
        int max = limit.orElse(d.windowMax());
        int min =
                Math.min(max, o.integer("txPortalMinSize", 1, Integer.MAX_VALUE).orElse(d.windowMin()));
        // Our sender starts low and grows, so a configured start is an upper limit for it, not an order to burst.
        int start = Math.max(
                min,
                Math.min(
                        d.windowStart(),
                        o.integer("txPortalStartSize", 1, Integer.MAX_VALUE).orElse(d.windowStart())));
        o.tolerate(
                "txPortalIncreaseThresh",
                "txPortalIncreaseScale",
                "txPortalRetxThresh",
                "txPortalRetxScale",
                "txPortalDupAckThresh",
                "txPortalDupAckScale",
                "txQueueSize",
                "retxScale",
                "retxAddMs",
                "maxRttScale",
                "getCircuitTimeout",
                "mtu",
                "randomDrops",
                "drop1InN");
        Duration retransmitMax = o.integer("retxMaxMs", 0, Integer.MAX_VALUE)
                .filter(n -> n > 0)
                .map(Duration::ofMillis)
                .orElse(d.retransmitMax());
        return new XgressOptions(
                Math.min(start, max),
                min,
                max,
                limit.orElse(d.peerBuffer()),
                o.integer("rxBufferSize", 1, Integer.MAX_VALUE).orElse(d.receiveBuffer()),
                o.integer("retxStartMs", 1, Integer.MAX_VALUE)
                        .map(Duration::ofMillis)
                        .orElse(d.retransmitStart()),
                d.retransmitMin().compareTo(retransmitMax) > 0 ? retransmitMax : d.retransmitMin(),
                retransmitMax,
                d.ackDelay(),
                o.integer("maxCloseWaitMs", 0, Integer.MAX_VALUE)
                        .map(Duration::ofMillis)
                        .orElse(d.maxCloseWait()),
                o.duration("circuitStartTimeout").orElse(d.circuitStartTimeout()),
                d.keepsUntaken());
    }
}
