package io.zitipekko.actors.fabric;

import static org.assertj.core.api.Assertions.assertThat;

import io.zitipekko.actors.controller.NetworkTuning;
import io.zitipekko.actors.model.Samples;
import io.zitipekko.actors.model.entity.Semantic;
import io.zitipekko.actors.model.entity.Service;
import io.zitipekko.actors.model.id.ServiceId;
import io.zitipekko.transport.channel.Message;
import io.zitipekko.transport.control.ControlContentType;
import io.zitipekko.transport.control.proto.CircuitRequest;
import io.zitipekko.transport.control.proto.Route;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class CircuitTimeoutTest {
    @Test
    void silentRouterTimesOutEachAttempt() {
        NetworkTuning impatient = new NetworkTuning(
                10,
                Duration.ofMinutes(1),
                Duration.ofMillis(100),
                2,
                Duration.ofSeconds(65),
                Duration.ofHours(1),
                0.02,
                4,
                15);
        try (TestFabric network = new TestFabric(impatient)) {
            FakeRouter router = network.connect("r1");
            network.change(
                    Samples.put(new Service(
                            new ServiceId("s"), Samples.META, "s", false, "smartrouting", Set.of(), List.of(), 0)),
                    Samples.put(Samples.terminator("t1", "s", "r1")),
                    Samples.put(
                            Samples.serviceEdgeRouterPolicy("all", Semantic.ANY_OF, List.of("#all"), List.of("#all"))));
            router.silent = true;

            Message answer = router.ask(
                    ControlContentType.CIRCUIT_REQUEST,
                    CircuitRequest.newBuilder().setService("s").build());

            assertThat(answer.contentType()).isEqualTo(ControlContentType.CIRCUIT_FAILED);
            assertThat(answer.bodyText()).contains("timeout waiting for router");
            List<Route> routes = router.all(ControlContentType.ROUTE, Route.parser());
            assertThat(routes).extracting(Route::getAttempt).containsExactly(0, 1);
            assertThat(routes.get(0).getForwardsList())
                    .extracting(Route.Forward::getDstType)
                    .containsExactly(Route.DestType.END, Route.DestType.START);
            assertThat(network.directory().circuits()).isEmpty();
        }
    }
}
