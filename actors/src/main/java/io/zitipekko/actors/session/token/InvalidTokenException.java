package io.zitipekko.actors.session.token;

/** A token that must not be believed. The message says why, never what the token was. Has no stack trace: it is an answer, not a fault. */
public final class InvalidTokenException extends Exception {
    private static final long serialVersionUID = 1L;

    /** What an API answer distinguishes. */
    public enum Reason {
        /** Not a token of ours: shape, key, algorithm, signature, or claims. */
        INVALID,
        /** It was ours, and its time is over. */
        EXPIRED
    }

    private final Reason reason;

    public InvalidTokenException(Reason reason, String message) {
        super(message, null, false, false);
        this.reason = reason;
    }

    public Reason reason() {
        return reason;
    }
}
