package io.zitipekko.management;

/** A request to the management API failed. The message is one line: what was asked, what the controller said, what to do. */
public final class ManagementException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    public ManagementException(String message) {
        super(message);
    }

    public ManagementException(String message, Throwable cause) {
        super(message, cause);
    }
}
