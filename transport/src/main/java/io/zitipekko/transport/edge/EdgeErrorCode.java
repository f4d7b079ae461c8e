package io.zitipekko.transport.edge;

/** Error codes of header 1014 and of error JSON (protocol/02 section 3.2). */
public enum EdgeErrorCode {
    OK(0),
    INTERNAL(1),
    INVALID_API_SESSION(2),
    INVALID_SESSION(3),
    WRONG_SESSION_TYPE(4),
    INVALID_EDGE_ROUTER_FOR_SESSION(5),
    INVALID_SERVICE(6),
    TUNNELING_NOT_ENABLED(7),
    INVALID_TERMINATOR(8),
    INVALID_PRECEDENCE(9),
    INVALID_COST(10),
    ENCRYPTION_DATA_MISSING(11),
    INVALID_API_SESSION_TYPE(12),
    INVALID_INSTANCE_ID(13),
    ACCESS_DENIED(14),
    POSTURE_CHECK_FAILED(15);

    private final int code;

    EdgeErrorCode(int code) {
        this.code = code;
    }

    /** The number on the wire. */
    public int code() {
        return code;
    }

    /** The constant of a wire number; {@link #INTERNAL} for a number that is not known here. */
    public static EdgeErrorCode of(int code) {
        for (EdgeErrorCode v : values()) {
            if (v.code == code) {
                return v;
            }
        }
        return INTERNAL;
    }
}
