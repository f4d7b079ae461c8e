package io.zitipekko.actors.router.circuit;

import io.zitipekko.transport.channel.Message;

/** What a connection id on an SDK's channel stands for. Called on the channel's threads: must not block. */
public interface SdkEnd {
    /** A message with this connection id has arrived. */
    void onMessage(Message message);

    /** The SDK's channel is gone. */
    void onChannelClosed();

    /** The right to it is lost: it ends at once, and the SDK is told with this text. */
    void revoke(String text);
}
