package io.zitipekko.overlay;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.zitipekko.actors.event.AccessRefused;
import io.zitipekko.actors.event.AlertEvent;
import io.zitipekko.actors.event.ApiSessionEvent;
import io.zitipekko.actors.event.AuthenticationEvent;
import io.zitipekko.actors.event.CircuitEvent;
import io.zitipekko.actors.event.EntityChangeEvent;
import io.zitipekko.actors.event.Event;
import io.zitipekko.actors.model.Proposal;
import io.zitipekko.management.ManagementClient;
import io.zitipekko.sdk.ZitiContext;
import io.zitipekko.sdk.enroll.Enrollment;
import io.zitipekko.transport.identity.Pem;
import io.zitipekko.transport.identity.TrustAnchors;
import io.zitipekko.transport.tls.SslContexts;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Predicate;
import java.util.stream.Stream;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Each refusal and each change in a running network is an event: who, from where, what, why. */
final class AuditTest {
    private static final List<Event> EVENTS = new CopyOnWriteArrayList<>();
    private static MiniOverlay overlay;

    @BeforeAll
    static void start() {
        overlay = MiniOverlay.start();
        overlay.network().controller().context().events().subscribe(EVENTS::add);
    }

    @AfterAll
    static void stop() {
        overlay.close();
    }

    @BeforeEach
    void forget() {
        EVENTS.clear();
    }

    private static <E extends Event> Stream<E> events(Class<E> kind) {
        return EVENTS.stream().filter(kind::isInstance).map(kind::cast);
    }

    private static <E extends Event> E awaited(Class<E> kind, Predicate<E> wanted) {
        await().atMost(MiniOverlay.PATIENCE).until(() -> events(kind).anyMatch(wanted));
        return events(kind).filter(wanted).findFirst().orElseThrow();
    }

