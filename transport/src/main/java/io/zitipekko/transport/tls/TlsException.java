package io.zitipekko.transport.tls;

/** A TLS connection that could not be made or did not end as it should; the message says on which side and why. */
public final class TlsException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    public TlsException(String message) {
        super(message);
    }

    public TlsException(String message, Throwable cause) {
        super(message, cause);
    }
}
