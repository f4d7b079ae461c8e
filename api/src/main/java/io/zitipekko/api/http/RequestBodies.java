package io.zitipekko.api.http;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.apache.pekko.http.javadsl.model.HttpEntity;
import org.apache.pekko.http.javadsl.model.HttpRequest;
import org.apache.pekko.http.javadsl.model.RequestEntity;
import org.apache.pekko.stream.Materializer;
import org.apache.pekko.stream.javadsl.Sink;
import org.apache.pekko.util.ByteString;
import org.apache.pekko.util.ByteStringBuilder;

/** Reads request bodies, never more of one than the limit. protocol/05 section 1.4. */
final class RequestBodies {
    /** How much of a refused body is read and dropped, so that a client that sends before it reads still sees the answer. */
    private static final long DRAINED_BYTES = 4L << 20;

    private static final Duration DRAIN_TIME = Duration.ofSeconds(2);

    private final HttpLimits limits;
    private final Materializer materializer;

    /** The body is larger than it may be. */
    static final class TooLarge extends RuntimeException {
        private static final long serialVersionUID = 1L;

        TooLarge() {
            super("body too large", null, false, false);
        }
    }

    RequestBodies(HttpLimits limits, Materializer materializer) {
        this.limits = limits;
        this.materializer = materializer;
    }

    /** The whole body. The stage fails with {@link TooLarge}, or with a timeout when it comes too slowly. */
    CompletionStage<byte[]> read(HttpRequest request) {
        RequestEntity entity = request.entity();
        if (entity instanceof HttpEntity.Strict strict) {
            ByteString data = strict.getData();
            return data.size() > limits.bodyBytes()
                    ? CompletableFuture.failedFuture(new TooLarge())
                    : CompletableFuture.completedFuture(data.toArrayUnsafe());
        }
        if (entity.getContentLengthOption().orElse(0) > limits.bodyBytes()) {
            if (request.getHeader("Expect").isEmpty()) {
                drain(entity);
            }
            return CompletableFuture.failedFuture(new TooLarge());
        }
        return readStreamed(entity);
    }

    private CompletionStage<byte[]> readStreamed(RequestEntity entity) {
        CompletableFuture<byte[]> body = new CompletableFuture<>();
        ByteStringBuilder collected = new ByteStringBuilder();
        CompletionStage<Long> end = entity.getDataBytes()
                .completionTimeout(limits.bodyTimeout())
                .statefulMap(
                        () -> new long[1],
                        (seen, chunk) -> {
                            seen[0] += chunk.size();
                            if (seen[0] <= limits.bodyBytes()) {
                                collected.append(chunk);
                            } else if (body.completeExceptionally(new TooLarge())) {
                                collected.clear();
                            }
                            return org.apache.pekko.japi.Pair.create(seen, seen[0]);
                        },
                        seen -> java.util.Optional.empty())
                .takeWhile(seen -> seen <= limits.bodyBytes() + DRAINED_BYTES)
                .runWith(Sink.fold(0L, (last, seen) -> seen), materializer);
        end.whenComplete((total, failure) -> {
            if (failure != null) {
                body.completeExceptionally(failure);
            } else {
                body.complete(collected.result().toArrayUnsafe());
            }
        });
        return body;
    }

    private void drain(RequestEntity entity) {
        entity.getDataBytes()
                .takeWithin(DRAIN_TIME)
                .limitWeighted(DRAINED_BYTES, chunk -> (long) chunk.size())
                .recoverWithRetries(1, Throwable.class, org.apache.pekko.stream.javadsl.Source::empty)
                .runWith(Sink.ignore(), materializer);
    }
}
