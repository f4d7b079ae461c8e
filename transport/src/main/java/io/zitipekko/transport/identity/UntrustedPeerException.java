package io.zitipekko.transport.identity;

/** A peer's certificates do not prove an identity that we trust; the message says which check failed. Checked, so that nobody forgets it. */
public final class UntrustedPeerException extends Exception {
    private static final long serialVersionUID = 1L;

    public UntrustedPeerException(String message) {
        super(message);
    }

    public UntrustedPeerException(String message, Throwable cause) {
        super(message, cause);
    }
}
