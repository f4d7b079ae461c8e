package io.zitipekko.actors.fabric.circuit;

import io.zitipekko.transport.control.RouteErrorCode;

/**
 * Why a circuit could not be built.
 *
 * @param cause for events
 * @param text for whoever asked
 */
record CircuitFailure(Cause cause, String text) {
    /** OpenZiti's causes (protocol/03 section 8.4); the names go out as they are. */
    enum Cause {
        ID_GENERATION_ERR,
        NO_TERMINATORS,
        NO_ONLINE_TERMINATORS,
        NO_PATH,
        INVALID_STRATEGY,
        ROUTER_RESPONSE_TIMEOUT,
        ENCRYPTION_DATA_MISSING,
        ROUTER_ERR_GENERIC,
        ROUTER_ERR_INVALID_TERMINATOR,
        ROUTER_ERR_MISCONFIGURED_TERMINATOR,
        ROUTER_ERR_DIAL_TIMED_OUT,
        ROUTER_ERR_CONN_REFUSED,
        ROUTER_ERR_REJECTED_BY_APPLICATION,
        ROUTER_ERR_DNS_RESOLUTION_FAILED,
        ROUTER_ERR_PORT_NOT_ALLOWED,
        ROUTER_ERR_INVALID_LINK_DESTINATION,
        ROUTER_ERR_RESOURCES_NOT_AVAILABLE;

        static Cause of(RouteErrorCode code) {
            return switch (code) {
                case GENERIC, MISCONFIGURED_TERMINATOR -> ROUTER_ERR_GENERIC;
                case INVALID_TERMINATOR -> ROUTER_ERR_INVALID_TERMINATOR;
                case DIAL_TIMED_OUT -> ROUTER_ERR_DIAL_TIMED_OUT;
                case CONNECTION_REFUSED -> ROUTER_ERR_CONN_REFUSED;
                case REJECTED_BY_APPLICATION -> ROUTER_ERR_REJECTED_BY_APPLICATION;
                case DNS_RESOLUTION_FAILED -> ROUTER_ERR_DNS_RESOLUTION_FAILED;
                case PORT_NOT_ALLOWED -> ROUTER_ERR_PORT_NOT_ALLOWED;
                case INVALID_LINK_DESTINATION -> ROUTER_ERR_INVALID_LINK_DESTINATION;
                case RESOURCES_NOT_AVAILABLE -> ROUTER_ERR_RESOURCES_NOT_AVAILABLE;
            };
        }
    }
}
