package io.zitipekko.transport.pki;

/** A certificate request that cannot be read or whose self-signature does not hold. The message may be shown to the client. */
public final class InvalidCsrException extends Exception {
    private static final long serialVersionUID = 1L;

    public InvalidCsrException(String message) {
        super(message);
    }

    public InvalidCsrException(String message, Throwable cause) {
        super(message, cause);
    }
}
