package io.zitipekko.transport.tls;

import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;

/** Failures as they come out of completion stages. */
final class Failures {
    private Failures() {}

    /** The failure itself, out of the wrappings that completion stages add. */
    static Throwable unwrap(Throwable failure) {
        Throwable inner = failure;
        while ((inner instanceof CompletionException || inner instanceof ExecutionException)
                && inner.getCause() != null) {
            inner = inner.getCause();
        }
        return inner;
    }

    /** Its message, or its kind where it has none. */
    static String text(Throwable failure) {
        Throwable inner = unwrap(failure);
        return inner.getMessage() == null ? inner.getClass().getSimpleName() : inner.getMessage();
    }
}
