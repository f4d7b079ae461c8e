package io.zitipekko.config;

import io.zitipekko.transport.channel.ChannelOptions;
import java.time.Duration;
import java.util.Optional;

/** The options of a router's file that concern a channel, of whatever kind (protocol/07 sections 11 to 13). */
final class ChannelSection {
    private ChannelSection() {}

    /** @param d what holds where the section says nothing */
    static ChannelOptions read(Optional<Section> section, ChannelOptions d) {
        if (section.isEmpty()) {
            return d;
        }
        Section o = section.get();
        o.tolerate("outQueueSize", "maxQueuedConnects", "maxOutstandingConnects", "writeTimeout");
        Duration timeout = o.duration("connectTimeout")
                .or(() -> o.integer("connectTimeoutMs", 0, Integer.MAX_VALUE).map(Duration::ofMillis))
                .orElse(d.helloTimeout());
        if (timeout.compareTo(Duration.ofMillis(30)) < 0 || timeout.compareTo(Duration.ofSeconds(60)) > 0) {
            throw o.wrong("connectTimeout", timeout, "30ms to 60s");
        }
        return new ChannelOptions(
                timeout,
                d.maxMessageBytes(),
                d.laneBytes(),
                d.closeUnresponsive(),
                d.firstResponseGrace(),
                d.startupDelay());
    }
}
