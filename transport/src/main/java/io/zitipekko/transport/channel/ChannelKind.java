package io.zitipekko.transport.channel;

import java.time.Duration;
import java.util.Map;

/**
 * The connection kinds and how each spreads over underlays (protocol/01 sections 7, 9 and 10).
 *
 * @param alpn the protocol name its dialers offer and its listeners accept
 * @param firstType type of the first underlay
 * @param highType type of underlays that carry {@link Lane#HIGH} alone
 * @param lowType type of underlays that carry {@link Lane#LOW} alone; empty when the kind has none
 * @param wanted how many underlays of each type a dialer keeps up by default
 * @param firstTypeRequired whether a group without an underlay of the first type closes
 * @param sharesHigh whether underlays of the first type carry {@link Lane#HIGH} even while one of the high type is up
 * @param heartbeats whether headers 5 and 6 run on it
 * @param minDialGap least time between two dials for one channel
 * @param stableAfter an underlay that lives shorter counts as a failed dial; zero for never
 */
public record ChannelKind(
        String alpn,
        String firstType,
        String highType,
        String lowType,
        Map<String, Integer> wanted,
        boolean firstTypeRequired,
        boolean sharesHigh,
        boolean heartbeats,
        Duration minDialGap,
        Duration stableAfter) {
    public static final ChannelKind CONTROL = new ChannelKind(
            "ziti-ctrl",
            "ctrl.default",
            "ctrl.high",
            "ctrl.low",
            Map.of("ctrl.default", 1, "ctrl.high", 1),
            false,
            false,
            true,
            Duration.ofSeconds(1),
            Duration.ZERO);
    public static final ChannelKind LINK = new ChannelKind(
            "ziti-link",
            "link.default",
            "link.ack",
            "",
            Map.of("link.default", 3, "link.ack", 1),
            true,
            true,
            true,
            Duration.ZERO,
            Duration.ofSeconds(30));
    public static final ChannelKind EDGE = new ChannelKind(
            "ziti-edge",
            "edge.default",
            "edge.control",
            "",
            Map.of("edge.default", 1),
            true,
            false,
            false,
            Duration.ofMillis(250),
            Duration.ofSeconds(30));
}
