package io.zitipekko.actors.router.dial;

import io.zitipekko.transport.control.RouteErrorCode;
import java.util.Objects;

/** A route that cannot be set up; its text reaches the dialling SDK inside the controller's. */
public final class RouteException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final RouteErrorCode error;

    public RouteException(RouteErrorCode error, String message) {
        super(message);
        this.error = Objects.requireNonNull(error, "error");
    }

    public RouteException(RouteErrorCode error, String message, Throwable cause) {
        super(message, cause);
        this.error = Objects.requireNonNull(error, "error");
    }

    public RouteErrorCode error() {
        return error;
    }
}
