package io.zitipekko.sdk;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.crypto.ECDSASigner;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsServer;
import io.zitipekko.transport.identity.Pem;
import io.zitipekko.transport.pki.AlternativeNames;
import io.zitipekko.transport.pki.CertificateSubject;
import io.zitipekko.transport.pki.CertsOnlyPkcs7;
import io.zitipekko.transport.pki.Csr;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.security.PrivateKey;
import java.security.interfaces.ECPrivateKey;
import java.time.Duration;
import java.time.Instant;
import java.util.Date;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;

/** As much of the client API as the SDK asks for, over real HTTPS; says what it was asked. */
final class FakeController implements AutoCloseable {
    private static final ObjectMapper JSON = new ObjectMapper();

    final List<String> requests = new CopyOnWriteArrayList<>();
    final Set<String> tokens = ConcurrentHashMap.newKeySet();
    final Map<String, Boolean> services = new ConcurrentHashMap<>();
    final Map<String, String> routers = new ConcurrentHashMap<>();
    volatile int expirationSeconds = 1800;
    volatile String permissions = "[\"Dial\",\"Bind\"]";

    private final AtomicInteger counter = new AtomicInteger();
    private final ExecutorService threads = Executors.newCachedThreadPool(task -> {
        Thread thread = new Thread(task, "fake-controller");
        thread.setDaemon(true);
        return thread;
    });
    private final TestKeys keys;
    private final HttpsServer server;

    FakeController(TestKeys keys) throws Exception {
        this.keys = keys;
        this.server = HttpsServer.create(new InetSocketAddress(InetAddress.getByName("127.0.0.1"), 0), 0);
        server.setHttpsConfigurator(new HttpsConfigurator(keys.serverContext()));
        server.setExecutor(threads);
        server.createContext("/", this::handle);
        server.start();
    }

    URI uri() {
        return URI.create("https://localhost:" + server.getAddress().getPort());
    }

    /** An enrollment token, signed by this key. */
    String enrollmentToken(String method, PrivateKey signer, Instant expires) throws Exception {
        SignedJWT jwt = new SignedJWT(
                new JWSHeader(JWSAlgorithm.ES256),
                new JWTClaimsSet.Builder()
                        .issuer(uri().toString())
                        .subject("client-id")
                        .jwtID("one-time-secret")
                        .claim("em", method)
                        .expirationTime(Date.from(expires))
                        .build());
        jwt.sign(new ECDSASigner((ECPrivateKey) signer));
        return jwt.serialize();
    }

    private void handle(HttpExchange exchange) throws IOException {
        String path = exchange.getRequestURI().getPath();
        String call = exchange.getRequestMethod() + " " + path.replace("/edge/client/v1", "");
        String body = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
        requests.add(call);
        try {
            answer(exchange, call, body);
        } catch (Exception e) {
            reply(exchange, 500, "{\"error\":{\"code\":\"UNHANDLED\",\"message\":\"" + e.getMessage() + "\"}}");
        }
    }

    private void answer(HttpExchange exchange, String call, String body) throws Exception {
        String token = exchange.getRequestHeaders().getFirst("zt-session");
        switch (call) {
            case "GET /.well-known/est/cacerts" ->
                reply(exchange, 200, CertsOnlyPkcs7.encodeBase64(keys.authority.chain()));
            case "POST /enroll" -> enroll(exchange, body);
            case "POST /authenticate" -> authenticate(exchange, body);
            default -> {
                if (token == null || !tokens.contains(token)) {
                    reply(exchange, 401, "{\"error\":{\"code\":\"UNAUTHORIZED\",\"message\":\"no such session\"}}");
                } else {
                    authenticated(exchange, call, body, token);
                }
            }
        }
    }

    private void authenticate(HttpExchange exchange, String body) throws IOException {
        JsonNode json = JSON.readTree(body);
        if (json.has("password") && !"secret".equals(json.path("password").asText())) {
            reply(exchange, 401, "{\"error\":{\"code\":\"INVALID_AUTH\",\"message\":\"wrong\"}}");
            return;
        }
        String token = "token-" + counter.incrementAndGet();
        tokens.add(token);
        data(exchange, 200, session(token));
    }

