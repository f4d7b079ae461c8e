package io.zitipekko.rule;

import static io.zitipekko.rule.RuleScene.CIRCUIT;
import static io.zitipekko.rule.RuleScene.assertRefused;
import static io.zitipekko.rule.RuleScene.assertStillLoggedIn;
import static io.zitipekko.rule.RuleScene.token;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.zitipekko.overlay.MiniOverlay;
import io.zitipekko.overlay.SdkByHand;
import io.zitipekko.quickstart.OtherAuthority;
import io.zitipekko.sdk.ZitiException;
import io.zitipekko.sdk.ZitiIdentityFile;
import io.zitipekko.sdk.auth.ApiException;
import io.zitipekko.transport.channel.Channel;
import io.zitipekko.transport.channel.Message;
import io.zitipekko.transport.edge.EdgeContentType;
import io.zitipekko.transport.identity.Identity;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Every event that ends a right, and what follows from it: the matrix of the session rule. One network for all rows; each row has a client,
 * a host and a service of its own, and beside them a circuit of others that every row must leave alone.
 */
final class LostRightMatrixTest {
    private static MiniOverlay overlay;
    private static RuleScene bystanders;
    private static RuleScene bystandersOfAnotherAuthority;

    /** What happens to the one whose right was lost. */
    enum Loser {
        /** The client may not come back at all. */
        CLIENT_SHUT_OUT,
        /** The client stays logged in and its circuit is gone. */
        CLIENT_LOST_THE_CIRCUIT,
        /** As before, but another router is left, so the session lives. */
        CLIENT_LOST_THE_ROUTER,
        HOST_SHUT_OUT,
        HOST_LOST_THE_LISTENER,
        /** The service itself is gone, for both. */
        BOTH_LOST_THE_SERVICE
    }

    /** One row. */
    record Row(String event, Loser loser, Consumer<RuleScene> happens) {
        @Override
        public String toString() {
            return event;
        }
    }

    @BeforeAll
    static void start() {
        overlay = MiniOverlay.start();
        // Each scene says itself over which routers its service may be reached.
        overlay.management()
                .delete("service-edge-router-policies", overlay.policyId("service-edge-router-policies", "all"));
        bystanders = RuleScene.open(overlay);
        OtherAuthority another = OtherAuthority.register(overlay.network(), "another");
        bystandersOfAnotherAuthority = RuleScene.under(overlay, another, another);
    }

    @AfterAll
    static void stop() {
        overlay.close();
    }

    @AfterEach
    void whatStillHasItsRightIsUntouched() {
        bystanders.client.assertEchoes(CIRCUIT, "still here");
        bystanders.assertStillHosted();
        bystandersOfAnotherAuthority.client.assertEchoes(CIRCUIT, "still here as well");
        bystandersOfAnotherAuthority.assertStillHosted();
    }

    /** An event that concerns an authority, and who has its certificate. */
    record AuthorityRow(String event, Loser loser, BiConsumer<RuleScene, OtherAuthority> happens) {
        @Override
        public String toString() {
            return event;
        }
    }

    static Stream<AuthorityRow> authorityRows() {
        return Stream.of(
                new AuthorityRow("client's CA removed", Loser.CLIENT_SHUT_OUT, LostRightMatrixTest::remove),
                new AuthorityRow(
                        "client's CA no longer allows log-in", Loser.CLIENT_SHUT_OUT, LostRightMatrixTest::forbid),
                new AuthorityRow("host's CA removed", Loser.HOST_SHUT_OUT, LostRightMatrixTest::remove),
                new AuthorityRow(
                        "host's CA no longer allows log-in", Loser.HOST_SHUT_OUT, LostRightMatrixTest::forbid));
    }

    private static void remove(RuleScene scene, OtherAuthority authority) {
        scene.delete("cas", authority.id());
    }

