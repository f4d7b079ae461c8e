package io.zitipekko.sdk.edge;

import io.zitipekko.transport.channel.Message;

/** Takes the messages of one connection id. Called on the channel's thread: must not block. */
public interface MessageSink {
    /** What an inspecting router is told: a dialed or accepted connection. */
    int TYPE_DIAL = 1;
    /** A listener. */
    int TYPE_BIND = 2;

    void onMessage(Message message);

    /** The channel is gone; called once, and nothing after it. */
    void onChannelClosed(String reason);

    /** {@link #TYPE_DIAL} or {@link #TYPE_BIND}. */
    int inspectType();
}
