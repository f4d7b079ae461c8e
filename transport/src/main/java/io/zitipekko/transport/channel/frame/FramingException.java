package io.zitipekko.transport.channel.frame;

/** The bytes received are no frames that we speak; the connection cannot go on. */
public class FramingException extends Exception {
    private static final long serialVersionUID = 1L;

    public FramingException(String message) {
        super(message);
    }
}
