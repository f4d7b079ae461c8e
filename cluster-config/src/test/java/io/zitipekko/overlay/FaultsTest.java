package io.zitipekko.overlay;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.zitipekko.node.RouterNode;
import io.zitipekko.sdk.ZitiContext;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Parts of a network fail under traffic: what can go on goes on unchanged, and what failed comes back by itself. */
@Timeout(value = 6, unit = TimeUnit.MINUTES)
final class FaultsTest {
    /** A third router, through which the others can reach each other when their own link is lost. */
    private static final int THIRD_ROUTER = 2;

    private static final long SOME = 256 << 10;

    private static MiniOverlay overlay;
    private static ZitiContext client;

    @BeforeAll
    static void start() {
        overlay = MiniOverlay.wired(3);
        overlay.hostEcho();
        client = overlay.connect(overlay.client("client"));
    }

    @AfterAll
    static void stop() {
        overlay.close();
    }

    /** What the test before has cut is back. */
    @BeforeEach
    void awaitMesh() {
        overlay.network().awaitMesh();
    }

    private static EchoTraffic traffic() {
        return EchoTraffic.start(overlay.applications(), client, MiniOverlay.ECHO);
    }

    private static RouterNode router(int i) {
        return overlay.network().router(i);
    }

    @Test
    void dataFlowsOnWhileTheControlConnectionsAreCutAndNewDialsWorkOnceTheyAreBack() {
        EchoTraffic traffic = traffic();

        overlay.controllerWire().cut(Relay.CONTROL);
        traffic.awaitProgress(SOME);
        await().atMost(MiniOverlay.PATIENCE).until(() -> router(MiniOverlay.CLIENT_ROUTER)
                .running()
                .connections()
                .connected()
                .isEmpty());
        traffic.awaitProgress(SOME);
        overlay.controllerWire().heal(Relay.CONTROL);
        overlay.network().awaitMesh();

        try (OverlayCircuit circuit = overlay.open(client, MiniOverlay.ECHO)) {
            circuit.assertEchoes("again");
        }
        traffic.stopAndVerify();
    }

    @Test
    void aRightThatEndedWhileTheRoutersWereCutOffEndsItsCircuitOnceTheyAreBack() {
        String policy =
                overlay.policy("service-policies", "dial-soon-gone", "Dial", List.of("#leaving"), List.of("#dialable"));
        String routers = overlay.policy("edge-router-policies", "leaving", "", List.of("#leaving"), List.of("#a"));
        ZitiContext leaving = overlay.connect(overlay.network().enrollIdentity("leaving", "leaving"));
        OverlayCircuit circuit = overlay.open(leaving, MiniOverlay.ECHO);
        circuit.assertEchoes("still allowed");
        EchoTraffic other = traffic();

        overlay.controllerWire().cut(Relay.CONTROL);
        await().atMost(MiniOverlay.PATIENCE).until(() -> router(MiniOverlay.CLIENT_ROUTER)
                .running()
                .connections()
                .connected()
                .isEmpty());
        overlay.management().delete("service-policies", policy);
        circuit.assertEchoes("the router cannot know yet");
        overlay.controllerWire().heal(Relay.CONTROL);

        circuit.assertEnds("its policy was deleted while the router was away");
        other.awaitProgress(SOME);
        other.stopAndVerify();
        overlay.management().delete("edge-router-policies", routers);
    }

    @Test
    void dataFlowsOnWhileTheControllerIsAwayAndNewDialsWorkOnceItIsBack() {
        EchoTraffic traffic = traffic();

        overlay.network().stopController();
        traffic.awaitProgress(SOME);
        overlay.network().startController();
        overlay.network().awaitMesh();

        try (OverlayCircuit circuit = overlay.open(client, MiniOverlay.ECHO)) {
            circuit.assertEchoes("again");
        }
        traffic.stopAndVerify();
    }

