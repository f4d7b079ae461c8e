package io.zitipekko.api.http;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.zitipekko.actors.event.AccessRefused;
import io.zitipekko.actors.event.EventBus;
import io.zitipekko.actors.model.Model;
import io.zitipekko.actors.model.ModelException;
import io.zitipekko.actors.model.id.ApiSessionId;
import io.zitipekko.actors.model.id.IdentityId;
import java.io.IOException;
import java.io.OutputStream;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import org.apache.pekko.actor.testkit.typed.javadsl.ActorTestKit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

class ApiServerTest {
    private static final HttpLimits LIMITS = new HttpLimits(
            1 << 20, Duration.ofMillis(600), Duration.ofSeconds(2), Duration.ofSeconds(20), Duration.ofMillis(500));

    private static final EventBus EVENTS = new EventBus();

    private static ActorTestKit kit;
    private static TestListener listener;
    private static HttpClient client;

    @BeforeAll
    static void start() {
        kit = ActorTestKit.create();
        ApiSettings settings =
                new ApiSettings("v2.1.0", "r", "d", "ctrl:1280", List.of("ctrl:1280"), List.of(), "instance-1", LIMITS);
        ApiContext context = new ApiContext(
                kit.system(), settings, unusedModel(), ApiServerTest::resolve, EVENTS, InstantSource.system());
        ApiRoutes edge = ApiRoutes.under("/edge/client/v1")
                .get(
                        "version",
                        Access.ANONYMOUS,
                        ApiHandler.direct(r -> ApiResponse.ok(Json.object()
                                .put("path", r.path())
                                .put("who", r.caller().map(Caller::name).orElse("nobody"))
                                .put("q", r.parameter("q").orElse("")))))
                .get(
                        "things/{id}",
                        Access.AUTHENTICATED,
                        ApiHandler.direct(r -> ApiResponse.ok(Json.object().put("id", r.variable("id")))))
                .get("things/special", Access.ANONYMOUS, ApiHandler.direct(r -> ApiResponse.empty()))
                .post("things", Access.ANONYMOUS, ApiHandler.direct(r -> ApiResponse.ok(r.jsonObject())))
                .get("slow", Access.ANONYMOUS, r -> new CompletableFuture<>())
                .get("broken", Access.ANONYMOUS, r -> {
                    throw new IllegalStateException("secret detail");
                })
                .get(
                        "taken",
                        Access.ANONYMOUS,
                        r -> CompletableFuture.failedFuture(
                                new ModelException(ModelException.Kind.NOT_UNIQUE, "duplicate", "name", "x")))
                .build();
        ApiRoutes management = ApiRoutes.under("/edge/management/v1")
                .get(
                        "version",
                        Access.ANONYMOUS,
                        ApiHandler.direct(r -> ApiResponse.ok(Json.object().put("path", r.path()))))
                .get("identities", Access.ADMIN, ApiHandler.direct(r -> ApiResponse.empty()))
                .get(
                        "services",
                        Access.permission("service", Access.Action.READ),
                        ApiHandler.direct(r -> ApiResponse.empty()))
                .build();
        listener = TestListener.bind(kit.system(), ApiServer.handler(context, List.of(edge, management)));
        client = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    }

    @AfterAll
    static void stop() {
        listener.close();
        kit.shutdownTestKit();
    }

    @Test
    void everyAliasOfVersionAnswers() throws Exception {
        for (String path : List.of(
                "/",
                "/version",
                "//version",
                "/edge/client/v1/version",
                "/edge/v1/version",
                "/edge/client/v1",
                "/edge/client/v1/./x/../version/",
                "/edge/client//v1/version//")) {
            assertThat(data(get(path)).get("path").asText()).as(path).isEqualTo("/edge/client/v1/version");
        }
        assertThat(data(get("/edge/management/v1/")).get("path").asText()).isEqualTo("/edge/management/v1/version");
    }

    @Test
    void everyAnswerCarriesTheHeadersThatSdksRead() throws Exception {
        HttpResponse<String> response = get("/version");

        assertThat(response.headers().firstValue("content-type")).hasValue("application/json");
        assertThat(response.headers().firstValue("ziti-instance-id")).hasValue("instance-1");
        assertThat(response.headers().firstValue("server")).hasValue("ziti-controller/v2.1.0");
        assertThat(response.headers().firstValue("access-control-allow-origin")).isEmpty();
    }

    @Test
    void aBrowserOfAnyOriginIsAdmitted() throws Exception {
        HttpResponse<String> preflight = send(request("/edge/client/v1/things")
                .method("OPTIONS", HttpRequest.BodyPublishers.noBody())
                .setHeader("Origin", "https://console.example"));

        assertThat(preflight.statusCode()).isEqualTo(200);
        assertThat(preflight.headers().firstValue("access-control-allow-origin"))
                .hasValue("*");
        assertThat(preflight
                        .headers()
                        .firstValue("access-control-allow-headers")
                        .orElse(""))
                .contains("zt-session");
    }