    private static void forbid(RuleScene scene, OtherAuthority authority) {
        scene.overlay
                .management()
                .patch(
                        "cas",
                        authority.id(),
                        new ObjectMapper().createObjectNode().put("isAuthEnabled", false));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("authorityRows")
    void anAuthorityThatIsWithdrawnEndsWhatItCarriedAndNothingElse(AuthorityRow row) {
        boolean ofClient = row.loser() == Loser.CLIENT_SHUT_OUT;
        OtherAuthority authority = OtherAuthority.register(overlay.network(), "authority of " + row.event());
        try (RuleScene scene = RuleScene.under(overlay, ofClient ? authority : null, ofClient ? null : authority)) {
            row.happens().accept(scene, authority);

            assertLost(scene, row.loser(), RuleScene::assertShutOutInTheHandshake);
            assertLogInRefused(scene, ofClient ? scene.clientFile : scene.hostFile);
        }
    }

    static Stream<AuthorityRow> externalIdRows() {
        return Stream.of(
                new AuthorityRow(
                        "client's external id taken away",
                        Loser.CLIENT_SHUT_OUT,
                        (scene, authority) -> externalId(scene, scene.clientId(), "")),
                new AuthorityRow(
                        "client's external id changed",
                        Loser.CLIENT_SHUT_OUT,
                        (scene, authority) -> externalId(scene, scene.clientId(), "other than " + scene.name)),
                new AuthorityRow(
                        "client, logged in by external id, disabled",
                        Loser.CLIENT_SHUT_OUT,
                        (scene, authority) -> scene.disable(scene.clientId())),
                new AuthorityRow(
                        "client's CA claims otherwise", Loser.CLIENT_SHUT_OUT, LostRightMatrixTest::claimOtherwise),
                new AuthorityRow(
                        "host's external id taken away",
                        Loser.HOST_SHUT_OUT,
                        (scene, authority) -> externalId(scene, scene.hostId(), "")),
                new AuthorityRow(
                        "host's CA claims otherwise", Loser.HOST_SHUT_OUT, LostRightMatrixTest::claimOtherwise));
    }

    private static void externalId(RuleScene scene, String identity, String externalId) {
        scene.overlay
                .management()
                .patch(
                        "identities",
                        identity,
                        new ObjectMapper().createObjectNode().put("externalId", externalId));
    }

    private static void claimOtherwise(RuleScene scene, OtherAuthority authority) {
        authority.claim("SAN_EMAIL");
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("externalIdRows")
    void anExternalIdThatIsTakenAwayEndsWhatItOpenedAndNothingElse(AuthorityRow row) {
        boolean ofClient = row.loser() == Loser.CLIENT_SHUT_OUT;
        OtherAuthority authority = OtherAuthority.register(overlay.network(), "authority of " + row.event());
        authority.claim("COMMON_NAME");
        RuleScene.Enroller byExternalId = authority::identityByExternalId;
        try (RuleScene scene =
                RuleScene.enrolled(overlay, ofClient ? byExternalId : null, ofClient ? null : byExternalId)) {
            row.happens().accept(scene, authority);

            assertLost(scene, row.loser(), RuleScene::assertShutOut);
            assertLogInRefused(scene, ofClient ? scene.clientFile : scene.hostFile);
        }
    }

    @Test
    void whoeverLoggedInByExternalIdOpensChannelsWithThatVeryCertificateOnly() {
        OtherAuthority authority = OtherAuthority.register(overlay.network(), "authority of two certificates");
        authority.claim("COMMON_NAME");
        SdkByHand sdk = SdkByHand.connect(
                overlay, authority.identityByExternalId("two-certificates"), MiniOverlay.CLIENT_ROUTER);
        Identity another = Identity.load(
                authority.stranger("two-certificates").identityConfig().orElseThrow());

        SdkByHand.ask(sdk.channel());
        Channel refused = sdk.open(sdk.apiToken(), another);

        assertThat(refused.closed().toCompletableFuture()).succeedsWithin(MiniOverlay.PATIENCE);
        assertStillLoggedIn(sdk);
        sdk.close();
    }

    @Test
    void whatWasIssuedToTheSessionByTheNetworkItselfEndsWithTheAuthorityToo() {
        OtherAuthority authority =
                OtherAuthority.register(overlay.network(), "authority of a session with a certificate");
        SdkByHand sdk =
                SdkByHand.connect(overlay, authority.identity("with-session-certificate"), MiniOverlay.CLIENT_ROUTER);
        Identity own = sdk.sessionCertificate().identity();
        Channel channel = sdk.open(sdk.apiToken(), own);
        SdkByHand.ask(channel);

        remove(bystanders, authority);

        assertThat(channel.closed().toCompletableFuture()).succeedsWithin(MiniOverlay.PATIENCE);
        assertThat(sdk.httpStatus()).isEqualTo(401);
        assertThat(sdk.open(sdk.apiToken(), own).closed().toCompletableFuture()).succeedsWithin(MiniOverlay.PATIENCE);
        sdk.close();
    }

    private static void assertLogInRefused(RuleScene scene, ZitiIdentityFile file) {
        assertThatThrownBy(() -> SdkByHand.connect(scene.overlay, file, MiniOverlay.CLIENT_ROUTER))
                .satisfies(refusal -> assertThat(ZitiException.unwrapped(refusal))
                        .isInstanceOfSatisfying(ApiException.class, refused -> assertThat(refused.status())
                                .isEqualTo(401)));
    }

    static Stream<Row> rows() {
        return Stream.of(
                new Row(
                        "API session deleted",
                        Loser.CLIENT_SHUT_OUT,
                        s -> s.delete("api-sessions", s.client.apiSessionId())),
                new Row("logged out", Loser.CLIENT_SHUT_OUT, s -> s.client.delete("/current-api-session")),
                new Row("identity disabled", Loser.CLIENT_SHUT_OUT, s -> s.disable(s.clientId())),
                new Row("identity deleted", Loser.CLIENT_SHUT_OUT, s -> s.delete("identities", s.clientId())),
                new Row("identity deleted that has hundreds of older API sessions", Loser.CLIENT_SHUT_OUT, s -> {
                    s.manyOlderApiSessions(s.clientId());
                    s.delete("identities", s.clientId());
                }),
                new Row(
                        "authenticator deleted that opened hundreds of API sessions before",
                        Loser.CLIENT_SHUT_OUT,
                        s -> {
                            s.manyOlderApiSessions(s.clientId());
                            s.delete("authenticators", s.authenticatorOf(s.clientId()));
                        }),
                new Row("identity disabled that has hundreds of older API sessions", Loser.CLIENT_SHUT_OUT, s -> {
                    s.manyOlderApiSessions(s.clientId());
                    s.disable(s.clientId());
                }),
                new Row(
                        "authenticator deleted",
                        Loser.CLIENT_SHUT_OUT,
                        s -> s.delete("authenticators", s.authenticatorOf(s.clientId()))),
                new Row(
                        "service session deleted",
                        Loser.CLIENT_LOST_THE_CIRCUIT,
                        s -> s.delete("sessions", s.dialSession.path("id").asText())),
                new Row(
                        "dial policy deleted",
                        Loser.CLIENT_LOST_THE_CIRCUIT,
                        s -> s.delete("service-policies", s.policyId("service-policies", "dial"))),
                new Row(
                        "dial policy names another identity",
                        Loser.CLIENT_LOST_THE_CIRCUIT,
                        s -> s.patch(
                                "service-policies",
                                s.policyId("service-policies", "dial"),
                                "identityRoles",
                                "#nobody")),
                new Row(
                        "dial policy names another service",
                        Loser.CLIENT_LOST_THE_CIRCUIT,
                        s -> s.patch(
                                "service-policies",
                                s.policyId("service-policies", "dial"),
                                "serviceRoles",
                                "#nothing")),
                new Row("dial policy wants a posture that nobody proved", Loser.CLIENT_LOST_THE_CIRCUIT, s -> {
                    postureCheck(s);
                    s.patch(
                            "service-policies",
                            s.policyId("service-policies", "dial"),
                            "postureCheckRoles",
                            "#" + s.role("p"));
                }),
                new Row("posture check appears that the dial policy wants", Loser.CLIENT_LOST_THE_CIRCUIT, s -> {
                    s.patch(
                            "service-policies",
                            s.policyId("service-policies", "dial"),
                            "postureCheckRoles",
                            "#" + s.role("p"));
                    s.client.assertEchoes(CIRCUIT, "no such check yet");
                    postureCheck(s);
                }),
                new Row(
                        "client loses its role",
                        Loser.CLIENT_LOST_THE_CIRCUIT,
                        s -> s.patch("identities", s.clientId(), "roleAttributes", "other")),
                new Row(
                        "client's edge-router policy deleted",
                        Loser.CLIENT_LOST_THE_CIRCUIT,
                        s -> s.delete("edge-router-policies", s.policyId("edge-router-policies", "client"))),
                new Row(
                        "client's edge-router policy names another router",
                        Loser.CLIENT_LOST_THE_ROUTER,
                        s -> s.patch(
                                "edge-router-policies",
                                s.policyId("edge-router-policies", "client"),
                                "edgeRouterRoles",
                                "#b")),
                new Row(
                        "host's API session deleted",
                        Loser.HOST_SHUT_OUT,
                        s -> s.delete("api-sessions", s.host.apiSessionId())),
                new Row("host disabled", Loser.HOST_SHUT_OUT, s -> s.disable(s.hostId())),
                new Row("host deleted that has hundreds of older API sessions", Loser.HOST_SHUT_OUT, s -> {
                    s.manyOlderApiSessions(s.hostId());
                    s.delete("identities", s.hostId());
                }),
                new Row("host deleted", Loser.HOST_SHUT_OUT, s -> s.delete("identities", s.hostId())),
                new Row(
                        "host's authenticator deleted",
                        Loser.HOST_SHUT_OUT,
                        s -> s.delete("authenticators", s.authenticatorOf(s.hostId()))),
                new Row(
                        "host's service session deleted",
                        Loser.HOST_LOST_THE_LISTENER,
                        s -> s.delete("sessions", s.bindSession.path("id").asText())),
                new Row(
                        "bind policy deleted",
                        Loser.HOST_LOST_THE_LISTENER,
                        s -> s.delete("service-policies", s.policyId("service-policies", "bind"))),
                new Row(
                        "bind policy changed",
                        Loser.HOST_LOST_THE_LISTENER,
                        s -> s.patch(
                                "service-policies",
                                s.policyId("service-policies", "bind"),
                                "identityRoles",
                                "#nobody")),
                new Row("bind policy wants a posture that nobody proved", Loser.HOST_LOST_THE_LISTENER, s -> {
                    postureCheck(s);
                    s.patch(
                            "service-policies",
                            s.policyId("service-policies", "bind"),
                            "postureCheckRoles",
                            "#" + s.role("p"));
                }),
                new Row(
                        "host loses its role",
                        Loser.HOST_LOST_THE_LISTENER,
                        s -> s.patch("identities", s.hostId(), "roleAttributes", "other")),
                new Row(
                        "host's edge-router policy deleted",
                        Loser.HOST_LOST_THE_LISTENER,
                        s -> s.delete("edge-router-policies", s.policyId("edge-router-policies", "host"))),
                new Row(
                        "host's edge-router policy names another router",
                        Loser.HOST_LOST_THE_LISTENER,
                        s -> s.patch(
                                "edge-router-policies",
                                s.policyId("edge-router-policies", "host"),
                                "edgeRouterRoles",
                                "#a")),
                new Row("service deleted", Loser.BOTH_LOST_THE_SERVICE, s -> s.delete("services", s.serviceId)),
                new Row(
                        "service loses its role",
                        Loser.BOTH_LOST_THE_SERVICE,
                        s -> s.patch("services", s.serviceId, "roleAttributes", "other")),
                new Row(
                        "service-edge-router policy deleted",
                        Loser.BOTH_LOST_THE_SERVICE,
                        s -> s.delete(
                                "service-edge-router-policies", s.policyId("service-edge-router-policies", "reach"))),
                new Row(
                        "service-edge-router policy changed",
                        Loser.BOTH_LOST_THE_SERVICE,
                        s -> s.patch(
                                "service-edge-router-policies",
                                s.policyId("service-edge-router-policies", "reach"),
                                "edgeRouterRoles",
                                "#nowhere")));
    }

    private static void postureCheck(RuleScene scene) {
        var body = new ObjectMapper()
                .createObjectNode()
                .put("name", scene.name + "-domain")
                .put("typeId", "DOMAIN");
        body.putArray("domains").add("example.com");
        body.putArray("roleAttributes").add(scene.role("p"));
        scene.overlay.management().create("posture-checks", body);
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("rows")
    void endsWhatItCarriedAndNothingElse(Row row) {
        try (RuleScene scene = RuleScene.open(overlay)) {
            row.happens().accept(scene);

            assertLost(scene, row.loser(), RuleScene::assertShutOut);
        }
    }

    private static void assertLost(RuleScene scene, Loser loser, Consumer<SdkByHand> shutOut) {
        scene.assertCircuitIsGoneEverywhere();
        switch (loser) {
            case CLIENT_SHUT_OUT -> {
                shutOut.accept(scene.client);
                assertStillLoggedIn(scene.host);
                scene.assertStillHosted();
            }
            case CLIENT_LOST_THE_CIRCUIT -> {
                assertStillLoggedIn(scene.client);
                scene.assertStillHosted();
                assertDialRefused(scene);
            }
            case CLIENT_LOST_THE_ROUTER -> {
                assertStillLoggedIn(scene.client);
                scene.assertStillHosted();
                assertRefused(scene.client.dial(7, token(scene.dialSession)), 5, 2, "router");
            }
            case HOST_SHUT_OUT -> {
                shutOut.accept(scene.host);
                scene.assertNothingIsHosted();
                assertStillLoggedIn(scene.client);
                assertNobodyHosts(scene);
            }
            case HOST_LOST_THE_LISTENER -> {
                scene.assertNothingIsHosted();
                assertStillLoggedIn(scene.host);
                assertBindRefused(scene);
                assertNobodyHosts(scene);
            }
            case BOTH_LOST_THE_SERVICE -> {
                scene.assertNothingIsHosted();
                assertStillLoggedIn(scene.client);
                assertStillLoggedIn(scene.host);
                assertDialRefused(scene);
                assertBindRefused(scene);
            }
        }
    }

    /** With the old session: it is over, or the router is not the session's any more; both mean start over. */
    private static void assertDialRefused(RuleScene scene) {
        Message answer = scene.client.dial(7, token(scene.dialSession));
        assertThat(answer.contentType()).isEqualTo(EdgeContentType.STATE_CLOSED);
        assertRefused(answer, 3, 2, "session");
    }

    private static void assertBindRefused(RuleScene scene) {
        Message answer = scene.host.bind(7, token(scene.bindSession));
        assertThat(answer.contentType()).isIn(EdgeContentType.STATE_CLOSED, EdgeContentType.STATE_CONNECTED);
        if (answer.contentType() == EdgeContentType.STATE_CONNECTED) {
            // A bind is answered before the controller is asked; the refusal follows.
            assertThat(scene.host.next(7).contentType()).isEqualTo(EdgeContentType.STATE_CLOSED);
        }
        scene.assertNothingIsHosted();
    }

    private static void assertNobodyHosts(RuleScene scene) {
        assertRefused(scene.client.dial(8, token(scene.dialSession)), 1, 0, "terminators");
    }
}
