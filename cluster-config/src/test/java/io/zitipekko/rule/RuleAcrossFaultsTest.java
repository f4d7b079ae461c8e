package io.zitipekko.rule;

import static io.zitipekko.rule.RuleScene.CIRCUIT;
import static io.zitipekko.rule.RuleScene.assertShutOut;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.zitipekko.overlay.MiniOverlay;
import io.zitipekko.overlay.Relay;
import io.zitipekko.overlay.SdkByHand;
import io.zitipekko.transport.channel.Channel;
import io.zitipekko.transport.edge.EdgeContentType;
import io.zitipekko.transport.identity.Identity;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/**
 * The session rule where the way from a controller to a router is not there: routers that are cut off, restarted, disabled or deleted. And
 * that a channel needs the certificate of its API session, on every router, at any time.
 */
final class RuleAcrossFaultsTest {
    private static final int DISABLED_ROUTER = 2;
    private static final int DELETED_ROUTER = 3;

    private static MiniOverlay overlay;

    @BeforeAll
    static void start() {
        overlay = MiniOverlay.wired(4);
    }

    @AfterAll
    static void stop() {
        overlay.close();
    }

    @Test
    void aRouterThatWasCutOffLearnsOfEndedSessionsWhenItReturns() {
        try (RuleScene stays = RuleScene.open(overlay);
                RuleScene disabled = RuleScene.open(overlay);
                RuleScene noApiSession = RuleScene.open(overlay)) {
            cutOff();
            disabled.disable(disabled.clientId());
            noApiSession.delete("api-sessions", noApiSession.client.apiSessionId());
            stays.client.assertEchoes(CIRCUIT, "without a controller");

            overlay.controllerWire().heal(Relay.CONTROL);

            assertShutOut(disabled.client);
            assertShutOut(noApiSession.client);
            stays.client.assertEchoes(CIRCUIT, "still here");
            stays.assertStillHosted();
        }
    }

    @Test
    void aRouterThatWasCutOffLearnsOfLostRightsWhenItReturns() {
        try (RuleScene stays = RuleScene.open(overlay);
                RuleScene noPolicy = RuleScene.open(overlay);
                RuleScene noDialSession = RuleScene.open(overlay);
                RuleScene noBindSession = RuleScene.open(overlay)) {
            cutOff();
            noPolicy.delete("service-policies", noPolicy.policyId("service-policies", "dial"));
            noDialSession.delete(
                    "sessions", noDialSession.dialSession.path("id").asText());
            noBindSession.delete(
                    "sessions", noBindSession.bindSession.path("id").asText());
            stays.client.assertEchoes(CIRCUIT, "without a controller");

            overlay.controllerWire().heal(Relay.CONTROL);

            noPolicy.client.awaitEnd(CIRCUIT);
            noDialSession.client.awaitEnd(CIRCUIT);
            noBindSession.client.awaitEnd(CIRCUIT);
            stays.client.assertEchoes(CIRCUIT, "still here");
            stays.assertStillHosted();
        }
    }

    private static void cutOff() {
        overlay.controllerWire().cut(Relay.CONTROL);
        for (int router : List.of(MiniOverlay.CLIENT_ROUTER, MiniOverlay.HOST_ROUTER)) {
            await().atMost(MiniOverlay.PATIENCE).until(() -> overlay.network()
                    .router(router)
                    .running()
                    .connections()
                    .connected()
                    .isEmpty());
        }
    }

    @Test
    void aChannelNeedsACertificateOfItsApiSessionAlsoAfterARestart() {
        try (RuleScene scene = RuleScene.open(overlay)) {
            Identity stranger = scene.host.identity();
            assertRefused(scene.client, stranger);
            assertAdmitted(scene.client, scene.client.identity());

            overlay.network().stopRouter(MiniOverlay.CLIENT_ROUTER);
            overlay.network().startRouter(MiniOverlay.CLIENT_ROUTER);
            await().atMost(MiniOverlay.PATIENCE)
                    .until(() -> overlay.network()
                                    .router(MiniOverlay.CLIENT_ROUTER)
                                    .running()
                                    .model()
                                    .position()
                                    .index()
                            > 0);

            assertRefused(scene.client, stranger);
            assertAdmitted(scene.client, scene.client.identity());
        }
        await().atMost(MiniOverlay.PATIENCE)
                .until(() -> overlay.network()
                                .router(MiniOverlay.CLIENT_ROUTER)
                                .running()
                                .links()
                                .size()
                        > 0);
    }

    @Test
    void anApiSessionCertificateOpensChannelsUntilItIsTakenBack() {
        try (RuleScene scene = RuleScene.open(overlay)) {
            SdkByHand.SessionCertificate issued = scene.client.sessionCertificate();
            Identity own = issued.identity();
            Channel channel = assertAdmitted(scene.client, own);
            assertRefused(scene.host, own);

            scene.client.delete("/current-api-session/certificates/" + issued.id());

            assertThat(channel.closed().toCompletableFuture()).succeedsWithin(MiniOverlay.PATIENCE);
            assertRefused(scene.client, own);
            scene.client.assertEchoes(CIRCUIT, "the log-in's own certificate is untouched");
        }
    }

    @Test
    void aDisabledRouterLosesItsCircuitsAndADeletedOneTheTerminatorsToo() {
        try (RuleScene stays = RuleScene.open(overlay);
                RuleScene dials = RuleScene.open(overlay, DISABLED_ROUTER, MiniOverlay.HOST_ROUTER);
                RuleScene hosts = RuleScene.open(overlay, MiniOverlay.CLIENT_ROUTER, DELETED_ROUTER)) {
            overlay.management()
                    .patch(
                            "edge-routers",
                            overlay.management().resolve("edge-routers", "name:router-c"),
                            new ObjectMapper().createObjectNode().put("disabled", true));
            overlay.management().delete("edge-routers", overlay.management().resolve("edge-routers", "name:router-d"));

            dials.client.awaitEnd(CIRCUIT);
            hosts.client.awaitEnd(CIRCUIT);
            hosts.assertNothingIsHosted();
            dials.client.awaitChannelClosed();
            hosts.host.awaitChannelClosed();
            assertRefused(dials.client, dials.client.identity());
            stays.client.assertEchoes(CIRCUIT, "still here");
            stays.assertStillHosted();
        }
    }

    private static void assertRefused(SdkByHand sdk, Identity shown) {
        assertThat(sdk.open(sdk.apiToken(), shown).closed().toCompletableFuture())
                .succeedsWithin(MiniOverlay.PATIENCE);
    }

    /** A channel that is still open after it was asked something, which only an authenticated one answers. */
    private static Channel assertAdmitted(SdkByHand sdk, Identity shown) {
        Channel channel = sdk.open(sdk.apiToken(), shown);
        assertThat(SdkByHand.ask(channel).contentType()).isEqualTo(EdgeContentType.STATE_CLOSED);
        assertThat(channel.isClosed()).isFalse();
        return channel;
    }
}
