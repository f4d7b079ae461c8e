package io.zitipekko.transport.secret;

/** The end-to-end encryption cannot go on: the connection must be closed. Never says anything of keys or content. */
public final class SecretStreamException extends RuntimeException {
    private static final long serialVersionUID = 1;

    public SecretStreamException(String message) {
        super(message);
    }
}