    @Test
    void aCircuitWhoseLinkIsLostGoesOnOverAnotherRouter() {
        EchoTraffic traffic = traffic();
        traffic.awaitProgress(SOME);

        // Whoever of the two dialled: neither reaches the other any more but through the third.
        overlay.routerWire(MiniOverlay.CLIENT_ROUTER).cut(Relay.LINK);
        overlay.routerWire(MiniOverlay.HOST_ROUTER).cut(Relay.LINK);
        await().atMost(MiniOverlay.PATIENCE)
                .until(() -> router(MiniOverlay.CLIENT_ROUTER).running().links().size() == 1);
        traffic.awaitProgress(4 * SOME);
        overlay.routerWire(MiniOverlay.CLIENT_ROUTER).heal(Relay.LINK);
        overlay.routerWire(MiniOverlay.HOST_ROUTER).heal(Relay.LINK);

        traffic.awaitProgress(SOME);
        traffic.stopAndVerify();
        overlay.network().awaitMesh();
    }

    @Test
    void aFrozenLinkDeliversLateAndUnchanged() {
        EchoTraffic traffic = traffic();
        traffic.awaitProgress(SOME);

        for (int i : List.of(MiniOverlay.CLIENT_ROUTER, MiniOverlay.HOST_ROUTER, THIRD_ROUTER)) {
            overlay.routerWire(i).freeze(Relay.LINK);
        }
        await("what was under way has arrived, and no more does")
                .atMost(MiniOverlay.PATIENCE)
                .until(new Standstill(traffic)::reached);
        for (int i : List.of(MiniOverlay.CLIENT_ROUTER, MiniOverlay.HOST_ROUTER, THIRD_ROUTER)) {
            overlay.routerWire(i).heal(Relay.LINK);
        }

        traffic.awaitProgress(SOME);
        traffic.stopAndVerify();
    }

    @Test
    void aRouterThatWasStoppedComesBackAndItsHostsBindAgain() {
        overlay.network().stopRouter(MiniOverlay.HOST_ROUTER);
        overlay.network().startRouter(MiniOverlay.HOST_ROUTER);
        overlay.network().awaitMesh();

        await().atMost(MiniOverlay.PATIENCE).ignoreExceptions().untilAsserted(() -> {
            try (OverlayCircuit circuit = overlay.open(client, MiniOverlay.ECHO)) {
                circuit.assertEchoes("again");
            }
        });
    }

    @Test
    void aClockThatIsMovedBackDisturbsNothing() {
        EchoTraffic traffic = traffic();

        overlay.clock().advance(Duration.ofHours(-2));
        try (OverlayCircuit circuit = overlay.open(client, MiniOverlay.ECHO)) {
            circuit.assertEchoes("earlier");
        }
        traffic.awaitProgress(SOME);
        overlay.clock().advance(Duration.ofHours(2));

        try (OverlayCircuit circuit = overlay.open(client, MiniOverlay.ECHO)) {
            circuit.assertEchoes("now");
        }
        traffic.stopAndVerify();
    }

    @Test
    void anSdkThatIsGoneWithoutAGoodbyeLeavesNothingBehind() {
        ZitiContext vanishing = overlay.connect(overlay.client("vanishing"));
        OverlayCircuit circuit = overlay.open(vanishing, MiniOverlay.ECHO);
        circuit.assertEchoes("here");
        String id = circuit.connection().circuitId();
        assertThat(router(MiniOverlay.CLIENT_ROUTER).running().forwarder().describe())
                .anyMatch(line -> line.startsWith(id));

        overlay.routerWire(MiniOverlay.CLIENT_ROUTER).reset(Relay.EDGE);

        await().atMost(MiniOverlay.PATIENCE).untilAsserted(() -> {
            for (int i : List.of(MiniOverlay.CLIENT_ROUTER, MiniOverlay.HOST_ROUTER)) {
                assertThat(router(i).running().forwarder().describe()).noneMatch(line -> line.startsWith(id));
            }
        });
    }
}
