package io.zitipekko.api.client;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.zitipekko.actors.enrollment.Enrollments;
import io.zitipekko.actors.enrollment.Enrollments.EnrolledRouter;
import io.zitipekko.api.http.Access;
import io.zitipekko.api.http.ApiError;
import io.zitipekko.api.http.ApiErrors;
import io.zitipekko.api.http.ApiResponse;
import io.zitipekko.api.http.ApiRoutes;
import io.zitipekko.api.http.Json;
import io.zitipekko.api.http.RequestContext;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/** How identities and routers come by their credentials: public, good once, by the token alone (protocol/05 section 7.3). */
final class EnrollmentRoutes {
    private static final Set<String> RAW_TYPES =
            Set.of("", "application/x-pem-file", "application/pkcs7", "text/plain");
    private static final String CA = "ca";

    private final ClientContext context;

    EnrollmentRoutes(ClientContext context) {
        this.context = context;
    }

    /** Union of what all methods send. */
    record EnrollBody(
            @Nullable String token,
            @Nullable String username,
            @Nullable String password,
            @Nullable String clientCsr,
            @Nullable String certCsr,
            @Nullable String serverCertCsr,
            @Nullable String name) {
        static final EnrollBody EMPTY = new EnrollBody(null, null, null, null, null, null, null);

        @Override
        public String toString() {
            return "EnrollBody[***]";
        }
    }

    void addTo(ApiRoutes.Builder routes) {
        routes.post(
                "enroll",
                Access.ANONYMOUS,
                request -> enroll(request, request.parameter("method").orElse(Enrollments.METHOD_OTT)));
        for (String method : List.of("ott", "ottca", CA, "updb", "erott")) {
            routes.post("enroll/" + method, Access.ANONYMOUS, request -> enroll(request, method));
        }
        routes.post("enroll/extend/router", Access.ANONYMOUS, this::extendRouter);
    }

    private CompletionStage<ApiResponse> enroll(RequestContext request, String method) {
        EnrollBody body = body(request);
        if (method.equals(CA)) {
            return enrollments()
                    .enrollCa(request.peer().certificates(), body.name(), request.source())
                    .thenApply(made -> controllersOnly());
        }
        String token = request.parameter("token").orElse(text(body.token()));
        return switch (method) {
            case Enrollments.METHOD_OTT ->
                enrollments()
                        .enrollOtt(token, text(body.clientCsr()), request.source())
                        .thenApply(enrolled -> {
                            ObjectNode out = Json.object().put("cert", enrolled.certPem());
                            out.putArray("controllers");
                            return ApiResponse.ok(out);
                        });
            case Enrollments.METHOD_OTTCA ->
                enrollments()
                        .enrollOttCa(token, request.peer().certificates(), request.source())
                        .thenApply(enrolled -> controllersOnly());
            case Enrollments.METHOD_UPDB -> enrollUpdb(token, body, request);
            case Enrollments.METHOD_EROTT ->
                enrollments()
                        .enrollRouter(token, text(body.certCsr()), text(body.serverCertCsr()), request.source())
                        .thenApply(EnrollmentRoutes::answer);
            default -> {
                enrollments().checkMethod(token, method);
                throw ApiError.of(
                        "INVALID_ENROLL_METHOD", 400, "The enrollment method '" + method + "' is not offered");
            }
        };
    }

    /** Nothing is issued: the client has its certificate. */
    private static ApiResponse controllersOnly() {
        ObjectNode out = Json.object();
        out.putArray("controllers");
        return ApiResponse.ok(out);
    }

    private CompletionStage<ApiResponse> enrollUpdb(String token, EnrollBody body, RequestContext request) {
        enrollments().checkMethod(token, Enrollments.METHOD_UPDB);
        if (body.username() == null || body.password() == null) {
            throw ApiErrors.required(body.username() == null ? "username" : "password");
        }
        return enrollments()
                .enrollUpdb(token, body.username(), body.password(), request.source())
                .thenApply(username -> ApiResponse.ok(Json.object().put("username", username)));
    }

    private CompletionStage<ApiResponse> extendRouter(RequestContext request) {
        EnrollBody body = body(request);
        if (body.certCsr() == null || body.serverCertCsr() == null) {
            throw ApiErrors.required(body.certCsr() == null ? "certCsr" : "serverCertCsr");
        }
        return context.sessions()
                .routerRenewals()
                .extend(request.peer().certificates(), body.certCsr(), body.serverCertCsr(), request.source())
                .thenApply(EnrollmentRoutes::answer);
    }

    private static ApiResponse answer(EnrolledRouter router) {
        return ApiResponse.ok(Json.object()
                .put("cert", router.certPem())
                .put("serverCert", router.serverCertPem())
                .put("ca", router.caPem()));
    }

    private Enrollments enrollments() {
        return context.sessions().enrollments();
    }

    /** JSON, or a certificate request as it stands. */
    private static EnrollBody body(RequestContext request) {
        String type = mediaType(request.header("content-type").orElse(""));
        if (type.equals("application/json")) {
            return request.jsonAs(EnrollBody.class);
        }
        if (!RAW_TYPES.contains(type)) {
            throw unsupported("content type '" + type + "' (expected: a certificate request or JSON)");
        }
        if (!acceptsJson(request)) {
            throw unsupported("the answer is JSON, which the request does not accept");
        }
        if (request.body().length == 0) {
            return EnrollBody.EMPTY;
        }
        String csr = new String(request.body(), StandardCharsets.UTF_8);
        return new EnrollBody(null, null, null, csr, null, null, null);
    }

    private static boolean acceptsJson(RequestContext request) {
        List<String> accepted = request.headers("accept");
        return accepted.isEmpty()
                || accepted.stream()
                        .flatMap(value -> List.of(value.split(",")).stream())
                        .map(EnrollmentRoutes::mediaType)
                        .anyMatch(type ->
                                type.equals("*/*") || type.equals("application/*") || type.equals("application/json"));
    }

    private static String mediaType(String header) {
        int end = header.indexOf(';');
        return (end < 0 ? header : header.substring(0, end)).trim().toLowerCase(Locale.ROOT);
    }

    private static ApiError unsupported(String why) {
        return ApiError.of("UNSUPPORTED_MEDIA", 415, "The media type is not supported")
                .because("UNHANDLED", why);
    }

    private static String text(@Nullable String value) {
        return value == null ? "" : value;
    }
}
