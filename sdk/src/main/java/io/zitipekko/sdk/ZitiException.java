package io.zitipekko.sdk;

import io.zitipekko.transport.edge.EdgeErrorCode;
import io.zitipekko.transport.edge.RetryHint;
import java.util.Optional;
import java.util.concurrent.CompletionException;
import org.jspecify.annotations.Nullable;

/**
 * Something that was asked of the network failed. The message names the service and the router where there is one, the peer's
 * reason and its code.
 */
public final class ZitiException extends RuntimeException {
    private static final long serialVersionUID = 1;

    private final transient @Nullable EdgeErrorCode code;
    private final transient RetryHint hint;

    public ZitiException(String message) {
        this(message, null, RetryHint.DEFAULT, null);
    }

    public ZitiException(String message, Throwable cause) {
        this(message, null, RetryHint.DEFAULT, unwrapped(cause));
    }

    private ZitiException(String message, @Nullable EdgeErrorCode code, RetryHint hint, @Nullable Throwable cause) {
        super(message, cause);
        this.code = code;
        this.hint = hint;
    }

    /** A refusal by a router or a controller, with its code where it gave one. */
    public static ZitiException refused(String message, @Nullable EdgeErrorCode code, RetryHint hint) {
        String withCode = code == null ? message : message + " (code " + code.code() + ", " + code + ")";
        return new ZitiException(withCode, code, hint, null);
    }

    /** OpenZiti's code for the refusal; empty when the failure is of another kind. */
    public Optional<EdgeErrorCode> code() {
        return Optional.ofNullable(code);
    }

    /** What the refusing side says about trying again. */
    public RetryHint hint() {
        return hint;
    }

    /** The failure itself, without the wrappings of completion stages. */
    public static Throwable unwrapped(Throwable failure) {
        Throwable cause = failure;
        while (cause instanceof CompletionException && cause.getCause() != null) {
            cause = cause.getCause();
        }
        return cause;
    }
}
