package io.zitipekko.bench.scale;

import com.fasterxml.jackson.databind.JsonNode;
import io.zitipekko.bench.Bench;
import io.zitipekko.bench.Setting;
import io.zitipekko.bench.process.Agent;
import io.zitipekko.bench.process.BenchNetwork;
import io.zitipekko.bench.report.Rounds;
import java.util.List;

/**
 * Bulk over one circuit, alone and beside circuits of the same host that send without end to an application that does not read: a slow
 * reader must slow its own circuit only.
 */
public final class SlowReaderBench implements Bench {
    private static final int STALLED = 8;

    @Override
    public String name() {
        return "slow-reader";
    }

    @Override
    public String description() {
        return "bulk beside circuits that nobody reads";
    }

    @Override
    public List<String> figures(Setting setting) {
        return List.of("slow-reader.alone", "slow-reader.beside");
    }

    @Override
    public void run(Setting setting) {
        Rounds rounds = new Rounds();
        bulk(setting, rounds, "slow-reader.alone");
        setting.report().add(rounds.figure("slow-reader.alone"));
        setting.network()
                .client()
                .call(
                        "stall",
                        Agent.arguments().put("service", BenchNetwork.ENCRYPTED).put("circuits", STALLED));
        bulk(setting, rounds, "slow-reader.beside");
        setting.network().client().call("release", Agent.arguments());
        setting.network().awaitNoCircuits();
        double alone = rounds.figure("slow-reader.alone").median();
        setting.report().add(rounds.figure("slow-reader.beside").withFloor(alone));
    }

    private static void bulk(Setting setting, Rounds rounds, String name) {
        long bytes = setting.sizes().bytes() / 2;
        for (int i = -1; i < setting.sizes().rounds(); i++) {
            setting.network().open(List.of(BenchNetwork.ENCRYPTED), 1, bytes, true);
            JsonNode moved = setting.network().client().call("move", Agent.arguments());
            if (i >= 0) {
                rounds.add(name, "MB/s", bytes / 1e6 / moved.path("seconds").asDouble());
            }
        }
    }
}
