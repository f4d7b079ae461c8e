package io.zitipekko.transport.channel;

import java.util.Map;

/**
 * The connection kinds and how each spreads over underlays (protocol/01 section 7).
 *
 * @param alpn the protocol name its dialers offer and its listeners accept
 * @param firstType type of the first underlay
 * @param highType type of underlays that carry {@link Lane#HIGH} alone
 * @param wanted how many underlays of each type a dialer keeps up by default
 * @param heartbeats whether headers 5 and 6 run on it
 */
public record ChannelKind(
        String alpn, String firstType, String highType, Map<String, Integer> wanted, boolean heartbeats) {
    public static final ChannelKind CONTROL =
            new ChannelKind("ziti-ctrl", "ctrl.default", "ctrl.high", Map.of("ctrl.default", 1, "ctrl.high", 1), true);
    public static final ChannelKind LINK =
            new ChannelKind("ziti-link", "link.default", "link.ack", Map.of("link.default", 3, "link.ack", 1), true);
    public static final ChannelKind EDGE =
            new ChannelKind("ziti-edge", "edge.default", "edge.control", Map.of("edge.default", 1), false);
}