    @Test
    void unknownPathsAndWrongVerbsAreAnsweredInTheEnvelope() throws Exception {
        assertError(get("/edge/client/v1/no-such-thing"), 404, "NOT_FOUND");
        assertError(get("/edge/nope"), 404, "NOT_FOUND");
        assertError(get("/nope"), 404, "NOT_FOUND");
        assertError(send(request("/version").DELETE()), 405, "METHOD_NOT_ALLOWED");
    }

    @Test
    void aLiteralSegmentWinsOverAVariable() throws Exception {
        assertThat(get("/things/special").statusCode()).isEqualTo(200);
        assertError(get("/things/other"), 401, "UNAUTHORIZED");
    }

    @Test
    void anEncodedSlashStaysInsideItsVariable() throws Exception {
        HttpResponse<String> response = send(request("/things/a%2Fb%20c").setHeader("zt-session", "user"));

        assertThat(data(response).get("id").asText()).isEqualTo("a/b c");
    }

    @Test
    void queriesAreDecodedOnce() throws Exception {
        assertThat(data(get("/version?q=name%3D%22a%2Bb%22+x")).get("q").asText())
                .isEqualTo("name=\"a+b\" x");
    }

    @Test
    void withoutATokenBothChallengesAreSent() throws Exception {
        HttpResponse<String> response = get("/things/1");

        assertError(response, 401, "UNAUTHORIZED");
        assertThat(response.headers().allValues("www-authenticate"))
                .containsExactly("zt-session realm=\"zt-session\" error=\"missing\" "
                        + "error_description=\"no matching token was provided\",Bearer realm=\"openziti-oidc\" "
                        + "error=\"missing\" error_description=\"no matching token was provided\"");
    }

    @Test
    void aBadTokenIsChallengedWhereItMattersAndIgnoredWhereItDoesNot() throws Exception {
        HttpResponse<String> refused = send(request("/things/1").setHeader("zt-session", "bad"));

        assertThat(refused.headers().firstValue("www-authenticate"))
                .hasValue("zt-session realm=\"zt-session\" error=\"invalid\" error_description=\"token is invalid\"");
        HttpResponse<String> open = send(request("/version").setHeader("zt-session", "bad"));
        assertThat(data(open).get("who").asText()).isEqualTo("nobody");
    }

    @Test
    void onlyWhoHasTheRightPasses() throws Exception {
        assertThat(asCaller("admin", "/edge/management/v1/identities").statusCode())
                .isEqualTo(200);
        assertError(asCaller("user", "/edge/management/v1/identities"), 401, "UNAUTHORIZED");
        assertError(asCaller("reader", "/edge/management/v1/identities"), 401, "UNAUTHORIZED");
        assertThat(asCaller("reader", "/edge/management/v1/services").statusCode())
                .isEqualTo(200);
        assertError(asCaller("partial", "/edge/client/v1/things/1"), 401, "UNAUTHORIZED");
    }

    @Test
    void aRefusedCallIsAnEventThatSaysWhoWhenceWhatAndWhy() throws Exception {
        List<AccessRefused> told = new CopyOnWriteArrayList<>();
        try (EventBus.Subscription subscription = EVENTS.subscribe(AccessRefused.class, told::add)) {
            asCaller("user", "/edge/management/v1/identities?token=TOPSECRET");
            asCaller("forged", "/edge/management/v1/identities");
            asCaller("admin", "/edge/management/v1/identities");
        }

        assertThat(told).hasSize(2).allSatisfy(event -> {
            assertThat(event.door()).isEqualTo(AccessRefused.Door.API);
            assertThat(event.from()).startsWith("127.0.0.1:");
            assertThat(event.object()).isEqualTo("GET /edge/management/v1/identities");
        });
        assertThat(told.get(0).subject()).startsWith("identity ");
        assertThat(told.get(0).reason()).contains("rights");
        assertThat(told.get(1).subject()).isEqualTo("nobody known");
        assertThat(told.get(1).reason()).contains("no such session");
    }

    @Test
    void brokenJsonIsRefusedWithItsReason() throws Exception {
        for (String body : List.of("{\"a\":", "", "null", "[]", "{} x", "{\"a\":NaN}", "\u0000")) {
            assertError(post("/things", body), 400, "COULD_NOT_PARSE_BODY");
        }
    }

