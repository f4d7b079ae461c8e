package io.zitipekko.transport.identity;

/** Key material that cannot be read or does not fit together; the message names the value and what to do. */
public final class InvalidIdentityException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    public InvalidIdentityException(String message) {
        super(message);
    }

    public InvalidIdentityException(String message, Throwable cause) {
        super(message, cause);
    }
}
