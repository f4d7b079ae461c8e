package io.zitipekko.management;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.MissingNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.zitipekko.transport.identity.Pem;
import io.zitipekko.transport.identity.TrustAnchors;
import io.zitipekko.transport.pki.CertsOnlyPkcs7;
import io.zitipekko.transport.tls.SslContexts;
import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.List;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManager;
import javax.net.ssl.X509ExtendedTrustManager;

/** The management API as the command line and quickstart use it: blocking, one request at a time, errors as one line. Thread-safe. */
public final class ManagementClient {
    private static final String MANAGEMENT = "/edge/management/v1/";
    private static final Duration TIMEOUT = Duration.ofSeconds(15);
    private static final ObjectMapper JSON = new ObjectMapper();

    private final String url;
    private final String token;
    private final HttpClient http;

    /**
     * @param url of the controller's API, e.g. {@code https://localhost:1280}
     * @param token of the session; a secret
     * @param caPem authorities to trust
     */
    public ManagementClient(String url, String token, String caPem) {
        this.url = url;
        this.token = token;
        this.http = HttpClient.newBuilder()
                .connectTimeout(TIMEOUT)
                .sslContext(SslContexts.anonymousClient(TrustAnchors.of(Pem.certificates(caPem))))
                .build();
    }

    /** Logs in with a password and returns the session's token. */
    public static String login(String url, String caPem, String user, String password) {
        ManagementClient client = new ManagementClient(url, "", caPem);
        ObjectNode body = JSON.createObjectNode().put("username", user).put("password", password);
        return client.send("POST", MANAGEMENT + "authenticate?method=password", body)
                .path("token")
                .asText();
    }

