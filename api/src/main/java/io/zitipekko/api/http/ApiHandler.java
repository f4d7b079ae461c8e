package io.zitipekko.api.http;

import io.zitipekko.actors.model.ModelException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;

/**
 * Answers one kind of request. Runs on an HTTP thread and must not block. Throws, or fails its stage with, {@link ApiError} or
 * {@link ModelException} to refuse; anything else becomes 500 {@code UNHANDLED} and is logged.
 */
@FunctionalInterface
public interface ApiHandler {
    CompletionStage<ApiResponse> handle(RequestContext request);

    /** A handler that has its answer at once. */
    static ApiHandler direct(Function<RequestContext, ApiResponse> answer) {
        return request -> CompletableFuture.completedFuture(answer.apply(request));
    }
}
