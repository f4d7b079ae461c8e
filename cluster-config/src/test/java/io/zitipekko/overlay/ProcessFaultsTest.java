package io.zitipekko.overlay;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.zitipekko.management.ManagementException;
import io.zitipekko.quickstart.FreePorts;
import io.zitipekko.sdk.ZitiContext;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

/** Processes that are frozen, killed, or cannot write: signals and limits work on a whole process only. */
@EnabledOnOs(OS.LINUX)
@Timeout(value = 6, unit = TimeUnit.MINUTES)
final class ProcessFaultsTest {
    private static final long SOME = 256 << 10;
    private static final int SMALL_FILES_KIB = 2048;
    private static final int MANY_WRITES = 2_000;

    private static MiniOverlay overlay;
    private static ZitiContext client;
    private static ZitiContext host;

    @BeforeAll
    static void start() {
        overlay = MiniOverlay.start();
        host = overlay.connect(overlay.network().enrollIdentity(MiniOverlay.HOST, "hosts"));
        client = overlay.connect(overlay.client("client"));
        overlay.hostEcho(host, MiniOverlay.ECHO);
    }

    @AfterAll
    static void stop() {
        overlay.close();
    }

    private static void awaitEcho() {
        await("the echo is reached again")
                .atMost(MiniOverlay.PATIENCE)
                .ignoreExceptions()
                .untilAsserted(() -> {
                    try (OverlayCircuit circuit = overlay.open(client, MiniOverlay.ECHO)) {
                        circuit.assertEchoes("again");
                    }
                });
    }

    @Test
    void aFrozenRouterDeliversLateAndUnchangedAndAKilledOneIsReplaced() {
        String file =
                overlay.network().home().routerFile(MiniOverlay.HOST_ROUTER).toString();
        overlay.network().stopRouter(MiniOverlay.HOST_ROUTER);
        try (NodeProcess router = NodeProcess.start("router", "run", file)) {
            awaitEcho();
            EchoTraffic traffic = EchoTraffic.start(overlay.applications(), client, MiniOverlay.ECHO);
            traffic.awaitProgress(SOME);

            router.freeze();
            long before = traffic.received();
            await("nothing comes any more").atMost(MiniOverlay.PATIENCE).until(new Standstill(traffic)::reached);
            router.thaw();

            traffic.awaitProgress(SOME);
            assertThat(traffic.received()).isGreaterThan(before);
            traffic.stopAndVerify();

            router.kill();
        }
        overlay.network().startRouter(MiniOverlay.HOST_ROUTER);
        overlay.network().awaitMesh();
        awaitEcho();
    }

    @Test
    void anSdkThatIsKilledLeavesNothingBehind() throws Exception {
        int port = FreePorts.neighbours(1);
        overlay.client("killed");
        String file = overlay.network().home().identityFile("killed").toString();
        Baseline before = Baseline.atRest(overlay);

        try (NodeProcess proxy = NodeProcess.start("proxy", MiniOverlay.ECHO + ":" + port, "-i", file)) {
            proxy.awaitListening(port);
            try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
                byte[] text = "still here".getBytes(StandardCharsets.UTF_8);
                socket.getOutputStream().write(text);
                assertThat(socket.getInputStream().readNBytes(text.length)).isEqualTo(text);

                proxy.kill();
            }
        }

        before.assertReturns(overlay);
    }

    @Test
    void aControllerThatCannotWriteRefusesWritesAndStillAnswersAndLosesNothing() {
        String file = overlay.network().home().controllerFile().toString();
        EchoTraffic traffic = EchoTraffic.start(overlay.applications(), client, MiniOverlay.ECHO);
        overlay.network().stopController();
        List<String> acknowledged = new ArrayList<>();
        try (NodeProcess controller = NodeProcess.startWithSmallFiles(SMALL_FILES_KIB, "controller", "run", file)) {
            awaitEcho();

            assertThatThrownBy(() -> {
                        for (int i = 0; i < MANY_WRITES; i++) {
                            acknowledged.add(createLarge("large-" + i));
                        }
                    })
                    .isInstanceOf(ManagementException.class)
                    .hasMessageContaining("free space on its disk");

            assertThat(acknowledged).isNotEmpty();
            assertThat(overlay.management().list("services", "limit 1").path("data"))
                    .isNotEmpty();
            traffic.awaitProgress(SOME);
            controller.kill();
        }
        overlay.network().startController();
        overlay.network().awaitMesh();

        for (String id : acknowledged) {
            assertThat(overlay.management().get("services/" + id).path("id").asText())
                    .isEqualTo(id);
        }
        traffic.stopAndVerify();
        awaitEcho();
    }

    private static String createLarge(String name) {
        ObjectNode body =
                new ObjectMapper().createObjectNode().put("name", name).put("encryptionRequired", true);
        body.putObject("tags").put("note", "x".repeat(20_000));
        return overlay.management().create("services", body).path("id").asText();
    }
}
