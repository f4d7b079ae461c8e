package io.zitipekko.api.http;

import io.zitipekko.actors.enrollment.EnrollmentException;
import io.zitipekko.actors.event.AccessRefused;
import io.zitipekko.actors.model.ModelException;
import io.zitipekko.transport.tls.TlsPeer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.pekko.http.javadsl.model.HttpHeader;
import org.apache.pekko.http.javadsl.model.HttpRequest;
import org.apache.pekko.http.javadsl.model.HttpResponse;
import org.apache.pekko.stream.Materializer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * From a request to its answer: path, body, caller, access, handler, errors. Never fails: what goes wrong is an answer too. One for each
 * listener; thread-safe.
 */
final class RequestPipeline {
    private static final Logger LOG = LoggerFactory.getLogger(RequestPipeline.class);
    private static final String ID_LETTERS = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
    private static final int MAX_BEARERS = 3;

    private final ApiContext context;
    private final RouteTable routes;
    private final RequestBodies bodies;
    private final ResponseRenderer renderer;

    RequestPipeline(ApiContext context, RouteTable routes) {
        this.context = context;
        this.routes = routes;
        this.bodies = new RequestBodies(context.settings().limits(), Materializer.matFromSystem(context.system()));
        this.renderer = new ResponseRenderer(context.settings());
    }

    CompletionStage<HttpResponse> answer(HttpRequest request, TlsPeer peer) {
        String id = newId();
        boolean crossOrigin = request.getHeader("Origin").isPresent();
        return bodies.read(request)
                .exceptionally(RequestPipeline::unreadable)
                .thenCompose(body -> dispatch(id, request, peer, body))
                .handle((response, failure) -> {
                    if (failure == null) {
                        return renderer.render(response, crossOrigin);
                    }
                    Throwable cause = unwrap(failure);
                    if (cause instanceof RequestBodies.TooLarge) {
                        return renderer.tooLarge(crossOrigin);
                    }
                    if (cause instanceof UnreadableBody) {
                        ApiError error =
                                ApiError.of("COULD_NOT_READ_BODY", 408, "The body of the request did not arrive");
                        return renderer.closing(ApiResponse.json(408, Envelope.error(error, id)), crossOrigin);
                    }
                    ApiError error = toError(id, request, cause);
                    ApiResponse answer = new ApiResponse(
                            error.status(), ApiResponse.JSON, Json.write(Envelope.error(error, id)), error.headers());
                    return renderer.render(answer, crossOrigin);
                });
    }

    private CompletionStage<ApiResponse> dispatch(String id, HttpRequest request, TlsPeer peer, byte[] body) {
        String method = request.method().value();
        if (method.equals("OPTIONS")) {
            return CompletableFuture.completedFuture(new ApiResponse(200, "", new byte[0], Map.of()));
        }
        List<String> segments = ApiPaths.segments(request.getUri().path(), routes.claimed());
        RouteTable.Match match = routes.find(method, segments).orElseThrow(ApiErrors::notFound);
        Map<String, List<String>> headers = headers(request);
        String path = "/" + String.join("/", segments);
        Optional<Caller> caller = admit(match.route().access(), headers, peer, method + " " + path);
        RequestContext read = new RequestContext(
                id,
                method,
                path,
                match.variables(),
                ApiPaths.query(request.getUri().rawQueryString().orElse("")),
                headers,
                peer,
                caller,
                body,
                context.clock().instant());
        CompletionStage<ApiResponse> handled;
        try {
            handled = match.route().handler().handle(read);
        } catch (RuntimeException e) {
            handled = CompletableFuture.failedFuture(e);
        }
        return withDeadline(handled).whenComplete((response, failure) -> {
            if (failure != null) {
                refused(read, unwrap(failure));
            }
        });
    }

    /** Tells of what a handler refused. A refused log-in is told by whoever judged it. */
    private void refused(RequestContext request, Throwable cause) {
        if (cause instanceof EnrollmentException refusal) {
            refused(
                    AccessRefused.Door.ENROLLMENT,
                    request.caller(),
                    request.peer(),
                    request.method() + " " + request.path(),
                    refusal.code().name());
        } else if (cause instanceof ApiError error
                && (error.status() == 401 || error.status() == 403)
                && !error.code().equals("INVALID_AUTH")) {
            refused(
                    AccessRefused.Door.API,
                    request.caller(),
                    request.peer(),
                    request.method() + " " + request.path(),
                    error.code());
        }
    }

