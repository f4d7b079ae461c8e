package io.zitipekko.sdk.auth;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.MissingNode;
import io.zitipekko.sdk.ZitiException;
import io.zitipekko.sdk.ZitiIdentityFile;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicInteger;
import javax.net.ssl.SSLContext;
import org.jspecify.annotations.Nullable;

/**
 * Calls of the client API at whichever controller answers: one that cannot be reached, or says that it cannot serve (5xx, 429), is left
 * for the next; all share their sessions. Thread-safe; nothing blocks.
 */
public final class ControllerClient {
    private static final int MAX_ANSWER = 16 << 20;
    private static final ObjectMapper JSON = new ObjectMapper();

    private final List<URI> apis;
    private final HttpClient http;
    private final Duration timeout;
    private final AtomicInteger preferred = new AtomicInteger();

    /** @param tls trust, and the client certificate where there is one */
    public ControllerClient(List<URI> controllers, SSLContext tls, Duration timeout) {
        this.apis = controllers.stream().map(ZitiIdentityFile::clientApi).toList();
        this.timeout = timeout;
        this.http = HttpClient.newBuilder()
                .sslContext(tls)
                .version(HttpClient.Version.HTTP_1_1)
                .connectTimeout(timeout)
                .followRedirects(HttpClient.Redirect.NEVER)
                .build();
    }

    /** The {@code data} of the answer. Fails with {@link ApiException} on an error answer. */
    public CompletionStage<JsonNode> get(String path, @Nullable String token) {
        return call("GET", path, null, token);
    }

    /** The {@code data} of the answer to this JSON. */
    public CompletionStage<JsonNode> post(String path, JsonNode body, @Nullable String token) {
        return call("POST", path, body, token);
    }

    /** Deletes. */
    public CompletionStage<JsonNode> delete(String path, @Nullable String token) {
        return call("DELETE", path, null, token);
    }

    private CompletionStage<JsonNode> call(
            String method, String path, @Nullable JsonNode body, @Nullable String token) {
        return attempt(method, path, body, token, 0);
    }

    private CompletionStage<JsonNode> attempt(
            String method, String path, @Nullable JsonNode body, @Nullable String token, int tried) {
        int index = Math.floorMod(preferred.get(), apis.size());
        URI uri = URI.create(apis.get(index) + path);
        HttpRequest.Builder request = HttpRequest.newBuilder(uri)
                .timeout(timeout)
                .header("Accept", "application/json")
                .method(
                        method,
                        body == null
                                ? HttpRequest.BodyPublishers.noBody()
                                : HttpRequest.BodyPublishers.ofString(body.toString()));
        if (body != null) {
            request.header("Content-Type", "application/json");
        }
        if (token != null) {
            request.header("zt-session", token);
        }
        return http.sendAsync(request.build(), BoundedText.upTo(MAX_ANSWER))
                .thenApply(response -> data(method, uri, response))
                .handle((data, failure) -> {
                    if (failure == null) {
                        return CompletableFuture.completedStage(data);
                    }
                    Throwable cause = ZitiException.unwrapped(failure);
                    if (isWorthAnotherController(cause) && tried + 1 < apis.size()) {
                        preferred.compareAndSet(index, index + 1);
                        return attempt(method, path, body, token, tried + 1);
                    }
                    return CompletableFuture.<JsonNode>failedStage(
                            cause instanceof ApiException
                                    ? cause
                                    : new ZitiException(
                                            "controller " + uri.getAuthority() + " cannot be asked (" + method + " "
                                                    + uri.getPath() + "): " + describe(cause),
                                            cause));
                })
                .thenCompose(stage -> stage);
    }

    private static String describe(Throwable cause) {
        return cause.getMessage() == null ? cause.getClass().getSimpleName() : cause.getMessage();
    }

    private static boolean isWorthAnotherController(Throwable cause) {
        return cause instanceof IOException || (cause instanceof ApiException api && isUnableToServe(api.status()));
    }

    private static boolean isUnableToServe(int status) {
        return status == 429 || (status >= 500 && status < 600);
    }

    private static JsonNode data(String method, URI uri, HttpResponse<String> response) {
        JsonNode answer = parsed(response.body());
        int status = response.statusCode();
        if (status >= 200 && status < 300) {
            return answer.path("data");
        }
        JsonNode error = answer.has("error") ? answer.path("error") : answer;
        JsonNode cause = error.path("cause");
        String detail = cause.path("message").asText(cause.path("reason").asText(""));
        throw new ApiException(
                method,
                uri,
                status,
                error.path("code").asText(""),
                error.path("message").asText("no explanation") + (detail.isEmpty() ? "" : " (" + detail + ")"));
    }

    private static JsonNode parsed(String text) {
        try {
            JsonNode parsed = JSON.readTree(text);
            return parsed == null ? MissingNode.getInstance() : parsed;
        } catch (JsonProcessingException e) {
            // An error page of something in between: the status says enough.
            return MissingNode.getInstance();
        }
    }
}
