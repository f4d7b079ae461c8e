package io.zitipekko.transport.channel;

/** What a channel's owner does with what arrives. Called on the receiving underlay's thread, one call at a time per underlay. */
public interface ChannelHandler {
    /**
     * A message that is neither a heartbeat, a latency probe that the channel answers itself, nor the reply that a
     * {@link Channel#request} waits for. Must not block. An exception closes the channel.
     */
    void onMessage(Message message);

    /** The underlays changed (one joined or was lost), the channel lives on. */
    default void onUnderlaysChanged() {}

    /** Heartbeat answered, or latency measured otherwise. */
    default void onLatency(java.time.Duration roundTrip) {}

    /** Called exactly once, after the last {@link #onMessage}. */
    void onClosed(String reason);
}
