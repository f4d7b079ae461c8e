package io.zitipekko.transport.channel;

/** The channel was closed before what was asked of it could happen. */
public final class ChannelClosedException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    public ChannelClosedException(String reason) {
        super("channel closed: " + reason);
    }
}
