package io.zitipekko.actors.router;

/** No controller that the message is for is connected now. */
public final class NoControllerException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    public NoControllerException(ControllerPreference preference) {
        super("no controller connected for " + preference);
    }
}
