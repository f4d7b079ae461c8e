package io.zitipekko.transport.edge;

/** What a refused peer may do next (protocol/02 section 3.2). */
public enum RetryHint {
    DEFAULT(0),
    TOO_BUSY(1),
    START_OVER(2),
    NOT_RETRIABLE(3);

    private final int code;

    RetryHint(int code) {
        this.code = code;
    }

    /** The number on the wire. */
    public int code() {
        return code;
    }

    /** The constant of a wire number; {@link #DEFAULT} for a number that is not known here. */
    public static RetryHint of(int code) {
        for (RetryHint v : values()) {
            if (v.code == code) {
                return v;
            }
        }
        return DEFAULT;
    }
}