    private void refused(AccessRefused.Door door, Optional<Caller> caller, TlsPeer peer, String call, String reason) {
        context.events()
                .publish(new AccessRefused(
                        context.clock().instant(),
                        door,
                        caller.map(known -> "identity " + known.identityId()).orElse("nobody known"),
                        peer.remoteAddress(),
                        call,
                        reason));
    }

    private Optional<Caller> admit(Access access, Map<String, List<String>> headers, TlsPeer peer, String call) {
        CallerResolver.Resolution resolution = context.callers().resolve(credentials(headers, peer));
        Optional<Caller> caller =
                resolution instanceof CallerResolver.Known known ? Optional.of(known.caller()) : Optional.empty();
        if (access.admits(caller)) {
            return caller;
        }
        refused(
                AccessRefused.Door.API,
                caller,
                peer,
                call,
                caller.isPresent()
                        ? "its rights do not reach so far"
                        : resolution instanceof CallerResolver.Nobody ? "no session was shown" : "no such session");
        if (resolution instanceof CallerResolver.Refused refused) {
            throw ApiErrors.unauthorized(refused.challenges());
        }
        throw caller.isPresent() ? ApiErrors.unauthorized() : ApiErrors.unauthorized(Challenge.NOTHING);
    }

    private static CallerResolver.Credentials credentials(Map<String, List<String>> headers, TlsPeer peer) {
        List<String> bearers = headers.getOrDefault("authorization", List.of()).stream()
                .filter(value -> value.regionMatches(true, 0, "Bearer ", 0, 7))
                .map(value -> value.substring(7).trim())
                .limit(MAX_BEARERS)
                .toList();
        Optional<String> session =
                headers.getOrDefault("zt-session", List.of()).stream().findFirst();
        return new CallerResolver.Credentials(session, bearers, peer.certificates(), peer.remote());
    }

    private CompletionStage<ApiResponse> withDeadline(CompletionStage<ApiResponse> answer) {
        CompletableFuture<ApiResponse> future = answer.toCompletableFuture();
        if (future.isDone()) {
            return future;
        }
        return future.copy()
                .orTimeout(context.settings().limits().handlerTimeout().toMillis(), TimeUnit.MILLISECONDS);
    }

    private ApiError toError(String id, HttpRequest request, Throwable cause) {
        if (cause instanceof ApiError error) {
            return error;
        }
        if (cause instanceof ModelException refusal) {
            return ApiErrors.of(refusal, request.method().value().equals("DELETE"));
        }
        if (cause instanceof EnrollmentException refusal) {
            return ApiErrors.of(refusal);
        }
        if (cause instanceof TimeoutException) {
            LOG.warn(
                    "request {} {} {}: no answer in time",
                    id,
                    request.method().value(),
                    request.getUri().path());
            return ApiErrors.timeout();
        }
        LOG.error(
                "request {} {} {} failed",
                id,
                request.method().value(),
                request.getUri().path(),
                cause);
        return ApiErrors.unhandled("An unhandled error occurred; request " + id);
    }

    /** The body did not arrive in time, or the connection broke in the middle of it. */
    private static final class UnreadableBody extends RuntimeException {
        private static final long serialVersionUID = 1L;

        UnreadableBody(Throwable cause) {
            super(null, cause, false, false);
        }
    }

    private static byte[] unreadable(Throwable failure) {
        Throwable cause = unwrap(failure);
        throw cause instanceof RequestBodies.TooLarge tooLarge ? tooLarge : new UnreadableBody(cause);
    }

    private static Throwable unwrap(Throwable failure) {
        Throwable cause = failure;
        while (cause instanceof CompletionException && cause.getCause() != null) {
            cause = cause.getCause();
        }
        return cause;
    }

    private static Map<String, List<String>> headers(HttpRequest request) {
        Map<String, List<String>> out = new HashMap<>();
        for (HttpHeader header : request.getHeaders()) {
            out.computeIfAbsent(header.lowercaseName().toLowerCase(Locale.ROOT), n -> new ArrayList<>(1))
                    .add(header.value());
        }
        String type = request.entity().getContentType().toString();
        if (!type.equals("none/none")) {
            out.put("content-type", List.of(type));
        }
        return out;
    }

    private static String newId() {
        StringBuilder out = new StringBuilder(12);
        for (int i = 0; i < 12; i++) {
            out.append(ID_LETTERS.charAt(ThreadLocalRandom.current().nextInt(ID_LETTERS.length())));
        }
        return out.toString();
    }
}
