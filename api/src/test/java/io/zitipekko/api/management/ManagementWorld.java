package io.zitipekko.api.management;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import io.zitipekko.actors.enrollment.EnrollmentSettings;
import io.zitipekko.actors.identity.NetworkAuthority;
import io.zitipekko.actors.model.Change;
import io.zitipekko.actors.model.Proposal;
import io.zitipekko.actors.model.entity.Authenticator;
import io.zitipekko.actors.model.entity.Entity;
import io.zitipekko.actors.model.entity.Identity;
import io.zitipekko.actors.model.entity.Precedence;
import io.zitipekko.actors.model.id.AuthPolicyId;
import io.zitipekko.actors.model.id.AuthenticatorId;
import io.zitipekko.actors.model.id.IdentityId;
import io.zitipekko.actors.model.type.Authenticators;
import io.zitipekko.actors.model.type.Identities;
import io.zitipekko.actors.model.writer.InMemoryModel;
import io.zitipekko.actors.session.SessionServices;
import io.zitipekko.actors.session.SessionSettings;
import io.zitipekko.actors.session.token.SigningKey;
import io.zitipekko.actors.session.token.TrustedKeys;
import io.zitipekko.api.ControllerApi;
import io.zitipekko.api.client.ClientContext;
import io.zitipekko.api.client.SessionCallers;
import io.zitipekko.api.http.ApiContext;
import io.zitipekko.api.http.ApiSettings;
import io.zitipekko.api.http.Json;
import io.zitipekko.transport.identity.ServerChain;
import io.zitipekko.transport.identity.TrustAnchors;
import io.zitipekko.transport.pki.AlternativeNames;
import io.zitipekko.transport.pki.CertificateAuthority;
import io.zitipekko.transport.pki.CertificateSubject;
import io.zitipekko.transport.pki.KeyPairs;
import io.zitipekko.transport.tls.ClientAuth;
import io.zitipekko.transport.tls.ListenerLimits;
import io.zitipekko.transport.tls.SharedTlsListener;
import io.zitipekko.transport.tls.SslContexts;
import io.zitipekko.transport.tls.TlsServerProtocol;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.security.KeyPair;
import java.security.cert.X509Certificate;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.pekko.actor.testkit.typed.javadsl.ActorTestKit;
import org.apache.pekko.cluster.typed.Cluster;
import org.apache.pekko.cluster.typed.Join;
import org.awaitility.Awaitility;

/** All APIs of a controller over TLS on loopback: model in memory, sessions in a cluster of one, a fabric made by hand. */
public final class ManagementWorld implements AutoCloseable {
    private static final Duration YEAR = Duration.ofDays(365);
    private static final Config CONFIG = ConfigFactory.parseString(
                    """
                    include "ziti-transport"
                    include "ziti-sessions"
                    pekko.actor.provider = cluster
                    pekko.remote.artery.canonical { hostname = "127.0.0.1", port = 0 }
                    pekko.cluster.jmx.multi-mbeans-in-same-jvm = on
                    pekko.coordinated-shutdown.exit-jvm = off
                    pekko.loglevel = WARNING
                    """)
            .withFallback(ConfigFactory.load());

    public final InMemoryModel model = InMemoryModel.create();
    final io.zitipekko.actors.event.EventBus events = new io.zitipekko.actors.event.EventBus();
    public final StubFabric fabric = new StubFabric(model);
    private final ActorTestKit kit = ActorTestKit.create("management-api", CONFIG.resolve());
    private final CertificateAuthority root = CertificateAuthority.selfSignedRoot(
            CertificateSubject.commonName("root"), KeyPairs.p256(), "test", YEAR.multipliedBy(3));
    private final SharedTlsListener listener;
    private final HttpClient http;
    private final String adminToken;

    public ManagementWorld() {
        KeyPair keys = KeyPairs.p256();
        X509Certificate leaf = root.issueServer(
                CertificateSubject.of(
                        "ctrl", keys.getPublic(), AlternativeNames.hosts(List.of("localhost"), List.of("127.0.0.1"))),
                YEAR);
        SigningKey signingKey = SigningKey.of(leaf, keys.getPrivate());
        var server = io.zitipekko.transport.identity.Identity.of(
                List.of(leaf),
                keys.getPrivate(),
                List.of(new ServerChain(List.of(leaf), keys.getPrivate())),
                TrustAnchors.of(List.of(root.certificate())));
        Cluster cluster = Cluster.get(kit.system());
        cluster.manager().tell(Join.create(cluster.selfMember().address()));
        Awaitility.await().until(() -> cluster.selfMember().status().toString().equals("Up"));
        CertificateAuthority signing = root.issueIntermediate(
                CertificateSubject.commonName("signing"), KeyPairs.p256(), "test", 0, YEAR.multipliedBy(2));
        NetworkAuthority authority = new NetworkAuthority("test", List.of(root.certificate()), signing);
        SessionServices sessions = SessionServices.start(
                kit.system(),
                model,
                new SessionSettings(
                        Duration.ofMinutes(30),
                        "localhost:1280",
                        () -> signingKey,
                        TrustedKeys.only(() -> signingKey),
                        authority,
                        EnrollmentSettings.of(List.of("tls:localhost:6262"))),
                events,
                Clock.systemUTC());
        ApiContext api = new ApiContext(
                kit.system(),
                ApiSettings.of("v2.1.0", "localhost:1280"),
                model,
                new SessionCallers(sessions.apiSessions()),
                events,
                Clock.systemUTC());
        listener = SharedTlsListener.bind(
                        kit.system(),
                        "127.0.0.1",
                        0,
                        List.of(new TlsServerProtocol(
                                Set.of("", "http/1.1", "h2"),
                                () -> server,
                                ClientAuth.REQUEST,
                                TlsServerProtocol::admitEveryone,
                                ControllerApi.handler(
                                        new ClientContext(api, sessions, fabric, authority),
                                        "ctrl-1",
                                        java.util.Set.of("edge-client", "edge-management", "fabric")))),
                        ListenerLimits.DEFAULT)
                .toCompletableFuture()
                .join();
        http = HttpClient.newBuilder()
                .version(HttpClient.Version.HTTP_1_1)
                .sslContext(SslContexts.anonymousClient(TrustAnchors.of(List.of(root.certificate()))))
                .build();
        user("admin", true, Set.of(), sessions);
        user("reader", false, Set.of("admin_readonly"), sessions);
        user("keeper", false, Set.of("identity", "service.create", "service.read", "enrollment"), sessions);
        adminToken = token("admin");
    }

