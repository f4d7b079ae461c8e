package io.zitipekko.transport.channel;

import java.time.Duration;

/**
 * Bounds and times of channels; defaults are protocol/01's.
 *
 * @param helloTimeout Hello read and Result written, or the whole dial
 * @param maxMessageBytes headers and body together; a longer message ends the connection
 * @param laneBytes high-water mark of each outbound lane, in bytes
 * @param closeUnresponsive without an answered heartbeat for so long the channel is closed
 * @param firstResponseGrace extra time before the first heartbeat answer is due
 * @param startupDelay before a dialer adds underlays beyond the first
 */
public record ChannelOptions(
        Duration helloTimeout,
        int maxMessageBytes,
        int laneBytes,
        Duration closeUnresponsive,
        Duration firstResponseGrace,
        Duration startupDelay) {
    public static final ChannelOptions CONTROL = new ChannelOptions(
            Duration.ofSeconds(5),
            128 << 20,
            64 << 20,
            Duration.ofSeconds(30),
            Duration.ofSeconds(60),
            Duration.ofSeconds(5));
    public static final ChannelOptions LINK = new ChannelOptions(
            Duration.ofSeconds(5),
            16 << 20,
            4 << 20,
            Duration.ofSeconds(60),
            Duration.ofSeconds(120),
            Duration.ofSeconds(3));
    public static final ChannelOptions EDGE = new ChannelOptions(
            Duration.ofSeconds(5), 16 << 20, 4 << 20, Duration.ofSeconds(60), Duration.ofSeconds(60), Duration.ZERO);
}