    @Test
    void nestingBombsAndHugeNumbersAreRefused() throws Exception {
        assertError(post("/things", "{\"a\":" + "[".repeat(100_000)), 400, "COULD_NOT_PARSE_BODY");
        assertError(post("/things", "{\"a\":" + "{\"a\":".repeat(100_000)), 400, "COULD_NOT_PARSE_BODY");
        assertError(post("/things", "{\"a\":" + "9".repeat(500_000) + "}"), 400, "COULD_NOT_PARSE_BODY");
        assertError(post("/things", "{\"a\":[{\"b\":1e400}]}"), 400, "COULD_NOT_PARSE_BODY");
    }

    @Test
    void aBodyOverTheLimitIsRefusedBareAndEndsTheConnection() throws Exception {
        HttpResponse<String> response = post("/things", "{\"a\":\"" + "x".repeat(1 << 20) + "\"}");

        assertThat(response.statusCode()).isEqualTo(413);
        assertThat(response.headers().firstValue("connection").orElse("")).isEqualToIgnoringCase("close");
        JsonNode body = Json.read(response.body().getBytes(StandardCharsets.UTF_8));
        assertThat(body.get("code").asText()).isEqualTo("REQUEST_ENTITY_TOO_LARGE");
        assertThat(body.get("cause").isNull()).isTrue();
        assertThat(post("/things", "{\"a\":\"" + "x".repeat((1 << 20) - 8) + "\"}")
                        .statusCode())
                .isEqualTo(200);
    }

    @Test
    @DisplayName("GHSA-q8g9-jc4c-jp6q, GHSA-j952-6x8x-jmj6: bodies were buffered whole before anything was checked")
    void anEndlessChunkedBodyIsCutOffWithoutFillingMemory() throws Exception {
        byte[] chunk = ("10000\r\n" + "x".repeat(0x10000) + "\r\n").getBytes(StandardCharsets.US_ASCII);
        long sent = 0;
        String answer;
        try (Socket socket = connect()) {
            OutputStream out = socket.getOutputStream();
            out.write(head("POST /things HTTP/1.1", "Transfer-Encoding: chunked"));
            try {
                while (sent < 1L << 30) {
                    out.write(chunk);
                    sent += 0x10000;
                }
            } catch (IOException e) {
                assertThat(e).hasMessageMatching("(?i).*(reset|pipe|abort|closed).*");
            }
            answer = readWhatIsThere(socket);
        }

        assertThat(sent).isLessThan(64L << 20);
        assertThat(answer).satisfiesAnyOf(text -> assertThat(text).startsWith("HTTP/1.1 413"), text -> assertThat(text)
                .isEmpty());
    }

    @Test
    void aDeclaredLengthOverTheLimitIsRefusedBeforeAnyByteOfTheBody() throws Exception {
        try (Socket socket = connect()) {
            socket.getOutputStream()
                    .write(head("POST /things HTTP/1.1", "Content-Length: 1073741824", "Expect: 100-continue"));

            assertThat(readWhatIsThere(socket)).startsWith("HTTP/1.1 413").contains("REQUEST_ENTITY_TOO_LARGE");
        }
    }

    @Test
    void headersThatDribbleInAreCutOff() throws Exception {
        try (Socket socket = connect()) {
            socket.getOutputStream()
                    .write("GET /version HTTP/1.1\r\nHost: x\r\nX-Slow: ".getBytes(StandardCharsets.US_ASCII));

            assertThat(readWhatIsThere(socket)).doesNotContain("200");
        }
    }

    @Test
    void aBodyThatNeverEndsIsGivenUp() throws Exception {
        try (Socket socket = connect()) {
            socket.getOutputStream().write(head("POST /things HTTP/1.1", "Content-Length: 100", "X: y"));

            assertThat(readWhatIsThere(socket)).startsWith("HTTP/1.1 408").contains("COULD_NOT_READ_BODY");
        }
    }

    @Test
    void oversizedHeadersAreRefused() throws Exception {
        try (Socket socket = connect()) {
            socket.getOutputStream().write(head("GET /version HTTP/1.1", "X-Big: " + "y".repeat(40_000)));

            assertThat(readWhatIsThere(socket)).startsWith("HTTP/1.1 431");
        }
    }

    @Test
    void aHandlerThatDoesNotAnswerIsAnsweredFor() throws Exception {
        assertError(get("/slow"), 503, "TIMEOUT");
    }

    @Test
    void anUnforeseenFailureShowsItsRequestIdAndNothingElse() throws Exception {
        HttpResponse<String> response = get("/broken");

        assertError(response, 500, "UNHANDLED");
        assertThat(response.body()).doesNotContain("secret detail").contains("requestId");
    }

