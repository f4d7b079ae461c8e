package io.zitipekko.api.client;

import io.zitipekko.actors.session.AuthenticatedSession;
import io.zitipekko.actors.session.AuthenticationResult;
import io.zitipekko.actors.session.LoginRequest;
import io.zitipekko.api.client.json.ApiSessionJson;
import io.zitipekko.api.http.Access;
import io.zitipekko.api.http.ApiError;
import io.zitipekko.api.http.ApiErrors;
import io.zitipekko.api.http.ApiHandler;
import io.zitipekko.api.http.ApiResponse;
import io.zitipekko.api.http.ApiRoutes;
import io.zitipekko.api.http.Json;
import io.zitipekko.api.http.RequestContext;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/** Log-in, the current API session, log-out (protocol/05 section 5). */
final class AuthenticationRoutes {
    private static final DateTimeFormatter EXPIRES_AT =
            DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm:ss.SS '+0000 UTC'").withZone(ZoneOffset.UTC);

    private static final int LONGEST_TEXT = 255;
    private static final int MOST_CONFIG_TYPES = 500;
    private static final List<String> ENV_FIELDS =
            List.of("arch", "os", "osRelease", "osVersion", "domain", "hostname");
    private static final List<String> SDK_FIELDS =
            List.of("type", "version", "branch", "revision", "appId", "appVersion");

    private final ClientContext context;

    AuthenticationRoutes(ClientContext context) {
        this.context = context;
    }

    /** Body of a log-in; every part may be missing. */
    record LoginBody(
            @Nullable String username,
            @Nullable String password,
            @Nullable List<@Nullable String> configTypes,
            @Nullable Map<String, @Nullable Object> envInfo,
            @Nullable Map<String, @Nullable Object> sdkInfo) {
        @Override
        public String toString() {
            return "LoginBody[***]";
        }
    }

    void addTo(ApiRoutes.Builder routes) {
        routes.post("authenticate", Access.ANONYMOUS, this::authenticate);
        routes.get("current-api-session", Access.PARTIALLY_AUTHENTICATED, ApiHandler.direct(this::current));
        routes.delete("current-api-session", Access.PARTIALLY_AUTHENTICATED, this::logOut);
        routes.get(
                "current-api-session/service-updates", Access.AUTHENTICATED, ApiHandler.direct(this::serviceUpdates));
    }

    private CompletionStage<ApiResponse> authenticate(RequestContext request) {
        String method = request.parameter("method")
                .orElseThrow(() -> ApiErrors.couldNotValidate("method", "method in query is required", null));
        LoginBody body = request.jsonAs(LoginBody.class);
        LoginRequest login = new LoginRequest(
                configTypes(body.configTypes()),
                info("envInfo", body.envInfo(), ENV_FIELDS),
                info("sdkInfo", body.sdkInfo(), SDK_FIELDS),
                request.peer().remote().getAddress().getHostAddress());
        return switch (method) {
            case "cert" ->
                context.sessions()
                        .apiSessions()
                        .authenticateByCertificate(request.peer().certificates(), login)
                        .thenApply(this::answer);
            case "password" ->
                context.sessions()
                        .apiSessions()
                        .authenticateByPassword(
                                required("username", body.username()), required("password", body.password()), login)
                        .thenApply(this::answer);
            default -> throw ApiErrors.couldNotValidate("method", "should be one of [cert password]", method);
        };
    }

    private ApiResponse answer(AuthenticationResult result) {
        if (result instanceof AuthenticationResult.Authenticated authenticated) {
            AuthenticatedSession session = authenticated.session();
            return ApiResponse.ok(ApiSessionJson.of(session, context.view()))
                    .withHeader("zt-session", session.session().token())
                    .withHeader(
                            "expiration-seconds",
                            Long.toString(session.timeout().toSeconds()))
                    .withHeader("expires-at", EXPIRES_AT.format(session.expiresAt()));
        }
        if (result instanceof AuthenticationResult.Busy) {
            throw ApiErrors.tooManyRequests();
        }
        throw ApiErrors.invalidAuth();
    }

    private ApiResponse current(RequestContext request) {
        return ApiResponse.ok(ApiSessionJson.of(context.session(request), context.view()));
    }

    private CompletionStage<ApiResponse> logOut(RequestContext request) {
        return context.sessions()
                .apiSessions()
                .delete(request.requireCaller().apiSessionId(), request.author())
                .thenApply(done -> ApiResponse.empty());
    }

    private ApiResponse serviceUpdates(RequestContext request) {
        Instant last = context.sessions()
                .serviceChanges()
                .lastChange(request.requireCaller().identityId());
        return ApiResponse.ok(Json.object().put("lastChangeAt", Json.date(last)));
    }

    private static String required(String field, @Nullable String value) {
        if (value == null || value.isEmpty()) {
            throw ApiErrors.required(field);
        }
        return value;
    }

    private static List<String> configTypes(@Nullable List<@Nullable String> wanted) {
        if (wanted == null) {
            return List.of();
        }
        if (wanted.size() > MOST_CONFIG_TYPES) {
            throw ApiErrors.couldNotValidate("configTypes", "at most " + MOST_CONFIG_TYPES + " entries", wanted.size());
        }
        return wanted.stream().filter(Objects::nonNull).map(String::valueOf).toList();
    }

    /** The fields that are known, as text; whatever else an SDK sends is ignored. */
    private static Map<String, Object> info(
            String name, @Nullable Map<String, @Nullable Object> sent, List<String> fields) {
        Map<String, Object> out = new LinkedHashMap<>();
        for (String field : fields) {
            Object value = sent == null ? null : sent.get(field);
            if (value instanceof String text && !text.isEmpty()) {
                if (text.length() > LONGEST_TEXT) {
                    throw tooLong(name + "." + field, text);
                }
                out.put(field, text);
            }
        }
        return out;
    }

    private static ApiError tooLong(String field, String text) {
        return ApiErrors.couldNotValidate(
                field, "should be at most " + LONGEST_TEXT + " characters, has " + text.length(), null);
    }
}
