package io.zitipekko.actors.router.dial;

/** Why a route could not be set up here; the code of header 1104 (protocol/03 section 8.4). */
public enum RouteError {
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

    RouteError(int code) {
        this.code = code;
    }

    public int code() {
        return code;
    }
}
