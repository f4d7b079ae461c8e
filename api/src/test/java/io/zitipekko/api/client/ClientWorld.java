package io.zitipekko.api.client;

import com.fasterxml.jackson.databind.JsonNode;
import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import io.zitipekko.actors.enrollment.EnrollmentSettings;
import io.zitipekko.actors.event.EventBus;
import io.zitipekko.actors.identity.NetworkAuthority;
import io.zitipekko.actors.model.Change;
import io.zitipekko.actors.model.EntityType;
import io.zitipekko.actors.model.Proposal;
import io.zitipekko.actors.model.entity.Authenticator;
import io.zitipekko.actors.model.entity.Ca;
import io.zitipekko.actors.model.entity.EdgeRouter;
import io.zitipekko.actors.model.entity.EdgeRouterPolicy;
import io.zitipekko.actors.model.entity.Enrollment;
import io.zitipekko.actors.model.entity.Entity;
import io.zitipekko.actors.model.entity.Identity;
import io.zitipekko.actors.model.entity.PolicyType;
import io.zitipekko.actors.model.entity.PostureCheck;
import io.zitipekko.actors.model.entity.Precedence;
import io.zitipekko.actors.model.entity.Semantic;
import io.zitipekko.actors.model.entity.Service;
import io.zitipekko.actors.model.entity.ServiceEdgeRouterPolicy;
import io.zitipekko.actors.model.entity.ServicePolicy;
import io.zitipekko.actors.model.id.AuthPolicyId;
import io.zitipekko.actors.model.id.AuthenticatorId;
import io.zitipekko.actors.model.id.CaId;
import io.zitipekko.actors.model.id.ConfigId;
import io.zitipekko.actors.model.id.ConfigTypeId;
import io.zitipekko.actors.model.id.EdgeRouterPolicyId;
import io.zitipekko.actors.model.id.IdentityId;
import io.zitipekko.actors.model.id.PostureCheckId;
import io.zitipekko.actors.model.id.RouterId;
import io.zitipekko.actors.model.id.ServiceEdgeRouterPolicyId;
import io.zitipekko.actors.model.id.ServiceId;
import io.zitipekko.actors.model.id.ServicePolicyId;
import io.zitipekko.actors.model.type.Authenticators;
import io.zitipekko.actors.model.type.Cas;
import io.zitipekko.actors.model.type.Configs;
import io.zitipekko.actors.model.type.EdgeRouterPolicies;
import io.zitipekko.actors.model.type.EdgeRouters;
import io.zitipekko.actors.model.type.Enrollments;
import io.zitipekko.actors.model.type.Identities;
import io.zitipekko.actors.model.type.PostureChecks;
import io.zitipekko.actors.model.type.ServiceEdgeRouterPolicies;
import io.zitipekko.actors.model.type.ServicePolicies;
import io.zitipekko.actors.model.type.Services;
import io.zitipekko.actors.model.writer.InMemoryModel;
import io.zitipekko.actors.session.SessionServices;
import io.zitipekko.actors.session.SessionSettings;
import io.zitipekko.actors.session.token.SigningKey;
import io.zitipekko.actors.session.token.TrustedKeys;
import io.zitipekko.api.http.ApiContext;
import io.zitipekko.api.http.ApiServer;
import io.zitipekko.api.http.ApiSettings;
import io.zitipekko.api.http.Json;
import io.zitipekko.transport.identity.Fingerprint;
import io.zitipekko.transport.identity.Pem;
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
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.security.KeyPair;
import java.security.cert.X509Certificate;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import javax.net.ssl.SSLContext;
import org.apache.pekko.actor.testkit.typed.javadsl.ActorTestKit;
import org.apache.pekko.cluster.typed.Cluster;
import org.apache.pekko.cluster.typed.Join;
import org.awaitility.Awaitility;

/** A controller's client API over TLS on loopback: model in memory, sessions in a cluster of one, a fabric with one router online. */
final class ClientWorld implements AutoCloseable {
    static final String API = "/edge/client/v1";
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

    final InMemoryModel model = InMemoryModel.create();
    final EventBus events = new EventBus();
    final CertificateAuthority root = CertificateAuthority.selfSignedRoot(
            CertificateSubject.commonName("root"), KeyPairs.p256(), "test", YEAR.multipliedBy(3));
    final CertificateAuthority signing = root.issueIntermediate(
            CertificateSubject.commonName("signing"), KeyPairs.p256(), "test", 0, YEAR.multipliedBy(2));
    final SigningKey signingKey;
    final SessionServices sessions;
    final SharedTlsListener listener;
    private final ActorTestKit kit = ActorTestKit.create("client-api", CONFIG.resolve());
    private final io.zitipekko.transport.identity.Identity server;

