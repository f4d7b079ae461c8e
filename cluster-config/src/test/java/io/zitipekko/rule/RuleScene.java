package io.zitipekko.rule;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.zitipekko.actors.model.Change;
import io.zitipekko.actors.model.Proposal;
import io.zitipekko.actors.model.entity.ApiSession;
import io.zitipekko.actors.model.entity.Entity;
import io.zitipekko.actors.model.id.ApiSessionId;
import io.zitipekko.actors.model.id.AuthenticatorId;
import io.zitipekko.actors.model.id.IdentityId;
import io.zitipekko.actors.model.id.ServiceId;
import io.zitipekko.actors.model.type.ApiSessions;
import io.zitipekko.overlay.MiniOverlay;
import io.zitipekko.overlay.SdkByHand;
import io.zitipekko.quickstart.OtherAuthority;
import io.zitipekko.sdk.ZitiIdentityFile;
import io.zitipekko.transport.channel.Channel;
import io.zitipekko.transport.channel.HandshakeException;
import io.zitipekko.transport.channel.Message;
import io.zitipekko.transport.edge.EdgeContentType;
import io.zitipekko.transport.edge.EdgeHeader;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * One client and one host with a service, policies and an open circuit of their own, so that a right of theirs can be taken away without
 * touching anybody else's. Roles are named after the scene: {@code c-N} the client, {@code h-N} the host, {@code s-N} the service.
 */
final class RuleScene implements AutoCloseable {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final AtomicInteger NUMBERS = new AtomicInteger();
    static final int CIRCUIT = 1;
    static final int LISTENER = 1;
    private static final int OLDER_SESSIONS = 300;

    final MiniOverlay overlay;
    final String name = "scene-" + NUMBERS.incrementAndGet();
    final String serviceId;
    final SdkByHand client;
    final SdkByHand host;
    final JsonNode dialSession;
    final JsonNode bindSession;
    final String circuitId;
    final ZitiIdentityFile clientFile;
    final ZitiIdentityFile hostFile;
    private final int clientRouter;
    private final int hostRouter;

    /** How an identity of a scene comes by its certificate. */
    @FunctionalInterface
    interface Enroller {
        ZitiIdentityFile enroll(String name, String role);
    }

    private RuleScene(
            MiniOverlay overlay, int clientRouter, int hostRouter, Enroller clientEnroller, Enroller hostEnroller) {
        this.overlay = overlay;
        this.clientRouter = clientRouter;
        this.hostRouter = hostRouter;
        serviceId = overlay.network().createService(name, false, role("s"));
        policy("service-policies", "dial", "Dial", List.of("#" + role("c")), List.of("#" + role("s")));
        policy("service-policies", "bind", "Bind", List.of("#" + role("h")), List.of("#" + role("s")));
        policy("edge-router-policies", "client", "", List.of("#" + role("c")), List.of("#" + router(clientRouter)));
        policy("edge-router-policies", "host", "", List.of("#" + role("h")), List.of("#" + router(hostRouter)));
        policy("service-edge-router-policies", "reach", "", List.of("#" + role("s")), List.of("#all"));
        hostFile = hostEnroller.enroll(identityName("host"), role("h"));
        clientFile = clientEnroller.enroll(identityName("client"), role("c"));
        host = SdkByHand.connect(overlay, hostFile, hostRouter);
        client = SdkByHand.connect(overlay, clientFile, clientRouter);
        bindSession = host.serviceSession(serviceId, "Bind");
        assertThat(host.bind(LISTENER, token(bindSession)).contentType()).isEqualTo(EdgeContentType.STATE_CONNECTED);
        assertThat(host.next(LISTENER).contentType()).isEqualTo(EdgeContentType.BIND_SUCCESS);
        dialSession = client.serviceSession(serviceId, "Dial");
        Message connected = client.dial(CIRCUIT, token(dialSession));
        assertThat(connected.contentType()).as(connected.bodyText()).isEqualTo(EdgeContentType.STATE_CONNECTED);
        circuitId = connected.headers().string(EdgeHeader.CIRCUIT_ID).orElseThrow();
        client.assertEchoes(CIRCUIT, "before");
    }

    static RuleScene open(MiniOverlay overlay) {
        return open(overlay, MiniOverlay.CLIENT_ROUTER, MiniOverlay.HOST_ROUTER);
    }

    static RuleScene open(MiniOverlay overlay, int clientRouter, int hostRouter) {
        Enroller own = overlay.network()::enrollIdentity;
        return new RuleScene(overlay, clientRouter, hostRouter, own, own);
    }

    /** With a client, or a host, that enrols in a way of its own; null for the usual one. */
    static RuleScene enrolled(MiniOverlay overlay, @Nullable Enroller ofClient, @Nullable Enroller ofHost) {
        Enroller own = overlay.network()::enrollIdentity;
        return new RuleScene(
                overlay,
                MiniOverlay.CLIENT_ROUTER,
                MiniOverlay.HOST_ROUTER,
                ofClient == null ? own : ofClient,
                ofHost == null ? own : ofHost);
    }

    /** With a client, or a host, whose certificate is a third party's. */
    static RuleScene under(MiniOverlay overlay, @Nullable OtherAuthority ofClient, @Nullable OtherAuthority ofHost) {
        return enrolled(
                overlay, ofClient == null ? null : ofClient::identity, ofHost == null ? null : ofHost::identity);
    }

