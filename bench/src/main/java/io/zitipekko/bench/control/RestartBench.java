package io.zitipekko.bench.control;

import com.fasterxml.jackson.databind.JsonNode;
import io.zitipekko.bench.Bench;
import io.zitipekko.bench.BenchException;
import io.zitipekko.bench.Setting;
import io.zitipekko.bench.process.Agent;
import io.zitipekko.bench.process.BenchNetwork;
import io.zitipekko.bench.report.Rounds;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.locks.LockSupport;

/**
 * The controller is killed and started again at once, with many services in its model: how long until it answers, until the first new
 * dial succeeds, and whether a circuit that is open goes on.
 */
public final class RestartBench implements Bench {
    private static final long POLL_NANOS = 10_000_000;
    private static final long PATIENCE_NANOS = 120_000_000_000L;

    @Override
    public String name() {
        return "restart";
    }

    @Override
    public String description() {
        return "the controller is killed and comes back";
    }

    @Override
    public List<String> figures(Setting setting) {
        return List.of("restart.rest", "restart.dial");
    }

    @Override
    public void run(Setting setting) throws Exception {
        BenchNetwork network = setting.network();
        ControlPlane control = new ControlPlane(setting);
        control.fill("services", setting.sizes().services(), ControlPlane::service);
        Rounds rounds = new Rounds();
        for (int i = 0; i < setting.sizes().rounds(); i++) {
            setting.progress().say("restart: round %d", i + 1);
            network.client()
                    .call(
                            "hold",
                            Agent.arguments()
                                    .put("service", BenchNetwork.ENCRYPTED)
                                    .put("circuits", 1));
            long started = network.restartController();
            CompletableFuture<Long> answering = CompletableFuture.supplyAsync(() -> awaitAnswer(control));
            JsonNode dialled =
                    network.client().call("dial-until", Agent.arguments().put("service", BenchNetwork.ENCRYPTED));
            rounds.add("restart.rest", "s", (answering.join() - started) / 1e9);
            rounds.add("restart.dial", "s", (dialled.path("at").asLong() - started) / 1e9);
            JsonNode held = network.client().call("release", Agent.arguments());
            if (held.path("lost").asInt() > 0) {
                throw new BenchException("the circuit that was open did not outlive the controller");
            }
            network.awaitMesh();
        }
        rounds.figures().forEach(setting.report()::add);
    }

    private static long awaitAnswer(ControlPlane control) {
        long until = System.nanoTime() + PATIENCE_NANOS;
        while (true) {
            try (ApiConnection connection = control.anonymous()) {
                connection.get(ApiConnection.CLIENT + "version");
                return System.nanoTime();
            } catch (BenchException notYet) {
                if (System.nanoTime() > until) {
                    throw notYet;
                }
                LockSupport.parkNanos(POLL_NANOS);
            }
        }
    }
}