    ClientWorld() {
        KeyPair keys = KeyPairs.p256();
        X509Certificate leaf = root.issueServer(
                CertificateSubject.of(
                        "ctrl", keys.getPublic(), AlternativeNames.hosts(List.of("localhost"), List.of("127.0.0.1"))),
                YEAR);
        signingKey = SigningKey.of(leaf, keys.getPrivate());
        server = io.zitipekko.transport.identity.Identity.of(
                List.of(leaf),
                keys.getPrivate(),
                List.of(new ServerChain(List.of(leaf), keys.getPrivate())),
                TrustAnchors.of(List.of(root.certificate())));
        Cluster cluster = Cluster.get(kit.system());
        cluster.manager().tell(Join.create(cluster.selfMember().address()));
        Awaitility.await().until(() -> cluster.selfMember().status().toString().equals("Up"));
        NetworkAuthority authority = new NetworkAuthority("test", List.of(root.certificate()), signing);
        sessions = SessionServices.start(
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
        ClientContext context = new ClientContext(api, sessions, FabricWithOneRouter.create(), authority);
        listener = SharedTlsListener.bind(
                        kit.system(),
                        "127.0.0.1",
                        0,
                        List.of(new TlsServerProtocol(
                                Set.of("", "http/1.1", "h2"),
                                () -> server,
                                ClientAuth.REQUEST,
                                TlsServerProtocol::admitEveryone,
                                ApiServer.handler(
                                        api, List.of(ClientApi.routes(context), ClientApi.managementRoutes(context))))),
                        ListenerLimits.DEFAULT)
                .toCompletableFuture()
                .join();
    }

    static Entity.Meta meta() {
        return Entity.Meta.created(Instant.now(), Map.of());
    }

    void put(Change... changes) {
        model.propose(new Proposal(Arrays.asList(changes), Proposal.Author.CONTROLLER))
                .toCompletableFuture()
                .join();
    }

    <E extends Entity> void add(EntityType<E> type, E entity) {
        put(new Change.Put<>(type, entity, null));
    }

    void identity(String id, String... attributes) {
        add(
                Identities.TYPE,
                new Identity(
                        new IdentityId(id),
                        meta(),
                        id,
                        "Default",
                        false,
                        false,
                        Set.of(attributes),
                        null,
                        new AuthPolicyId("default"),
                        Map.of("color", "blue"),
                        Precedence.DEFAULT,
                        0,
                        Map.of(),
                        Map.of(),
                        Map.of(),
                        null,
                        null,
                        Map.of(),
                        Map.of(),
                        Set.of()));
    }

    void service(String id, List<ConfigId> configs) {
        add(
                Services.TYPE,
                new Service(new ServiceId(id), meta(), id, true, "smartrouting", Set.of("services"), configs, 0));
    }

    void config(String id, String type, String json) throws Exception {
        add(
                Configs.TYPE,
                new io.zitipekko.actors.model.entity.Config(
                        new ConfigId(id),
                        meta(),
                        id,
                        new ConfigTypeId(type),
                        Json.mapper().readTree(json)));
    }

    void router(String id, boolean verified) {
        add(
                EdgeRouters.TYPE,
                new EdgeRouter(
                        new RouterId(id),
                        meta(),
                        "router " + id,
                        Set.of("routers"),
                        false,
                        7,
                        false,
                        false,
                        Map.of(),
                        List.of(),
                        Map.of(),
                        verified,
                        verified ? Fingerprint.ofDer(id.getBytes(java.nio.charset.StandardCharsets.UTF_8)) : null,
                        null,
                        null,
                        null));
    }

    void servicePolicy(String id, PolicyType type, String identityRole, String serviceRole) {
        add(
                ServicePolicies.TYPE,
                new ServicePolicy(
                        new ServicePolicyId(id),
                        meta(),
                        id,
                        type,
                        Semantic.ANY_OF,
                        List.of(identityRole),
                        List.of(serviceRole),
                        List.of()));
    }

    /** A dial policy that asks for one posture check, which is made too. */
    void guardedPolicy(String id, String identityRole, String serviceRole) {
        add(
                PostureChecks.TYPE,
                new PostureCheck(
                        new PostureCheckId(id + "-check"),
                        meta(),
                        id + " check",
                        Set.of(),
                        1,
                        new PostureCheck.Domains(List.of("corp.example"))));
        add(
                ServicePolicies.TYPE,
                new ServicePolicy(
                        new ServicePolicyId(id),
                        meta(),
                        id,
                        PolicyType.DIAL,
                        Semantic.ANY_OF,
                        List.of(identityRole),
                        List.of(serviceRole),
                        List.of("@" + id + "-check")));
    }

    void routersForAll() {
        add(
                EdgeRouterPolicies.TYPE,
                new EdgeRouterPolicy(
                        new EdgeRouterPolicyId("erp"),
                        meta(),
                        "erp",
                        Semantic.ANY_OF,
                        List.of("#clients", "#hosts"),
                        List.of("#routers")));
        add(
                ServiceEdgeRouterPolicies.TYPE,
                new ServiceEdgeRouterPolicy(
                        new ServiceEdgeRouterPolicyId("serp"),
                        meta(),
                        "serp",
                        Semantic.ANY_OF,
                        List.of("#all"),
                        List.of("#routers")));
    }

    /** A client with a certificate that logs the identity in. */
    Client enrolled(String identity) {
        KeyPair keys = KeyPairs.p256();
        X509Certificate leaf =
                signing.issueClient(CertificateSubject.of(identity, keys.getPublic(), AlternativeNames.NONE), YEAR);
        add(
                Authenticators.TYPE,
                new Authenticator(
                        new AuthenticatorId("cert-" + identity),
                        meta(),
                        new IdentityId(identity),
                        new Authenticator.Certificate(Fingerprint.of(leaf), "pem", true, null, null)));
        return with(signing.presented(leaf), keys);
    }

    Client with(List<X509Certificate> chain, KeyPair keys) {
        return new Client(SslContexts.client(io.zitipekko.transport.identity.Identity.of(
                chain, keys.getPrivate(), List.of(), TrustAnchors.of(List.of(root.certificate())))));
    }

    /** Registers somebody else's authority that is good for everything. */
    CaId authority(String name, CertificateAuthority authority) {
        CaId id = new CaId(name);
        add(
                Cas.TYPE,
                new Ca(
                        id,
                        meta(),
                        name,
                        Fingerprint.of(authority.certificate()),
                        Pem.write(authority.certificate()),
                        true,
                        "token",
                        true,
                        true,
                        true,
                        Set.of(),
                        Ca.DEFAULT_NAME_FORMAT,
                        null));
        return id;
    }

    void withdraw(CaId authority) {
        model.propose(new Proposal(List.of(new Change.Delete(Cas.TYPE, authority)), Proposal.Author.CONTROLLER))
                .toCompletableFuture()
                .join();
    }

    Client anonymous() {
        return new Client(SslContexts.anonymousClient(TrustAnchors.of(List.of(root.certificate()))));
    }

    Enrollment enrollment(Enrollment enrollment) {
        add(Enrollments.TYPE, enrollment);
        return enrollment;
    }

    @Override
    public void close() {
        listener.close().toCompletableFuture().join();
        kit.shutdownTestKit();
    }

    /** An HTTP client with one TLS identity and, once logged in, one session. */
    final class Client {
        private final HttpClient http;
        String token = "";

        Client(SSLContext tls) {
            http = HttpClient.newBuilder()
                    .sslContext(tls)
                    .version(HttpClient.Version.HTTP_1_1)
                    .build();
        }

        Answer call(String method, String path, String body, String... headers) {
            HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(
                            "https://localhost:" + listener.localAddress().getPort() + path))
                    .method(method, body.isEmpty() ? BodyPublishers.noBody() : BodyPublishers.ofString(body));
            if (!body.isEmpty() && !Arrays.asList(headers).contains("content-type")) {
                request.header("content-type", "application/json");
            }
            if (!token.isEmpty()) {
                request.header("zt-session", token);
            }
            for (int i = 0; i < headers.length; i += 2) {
                request.header(headers[i], headers[i + 1]);
            }
            try {
                return new Answer(http.send(request.build(), HttpResponse.BodyHandlers.ofString()));
            } catch (java.io.IOException | InterruptedException e) {
                throw new IllegalStateException(method + " " + path, e);
            }
        }

        Answer get(String path, String... headers) {
            return call("GET", API + path, "", headers);
        }

        Answer post(String path, String body, String... headers) {
            return call("POST", API + path, body, headers);
        }

        Answer delete(String path) {
            return call("DELETE", API + path, "");
        }

        Client loggedIn() {
            token = post("/authenticate?method=cert", "{\"configTypes\":[\"all\"]}")
                    .data()
                    .get("token")
                    .asText();
            return this;
        }
    }

    /** What came back. */
    record Answer(HttpResponse<String> response) {
        int status() {
            return response.statusCode();
        }

        String header(String name) {
            return response.headers().firstValue(name).orElse("");
        }

        JsonNode json() {
            try {
                return Json.mapper().readTree(response.body());
            } catch (com.fasterxml.jackson.core.JsonProcessingException e) {
                throw new IllegalStateException(response.body(), e);
            }
        }

        JsonNode data() {
            JsonNode data = json().get("data");
            if (data == null) {
                throw new IllegalStateException(status() + " " + response.body());
            }
            return data;
        }

        String code() {
            return json().path("error").path("code").asText();
        }

        String causeField() {
            return json().path("error").path("cause").path("field").asText();
        }
    }
}