    static String token(JsonNode session) {
        return session.path("token").asText();
    }

    String role(String kind) {
        return kind + "-" + name;
    }

    private static String router(int i) {
        return String.valueOf((char) ('a' + i));
    }

    private String identityName(String part) {
        return name + "-" + part;
    }

    String clientId() {
        return overlay.identityId(identityName("client"));
    }

    String hostId() {
        return overlay.identityId(identityName("host"));
    }

    String authenticatorOf(String identity) {
        return overlay.management()
                .list("authenticators", "identity=\"" + identity + "\"")
                .path("data")
                .path(0)
                .path("id")
                .asText();
    }

    void policy(String collection, String part, String type, List<String> left, List<String> right) {
        overlay.policy(collection, name + "-" + part, type, left, right);
    }

    String policyId(String collection, String part) {
        return overlay.policyId(collection, name + "-" + part);
    }

    void delete(String collection, String id) {
        overlay.management().delete(collection, id);
    }

    /** Replaces a list of texts of an entity. */
    void patch(String collection, String id, String field, String... values) {
        ObjectNode body = JSON.createObjectNode();
        var list = body.putArray(field);
        for (String value : values) {
            list.add(value);
        }
        overlay.management().patch(collection, id, body);
    }

    /** More than go in one change, and those that are in use are the last to go. */
    void manyOlderApiSessions(String identity) {
        AuthenticatorId authenticator = new AuthenticatorId(authenticatorOf(identity));
        List<Change> logIns = new ArrayList<>();
        for (int i = 0; i < OLDER_SESSIONS; i++) {
            logIns.add(new Change.Put<>(
                    ApiSessions.TYPE,
                    new ApiSession(
                            // Ids that controllers make begin with a letter: these come before.
                            new ApiSessionId("0-" + name + "-" + i),
                            Entity.Meta.created(Instant.now(), Map.of()),
                            UUID.randomUUID().toString(),
                            new IdentityId(identity),
                            authenticator,
                            List.of(),
                            "127.0.0.1",
                            List.of(),
                            false,
                            null,
                            null),
                    null));
        }
        assertThat(overlay.network()
                        .controller()
                        .context()
                        .model()
                        .propose(new Proposal(logIns, Proposal.Author.CONTROLLER))
                        .toCompletableFuture())
                .succeedsWithin(MiniOverlay.PATIENCE);
    }

    void disable(String identity) {
        overlay.management()
                .create(
                        "identities/" + identity + "/disable",
                        JSON.createObjectNode().put("durationMinutes", 0));
    }

    // ---- what must be seen

    void assertCircuitIsGoneEverywhere() {
        client.awaitEnd(CIRCUIT);
        await().atMost(MiniOverlay.PATIENCE).untilAsserted(() -> {
            for (int router : new int[] {clientRouter, hostRouter}) {
                assertThat(overlay.network()
                                .router(router)
                                .running()
                                .forwarder()
                                .describe())
                        .as("circuits of router %s", router)
                        .noneMatch(circuit -> circuit.contains(circuitId));
            }
            assertThat(overlay.network().controller().context().fabric().circuits())
                    .noneMatch(circuit -> circuit.id().value().equals(circuitId));
        });
    }

    void assertNothingIsHosted() {
        await().atMost(MiniOverlay.PATIENCE).untilAsserted(() -> assertThat(
                        overlay.network().controller().context().fabric().terminators(new ServiceId(serviceId)))
                .isEmpty());
    }

    void assertStillHosted() {
        assertThat(overlay.network().controller().context().fabric().terminators(new ServiceId(serviceId)))
                .hasSize(1);
        assertThat(host.isOpen()).isTrue();
    }

    /** The token opens nothing any more: not HTTP, not a channel. */
    static void assertShutOut(SdkByHand who) {
        who.awaitChannelClosed();
        assertThat(who.httpStatus()).isEqualTo(401);
        Channel again = who.open(who.apiToken(), who.identity());
        assertThat(again.closed().toCompletableFuture()).succeedsWithin(MiniOverlay.PATIENCE);
    }

    /** The token opens nothing any more, and the certificate not even a TLS connection. */
    static void assertShutOutInTheHandshake(SdkByHand who) {
        who.awaitChannelClosed();
        assertThat(who.httpStatus()).isEqualTo(401);
        assertThatThrownBy(() -> who.open(who.apiToken(), who.identity())).hasCauseInstanceOf(HandshakeException.class);
    }

    static void assertStillLoggedIn(SdkByHand who) {
        assertThat(who.httpStatus()).isEqualTo(200);
        assertThat(who.isOpen()).isTrue();
    }

    static void assertRefused(Message answer, int code, int hint, String text) {
        assertThat(answer.contentType()).isEqualTo(EdgeContentType.STATE_CLOSED);
        assertThat(answer.bodyText()).contains(text);
        assertThat(answer.headers().int32(EdgeHeader.ERROR_CODE)).hasValue(code);
        assertThat(answer.headers().string(EdgeHeader.STRUCTURED_ERROR).orElse(""))
                .contains("\"retryHint\":" + hint);
    }

    @Override
    public void close() {
        client.close();
        host.close();
    }
}