    private static String authorities() {
        try {
            return Files.readString(overlay.network().home().authorities());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String url() {
        return overlay.network().home().apiUrl();
    }

    @Test
    void aLogInIsToldWhetherItSucceedsOrNot() {
        ManagementClient.login(url(), authorities(), MiniOverlay.USER, MiniOverlay.PASSWORD);
        assertThatThrownBy(() -> ManagementClient.login(url(), authorities(), MiniOverlay.USER, "not-the-password"))
                .isInstanceOf(RuntimeException.class);
        assertThatThrownBy(() -> ManagementClient.login(url(), authorities(), "nobody", "not-the-password"))
                .isInstanceOf(RuntimeException.class);

        AuthenticationEvent success = awaited(AuthenticationEvent.class, AuthenticationEvent::success);
        AuthenticationEvent wrong =
                awaited(AuthenticationEvent.class, e -> e.reason().contains("wrong password"));
        AuthenticationEvent nobody =
                awaited(AuthenticationEvent.class, e -> e.reason().contains("no user"));
        assertThat(wrong.identityId()).isEqualTo(success.identityId()).isNotNull();
        assertThat(nobody.identityId()).isNull();
        assertThat(List.of(success, wrong, nobody))
                .allSatisfy(e -> assertThat(e.remoteAddress()).startsWith("127.0.0.1"));
        assertThat(awaited(ApiSessionEvent.class, e -> true).session().identityId())
                .isEqualTo(success.identityId());
    }

    @Test
    void aChangeIsToldWithItsAuthorAndItsCall() {
        String id = overlay.service("audited");
        overlay.management()
                .patch("services", id, new ObjectMapper().createObjectNode().put("name", "renamed"));
        overlay.management().delete("services", id);

        for (String what : List.of("created", "updated", "deleted")) {
            EntityChangeEvent change = awaited(
                    EntityChangeEvent.class,
                    e -> e.eventType().equals(what) && e.entityId().equals(id));
            Proposal.Source source = change.author().source();
            assertThat(change.author().type()).isEqualTo("identity");
            assertThat(source).isNotNull();
            assertThat(source.remoteAddress()).startsWith("127.0.0.1:");
            assertThat(source.method()).contains(" /edge/management/v1/services");
        }
        awaited(EntityChangeEvent.class, e -> e.eventType().equals("committed"));
    }

    @Test
    void aCallWithoutTheRightAndAUsedEnrollmentTokenAreTold() {
        ManagementClient stranger = new ManagementClient(url(), "11111111-2222-3333-4444-555555555555", authorities());
        assertThatThrownBy(() -> stranger.list("identities", "")).isInstanceOf(RuntimeException.class);
        ObjectNode body = new ObjectMapper()
                .createObjectNode()
                .put("name", "twice")
                .put("type", "Default")
                .put("isAdmin", false);
        body.putObject("enrollment").put("ott", true);
        String id = overlay.management().create("identities", body).path("id").asText();
        String jwt = overlay.management()
                .get("identities/" + id)
                .path("enrollment")
                .path("ott")
                .path("jwt")
                .asText();
        Enrollment.withOneTimeToken(jwt);
        assertThatThrownBy(() -> Enrollment.withOneTimeToken(jwt)).isInstanceOf(RuntimeException.class);

        AccessRefused call = awaited(AccessRefused.class, e -> e.door() == AccessRefused.Door.API);
        AccessRefused enrollment = awaited(AccessRefused.class, e -> e.door() == AccessRefused.Door.ENROLLMENT);
        assertThat(call.object()).isEqualTo("GET /edge/management/v1/identities");
        assertThat(call.reason()).isEqualTo("no such session");
        assertThat(enrollment.object())
                .startsWith("POST /edge/client/v1/enroll")
                .doesNotContain("?");
        assertThat(List.of(call, enrollment))
                .allSatisfy(e -> assertThat(e.from()).startsWith("127.0.0.1:"));
    }

    @Test
    void aConnectionThatIsRefusedInItsHandshakeIsTold() throws Exception {
        int controller = URI.create(url()).getPort();
        int router = overlay.network().home().routerPort(0);
        assertHandshakeFails(controller, "nonsense");
        assertHandshakeFails(controller, "ziti-ctrl");
        assertHandshakeFails(router, "ziti-link");
        assertHandshakeFails(router, "ziti-ctrl");

        AccessRefused alpn = awaited(
                AccessRefused.class,
                e -> e.door() == AccessRefused.Door.CONNECTION && e.reason().contains("nonsense"));
        AccessRefused control = awaited(
                AccessRefused.class,
                e -> e.door() == AccessRefused.Door.CONNECTION && !e.reason().contains("ALPN"));
        assertThat(List.of(alpn, control)).allSatisfy(e -> {
            assertThat(e.from()).startsWith("127.0.0.1:");
            assertThat(e.object()).isEqualTo("TLS handshake at 127.0.0.1:" + controller);
        });
        AlertEvent link = awaited(
                AlertEvent.class,
                e -> e.message().startsWith("connection refused: ")
                        && !e.message().contains("ALPN"));
        awaited(AlertEvent.class, e -> e.message()
                .endsWith("client offers ALPN [ziti-ctrl], served here are [, ziti-link, ziti-edge]"));
        assertThat(link.details())
                .anyMatch(detail -> detail.startsWith("from: 127.0.0.1:"))
                .anyMatch(detail -> detail.startsWith("what: TLS handshake at ") && detail.endsWith(":" + router));
    }

    /** Without a client certificate; where one is demanded the alert may come after the client's own part is done. */
    private static void assertHandshakeFails(int port, String alpn) throws IOException {
        SSLContext anonymous = SslContexts.anonymousClient(TrustAnchors.of(Pem.certificates(authorities())));
        try (SSLSocket socket = (SSLSocket) anonymous.getSocketFactory().createSocket("localhost", port)) {
            SSLParameters parameters = socket.getSSLParameters();
            parameters.setApplicationProtocols(new String[] {alpn});
            socket.setSSLParameters(parameters);
            assertThatThrownBy(() -> {
                        socket.startHandshake();
                        socket.getInputStream().read();
                    })
                    .isInstanceOf(IOException.class);
        }
    }

    @Test
    void anEnrollmentIsToldWithItsSource() {
        overlay.client("enrolled");
        String id = overlay.identityId("enrolled");

        EntityChangeEvent enrolled = awaited(
                EntityChangeEvent.class,
                e -> e.eventType().equals("created")
                        && e.entityType().equals("authenticators")
                        && e.author().id().equals(id));

        Proposal.Source source = enrolled.author().source();
        assertThat(source).isNotNull();
        assertThat(source.remoteAddress()).startsWith("127.0.0.1:");
        assertThat(source.method()).isEqualTo("POST /edge/client/v1/enroll");
    }

    @Test
    void aCircuitIsToldWhenItBeginsAndWhenItsRightEnds() {
        overlay.hostEcho();
        ZitiContext client = overlay.connect(overlay.client("client"));
        try (OverlayCircuit circuit = overlay.open(client, MiniOverlay.ECHO)) {
            circuit.assertEchoes("hello");
            awaited(CircuitEvent.class, e -> e.eventType().equals("created"));

            overlay.management().delete("service-policies", overlay.policyId("service-policies", "dial"));
            circuit.assertEnds("its policy is gone");
        }
        awaited(CircuitEvent.class, e -> e.eventType().equals("deleted"));
    }
}
