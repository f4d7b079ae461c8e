package io.zitipekko.pki;

/** A certificate folder cannot be used as asked. The message is one line and says what to do. */
public final class PkiException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    public PkiException(String message) {
        super(message);
    }
}
