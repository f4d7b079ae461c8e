package io.zitipekko.transport.control;

/** Why a router could not route a circuit: header 1104 of a route result (protocol/03 section 8.4). */
public enum RouteErrorCode {
    GENERIC(0),
    INVALID_TERMINATOR(1),
    MISCONFIGURED_TERMINATOR(2),
    DIAL_TIMED_OUT(3),
    CONNECTION_REFUSED(4),
    REJECTED_BY_APPLICATION(5),
    DNS_RESOLUTION_FAILED(6),
    PORT_NOT_ALLOWED(7),
    INVALID_LINK_DESTINATION(8),
    RESOURCES_NOT_AVAILABLE(9);

    private final int code;

    RouteErrorCode(int code) {
        this.code = code;
    }

    /** The number on the wire. */
    public int code() {
        return code;
    }

    /** The constant of a wire number; {@link #GENERIC} for a number that is not known here. */
    public static RouteErrorCode of(int code) {
        for (RouteErrorCode v : values()) {
            if (v.code == code) {
                return v;
            }
        }
        return GENERIC;
    }
}
