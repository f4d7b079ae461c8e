package io.zitipekko.transport.channel;

/** Makes the handler of a channel that was dialed. */
@FunctionalInterface
public interface ChannelHandlerFactory {
    /**
     * Called once, when the first underlay's Result has come and before anything after it is dispatched. Must not block. The channel
     * may be used at once, {@link Channel#handshake()} is the Result. An exception closes the channel and fails the dial.
     */
    ChannelHandler attach(Channel channel);
}