    private String session(String token) {
        return "{\"id\":\"session-of-" + token + "\",\"token\":\"" + token + "\",\"identityId\":\"client-id\","
                + "\"identity\":{\"id\":\"client-id\",\"name\":\"client\"},\"authQueries\":[],\"expirationSeconds\":"
                + expirationSeconds + "}";
    }

    private void authenticated(HttpExchange exchange, String call, String body, String token) throws Exception {
        switch (call) {
            case "GET /current-api-session" -> data(exchange, 200, session(token));
            case "DELETE /current-api-session" -> {
                tokens.remove(token);
                data(exchange, 200, "{}");
            }
            case "POST /current-api-session/certificates" -> {
                Csr csr = Csr.parse(JSON.readTree(body).path("csr").asText());
                String pem = Pem.write(keys.authority.issueClient(
                        CertificateSubject.of("client-id", csr.publicKey(), AlternativeNames.NONE),
                        Duration.ofHours(12)));
                data(
                        exchange,
                        201,
                        JSON.createObjectNode().put("certificate", pem).toString());
            }
            case "GET /services" -> services(exchange);
            case "GET /current-identity/edge-routers" -> data(exchange, 200, routers());
            case "POST /sessions" -> {
                JsonNode json = JSON.readTree(body);
                String kind = json.path("type").asText();
                data(
                        exchange,
                        201,
                        "{\"id\":\"s" + counter.incrementAndGet() + "\",\"token\":\"" + kind + ":"
                                + json.path("serviceId").asText() + "\",\"edgeRouters\":" + routers() + "}");
            }
            default -> reply(exchange, 404, "{\"error\":{\"code\":\"NOT_FOUND\",\"message\":\"nothing here\"}}");
        }
    }

    private void services(HttpExchange exchange) throws IOException {
        String query = exchange.getRequestURI().getQuery();
        StringBuilder list = new StringBuilder("[");
        services.forEach((name, encrypted) -> {
            if (!query.contains("filter=") || query.contains("\"" + name + "\"")) {
                list.append(list.length() == 1 ? "" : ",")
                        .append("{\"id\":\"id-of-" + name + "\",\"name\":\"" + name + "\",\"encryptionRequired\":"
                                + encrypted + ",\"permissions\":" + permissions + ",\"config\":{}}");
            }
        });
        data(exchange, 200, list + "]");
    }

    private String routers() {
        StringBuilder list = new StringBuilder("[");
        routers.forEach((name, url) -> list.append(list.length() == 1 ? "" : ",")
                .append("{\"name\":\"" + name + "\",\"isOnline\":true,\"supportedProtocols\":{\"tls\":\"" + url
                        + "\"}}"));
        return list + "]";
    }

    private void enroll(HttpExchange exchange, String body) throws Exception {
        String query = exchange.getRequestURI().getQuery();
        if (!query.contains("token=one-time-secret")) {
            reply(exchange, 400, "{\"error\":{\"code\":\"INVALID_ENROLLMENT_TOKEN\",\"message\":\"used\"}}");
        } else if (query.contains("method=ott")) {
            Csr csr = Csr.parse(body);
            String pem = Pem.write(
                    keys.authority.issueClient(CertificateSubject.of(csr, AlternativeNames.NONE), Duration.ofDays(1)));
            data(exchange, 200, JSON.createObjectNode().put("cert", pem).toString());
        } else {
            data(exchange, 200, body);
        }
    }

    private static void data(HttpExchange exchange, int status, String data) throws IOException {
        reply(exchange, status, "{\"data\":" + data + ",\"meta\":{}}");
    }

    private static void reply(HttpExchange exchange, int status, String body) throws IOException {
        byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
        exchange.getResponseHeaders().add("content-type", "application/json");
        exchange.sendResponseHeaders(status, bytes.length);
        exchange.getResponseBody().write(bytes);
        exchange.close();
    }

    @Override
    public void close() {
        server.stop(0);
        threads.shutdownNow();
    }
}
