package io.zitipekko.interop;

import static io.zitipekko.interop.SharedNetwork.OURS;
import static io.zitipekko.interop.SharedNetwork.SECRET;

import io.zitipekko.quickstart.LocalNetwork;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

/** What goes on, and what comes back, when a part of the network is stopped under OpenZiti's Java SDK. */
@ExtendWith(SharedNetwork.Extension.class)
@Timeout(value = 8, unit = TimeUnit.MINUTES)
final class RestartTest {
    private static final Duration PATIENCE = Duration.ofMinutes(2);

    @Test
    void dataFlowsOnWhileTheControllerIsAwayAndNewDialsWorkAfterwards(SharedNetwork net) {
        try (JavaSdkProcess talking = net.javaClient("talk", SECRET, "is anybody there?")) {
            talking.awaitLines("@round", 20, PATIENCE);

            net.network().stopController();
            int rounds = talking.lines("@round").size();
            talking.awaitLines("@round", rounds + 100, PATIENCE);
            net.network().startController();
            net.network().awaitMesh();
            rounds = talking.lines("@round").size();
            talking.awaitLines("@round", rounds + 100, PATIENCE);

            for (String service : List.of(SECRET, OURS)) {
                try (JavaSdkProcess client = net.javaClient("dial", service, "100000", "2")) {
                    client.awaitLine("@exchanged", PATIENCE);
                }
            }
            talking.type("enough");
            talking.awaitLine("@done", PATIENCE);
        }
    }

    @Test
    void aRouterThatWasStoppedIsLinkedAgainAndItsHostsBindAgain(SharedNetwork net) {
        net.network().stopRouter(SharedNetwork.HOST_ROUTER);
        net.network().startRouter(SharedNetwork.HOST_ROUTER);
        net.network().awaitMesh();
        net.restartJavaHost();

        for (String service : List.of(SECRET, OURS)) {
            LocalNetwork.awaitUntil("'" + service + "' is hosted again", () -> net.isHosted(service));
            try (JavaSdkProcess client = net.javaClient("dial", service, "100000", "2")) {
                client.awaitLine("@exchanged", PATIENCE);
            }
        }
    }
}
