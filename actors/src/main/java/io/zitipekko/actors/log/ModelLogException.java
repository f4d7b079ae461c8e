package io.zitipekko.actors.log;

import org.jspecify.annotations.Nullable;

/** The model's log cannot be used. The message is one line for an operator: where, what is wrong, what to do. */
public final class ModelLogException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    public ModelLogException(String message) {
        this(message, null);
    }

    public ModelLogException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }

    /** What went wrong at the bottom of {@code fault}, in its own words. */
    public static String reason(Throwable fault) {
        Throwable at = fault;
        while (at.getCause() != null && at.getCause() != at) {
            at = at.getCause();
        }
        String text = at.getMessage();
        return text == null || text.isBlank() ? at.getClass().getSimpleName() : text;
    }
}