    /**
     * The authorities that the host itself says it uses. Whoever answers there can say anything, so the caller must have the
     * person confirm it.
     */
    public static List<X509Certificate> fetchAuthorities(String url) {
        try {
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(null, new TrustManager[] {new AcceptUnverified()}, new SecureRandom());
            HttpResponse<String> answer = HttpClient.newBuilder()
                    .connectTimeout(TIMEOUT)
                    .sslContext(context)
                    .build()
                    .send(
                            HttpRequest.newBuilder(URI.create(url + "/.well-known/est/cacerts"))
                                    .timeout(TIMEOUT)
                                    .build(),
                            HttpResponse.BodyHandlers.ofString());
            if (answer.statusCode() != 200) {
                throw new ManagementException(url + " does not tell its authorities (status " + answer.statusCode()
                        + "): is it a controller?");
            }
            return CertsOnlyPkcs7.decodeBase64(answer.body());
        } catch (IOException e) {
            throw unreachable(url, e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new ManagementException("interrupted", e);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every JDK has TLS", e);
        }
    }

    public JsonNode get(String path) {
        return send("GET", MANAGEMENT + path, null);
    }

    public JsonNode create(String collection, ObjectNode body) {
        return send("POST", MANAGEMENT + collection, body);
    }

    /** Changes the given fields of an entity. */
    public void patch(String collection, String id, ObjectNode fields) {
        send("PATCH", MANAGEMENT + collection + "/" + id, fields);
    }

    public void delete(String collection, String id) {
        send("DELETE", MANAGEMENT + collection + "/" + id, null);
    }

    /** Shows that the key of a third party's authority is held: with a certificate of it whose common name is the verification token. */
    public void verifyAuthority(String id, String certificatePem) {
        exchange("POST", MANAGEMENT + "cas/" + id + "/verify", certificatePem, "text/plain");
    }

    /** The links that the fabric knows. */
    public JsonNode links() {
        return send("GET", "/fabric/v1/links?limit=500", null);
    }

    /** A page of the circuits that are open, with its {@code meta}. */
    public JsonNode circuits() {
        return exchange("GET", "/fabric/v1/circuits?limit=1", null);
    }

    /** One page of a list, with its {@code meta}. */
    public JsonNode list(String collection, String filter) {
        String query = filter.isBlank() ? "" : "?filter=" + URLEncoder.encode(filter, StandardCharsets.UTF_8);
        return exchange("GET", MANAGEMENT + collection + query, null);
    }

    /** The id of what a person named: {@code id:x}, {@code name:x}, or either. */
    public String resolve(String collection, String named) {
        if (named.startsWith("id:")) {
            return named.substring(3);
        }
        String text = named.startsWith("name:") ? named.substring(5) : named;
        String quoted = "\"" + text.replace("\\", "\\\\").replace("\"", "\\\"") + "\"";
        JsonNode found = list(
                        collection,
                        named.startsWith("name:") ? "name=" + quoted : "id=" + quoted + " or name=" + quoted)
                .path("data");
        if (found.size() != 1) {
            throw new ManagementException(
                    collection + ": " + (found.isEmpty() ? "none" : "more than one") + " is called '" + text + "'");
        }
        return found.get(0).path("id").asText();
    }

    private JsonNode send(String method, String path, @org.jspecify.annotations.Nullable ObjectNode body) {
        return exchange(method, path, body).path("data");
    }

    private JsonNode exchange(String method, String path, @org.jspecify.annotations.Nullable ObjectNode body) {
        return exchange(method, path, body == null ? null : body.toString(), "application/json");
    }

    private JsonNode exchange(
            String method, String path, @org.jspecify.annotations.Nullable String body, String contentType) {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(url + path))
                .timeout(TIMEOUT)
                .header("Accept", "application/json")
                .method(
                        method,
                        body == null ? HttpRequest.BodyPublishers.noBody() : HttpRequest.BodyPublishers.ofString(body));
        if (body != null) {
            request.header("Content-Type", contentType);
        }
        if (!token.isEmpty()) {
            request.header("zt-session", token);
        }
        try {
            HttpResponse<String> answer = http.send(request.build(), HttpResponse.BodyHandlers.ofString());
            JsonNode json = answer.body().isBlank() ? MissingNode.getInstance() : JSON.readTree(answer.body());
            if (answer.statusCode() >= 300) {
                throw refused(method, path, answer.statusCode(), json);
            }
            return json;
        } catch (IOException e) {
            throw unreachable(url, e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new ManagementException("interrupted", e);
        }
    }

    private static ManagementException refused(String method, String path, int status, JsonNode json) {
        JsonNode error = json.path("error");
        JsonNode cause = error.path("cause");
        String why = cause.has("reason")
                ? ": " + cause.path("field").asText() + ": "
                        + cause.path("reason").asText()
                : cause.has("message") ? ": " + cause.path("message").asText() : "";
        String hint = status == 401 && !path.contains("authenticate")
                ? " (the log-in has ended: run 'ziti-pekko edge login' again)"
                : "";
        return new ManagementException(
                method + " " + path.replaceFirst("^" + MANAGEMENT, "").replaceFirst("\\?.*", "") + " was refused: "
                        + error.path("code").asText("status " + status) + ": "
                        + error.path("message").asText() + why + hint);
    }

    private static ManagementException unreachable(String url, IOException e) {
        String why = e.getMessage() == null ? e.getClass().getSimpleName() : e.getMessage();
        return new ManagementException(
                "cannot reach " + url + ": " + why + " (is the controller running, and is this its API address?)", e);
    }

    /** For the one request that asks a host for its authorities before anybody can verify it. */
    private static final class AcceptUnverified extends X509ExtendedTrustManager {
        @Override
        public void checkClientTrusted(X509Certificate[] chain, String type, java.net.Socket socket) {}

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String type, java.net.Socket socket) {}

        @Override
        public void checkClientTrusted(X509Certificate[] chain, String type, javax.net.ssl.SSLEngine engine) {}

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String type, javax.net.ssl.SSLEngine engine) {}

        @Override
        public void checkClientTrusted(X509Certificate[] chain, String type) {}

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String type) {}

        @Override
        public X509Certificate[] getAcceptedIssuers() {
            return new X509Certificate[0];
        }
    }
}
