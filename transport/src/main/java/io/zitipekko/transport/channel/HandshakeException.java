package io.zitipekko.transport.channel;

/** An underlay did not get past its Hello: refused by the listener, or an answer that makes no sense. */
public final class HandshakeException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    public HandshakeException(String message) {
        super(message);
    }

    public HandshakeException(String message, Throwable cause) {
        super(message, cause);
    }
}