    @Test
    void aRefusalOfTheModelNamesTheField() throws Exception {
        HttpResponse<String> response = get("/taken");

        assertError(response, 400, "COULD_NOT_VALIDATE");
        JsonNode cause = json(response).get("error").get("cause");
        assertThat(cause.get("field").asText()).isEqualTo("name");
        assertThat(cause.get("value").asText()).isEqualTo("x");
    }

    @Test
    void oneConnectionServesManyRequests() throws Exception {
        try (Socket socket = connect()) {
            for (int i = 0; i < 3; i++) {
                socket.getOutputStream().write(head("GET /version HTTP/1.1", "X: y"));
                byte[] some = new byte[4096];
                int n = socket.getInputStream().read(some);
                assertThat(new String(some, 0, n, StandardCharsets.US_ASCII)).startsWith("HTTP/1.1 200");
            }
        }
    }

    /** Each request's own time counts, not that of all before it on the same connection. */
    @Test
    void aConnectionOutlivesTheTimeThatOneRequestMayTake() throws Exception {
        long end = System.nanoTime() + LIMITS.headTimeout().multipliedBy(3).toNanos();
        byte[] some = new byte[4096];
        try (Socket socket = connect()) {
            while (System.nanoTime() < end) {
                socket.getOutputStream().write(head("GET /version HTTP/1.1", "X: y"));
                assertThat(socket.getInputStream().read(some)).isPositive();
            }
        }
    }

    private static CallerResolver.Resolution resolve(CallerResolver.Credentials credentials) {
        if (credentials.ztSession().isEmpty()) {
            return new CallerResolver.Nobody();
        }
        String token = credentials.ztSession().get();
        return switch (token) {
            case "admin", "user", "reader", "partial" ->
                new CallerResolver.Known(new Caller(
                        new IdentityId(token),
                        token,
                        new ApiSessionId("s"),
                        token.equals("admin"),
                        token.equals("reader") ? Set.of("admin_readonly") : Set.of(),
                        token.equals("partial")));
            default -> new CallerResolver.Refused(List.of(Challenge.INVALID_SESSION));
        };
    }

    private static Model unusedModel() {
        return (Model) java.lang.reflect.Proxy.newProxyInstance(
                Model.class.getClassLoader(), new Class<?>[] {Model.class}, (proxy, method, args) -> {
                    throw new UnsupportedOperationException(method.getName());
                });
    }

    private static HttpRequest.Builder request(String path) {
        return HttpRequest.newBuilder(URI.create(listener.url(path))).timeout(Duration.ofSeconds(10));
    }

    private static HttpResponse<String> get(String path) throws Exception {
        return send(request(path));
    }

    private static HttpResponse<String> asCaller(String token, String path) throws Exception {
        return send(request(path).setHeader("zt-session", token));
    }

    private static HttpResponse<String> post(String path, String body) throws Exception {
        return send(request(path).POST(HttpRequest.BodyPublishers.ofString(body)));
    }

    private static HttpResponse<String> send(HttpRequest.Builder request) throws Exception {
        return client.send(request.build(), HttpResponse.BodyHandlers.ofString());
    }

    private static JsonNode json(HttpResponse<String> response) {
        return Json.read(response.body().getBytes(StandardCharsets.UTF_8));
    }

    private static JsonNode data(HttpResponse<String> response) {
        assertThat(response.statusCode()).as(response.body()).isEqualTo(200);
        return json(response).get("data");
    }

    private static void assertError(HttpResponse<String> response, int status, String code) {
        assertThat(response.statusCode()).as(response.body()).isEqualTo(status);
        JsonNode error = json(response).get("error");
        assertThat(error.get("code").asText()).isEqualTo(code);
        assertThat(error.get("requestId").asText()).isNotEmpty();
        assertThat(json(response).get("meta").get("apiVersion").asText()).isEqualTo("0.0.1");
    }

    private static Socket connect() throws IOException {
        Socket socket = new Socket("127.0.0.1", listener.address().getPort());
        socket.setSoTimeout(8000);
        return socket;
    }

    private static byte[] head(String... lines) {
        return (String.join("\r\n", lines) + "\r\nHost: localhost\r\n\r\n").getBytes(StandardCharsets.US_ASCII);
    }

    private static String readWhatIsThere(Socket socket) {
        StringBuilder out = new StringBuilder();
        byte[] some = new byte[8192];
        try {
            int n;
            while ((n = socket.getInputStream().read(some)) > 0) {
                out.append(new String(some, 0, n, StandardCharsets.US_ASCII));
            }
        } catch (java.net.SocketTimeoutException e) {
            throw new AssertionError("the connection stayed open; read so far: " + out, e);
        } catch (IOException e) {
            return out.toString();
        }
        return out.toString();
    }
}