    private void user(String name, boolean admin, Set<String> permissions, SessionServices sessions) {
        Entity.Meta meta = Entity.Meta.created(Instant.now(), Map.of());
        Identity identity = new Identity(
                new IdentityId(name),
                meta,
                name,
                "Default",
                admin,
                admin,
                Set.of(),
                null,
                new AuthPolicyId("default"),
                Map.of(),
                Precedence.DEFAULT,
                0,
                Map.of(),
                Map.of(),
                Map.of(),
                null,
                null,
                Map.of(),
                Map.of(),
                permissions);
        Authenticator.Password password = sessions.passwords()
                .hash(name, "secret-" + name)
                .toCompletableFuture()
                .join();
        model.propose(new Proposal(
                        List.of(
                                new Change.Put<>(Identities.TYPE, identity, null),
                                new Change.Put<>(
                                        Authenticators.TYPE,
                                        new Authenticator(
                                                new AuthenticatorId("updb-" + name), meta, identity.id(), password),
                                        null)),
                        Proposal.Author.CONTROLLER))
                .toCompletableFuture()
                .join();
    }

    /** Logs a user in and returns the session's token. */
    public String token(String name) {
        Answer answer = send(
                "POST",
                "/edge/management/v1/authenticate?method=password",
                "{\"username\":\"" + name + "\",\"password\":\"secret-" + name + "\"}",
                "");
        assertThat(answer.status()).as(answer.toString()).isEqualTo(200);
        return answer.data().get("token").asText();
    }

    /** What came back. */
    public record Answer(int status, String text) {
        public JsonNode json() {
            try {
                return Json.mapper().readTree(text);
            } catch (IOException e) {
                throw new UncheckedIOException(text, e);
            }
        }

        public JsonNode data() {
            assertThat(status).as(text).isIn(200, 201, 202);
            return json().get("data");
        }

        public String id() {
            assertThat(status).as(text).isEqualTo(201);
            return data().get("id").asText();
        }

        public long total() {
            return json().get("meta").get("pagination").get("totalCount").asLong();
        }

        public List<String> all(String field) {
            return data().findValuesAsText(field).stream().toList();
        }

        public List<String> names() {
            java.util.ArrayList<String> out = new java.util.ArrayList<>();
            data().forEach(item -> out.add(item.get("name").asText()));
            return out;
        }

        public Answer refused(int expectedStatus, String code) {
            assertThat(status).as(text).isEqualTo(expectedStatus);
            assertThat(json().path("error").path("code").asText()).as(text).isEqualTo(code);
            return this;
        }

        public Answer blaming(String field) {
            assertThat(json().path("error").path("cause").path("field").asText())
                    .as(text)
                    .isEqualTo(field);
            return this;
        }

        public Answer ok() {
            assertThat(status).as(text).isEqualTo(200);
            return this;
        }
    }

    public Answer get(String path) {
        return send("GET", "/edge/management/v1/" + path, "", adminToken);
    }

    public Answer filtered(String path, String filter) {
        return get(path + "?filter=" + URLEncoder.encode(filter, StandardCharsets.UTF_8));
    }

    public Answer post(String path, String body) {
        return send("POST", "/edge/management/v1/" + path, body, adminToken);
    }

    public Answer put(String path, String body) {
        return send("PUT", "/edge/management/v1/" + path, body, adminToken);
    }

    public Answer patch(String path, String body) {
        return send("PATCH", "/edge/management/v1/" + path, body, adminToken);
    }

    public Answer delete(String path) {
        return send("DELETE", "/edge/management/v1/" + path, "", adminToken);
    }

    public Answer fabric(String method, String path, String body) {
        return send(method, "/fabric/v1/" + path, body, adminToken);
    }

    public Answer send(String method, String path, String body, String token) {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(
                        "https://localhost:" + listener.localAddress().getPort() + path))
                .timeout(Duration.ofSeconds(20))
                .header("content-type", "application/json")
                .method(
                        method,
                        body.isEmpty()
                                ? HttpRequest.BodyPublishers.noBody()
                                : HttpRequest.BodyPublishers.ofString(body));
        if (!token.isEmpty()) {
            request.header("zt-session", token);
        }
        try {
            HttpResponse<String> response = http.send(request.build(), HttpResponse.BodyHandlers.ofString());
            return new Answer(response.statusCode(), response.body());
        } catch (IOException e) {
            throw new UncheckedIOException(method + " " + path, e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    @Override
    public void close() {
        listener.close().toCompletableFuture().join();
        kit.shutdownTestKit();
    }
}
