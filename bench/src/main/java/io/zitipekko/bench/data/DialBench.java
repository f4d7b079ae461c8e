package io.zitipekko.bench.data;

import com.fasterxml.jackson.databind.JsonNode;
import io.zitipekko.bench.Bench;
import io.zitipekko.bench.Setting;
import io.zitipekko.bench.floor.Floors;
import io.zitipekko.bench.process.Agent;
import io.zitipekko.bench.process.BenchNetwork;
import io.zitipekko.bench.process.CpuMeter;
import io.zitipekko.bench.report.Figure;
import io.zitipekko.bench.report.Rounds;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * Dials of an encrypted service, 1, 8 and 32 at once, each closed as soon as it is there. A dial that fails ends the bench; afterwards
 * no circuit may be left at the controller.
 */
public final class DialBench implements Bench {
    private static final int[] DIALERS = {1, 8, 32};

    @Override
    public String name() {
        return "dial";
    }

    @Override
    public String description() {
        return "dials a second, 1, 8 and 32 at once";
    }

    @Override
    public List<String> figures(Setting setting) {
        List<String> names = new ArrayList<>();
        for (int dialers : DIALERS) {
            for (String end : List.of("rate", "p50", "p99", "cpu")) {
                names.add("dial." + dialers + "." + end);
            }
        }
        return names;
    }

    @Override
    public void run(Setting setting) throws Exception {
        Floors floors = setting.floors();
        setting.progress().say("dial: warm-up");
        dial(setting, 8, setting.sizes().warmup());
        for (int dialers : DIALERS) {
            setting.progress().say("dial.%d", dialers);
            dial(setting, dialers, setting.sizes().laterWarmup());
            Rounds rounds = new Rounds();
            String name = "dial." + dialers;
            for (int i = 0; i < setting.sizes().rounds(); i++) {
                CpuMeter cpu = CpuMeter.start(setting.network().processes());
                JsonNode dialled = dial(setting, dialers, setting.sizes().round());
                double[] millis = Agent.millis(dialled);
                rounds.addCpu(name + ".cpu", "ms", cpu.spentMillis(), millis.length);
                rounds.add(
                        name + ".rate",
                        "/s",
                        millis.length / dialled.path("seconds").asDouble());
                rounds.add(name + ".p50", "ms", Figure.quantile(millis, 0.5));
                rounds.add(name + ".p99", "ms", Figure.quantile(millis, 0.99));
            }
            setting.report().add(rounds.figure(name + ".rate"));
            setting.report().add(rounds.figure(name + ".p50").withFloor(floors.trip64P50()));
            setting.report().add(rounds.figure(name + ".p99").withFloor(floors.trip64P99()));
            setting.report().add(rounds.figure(name + ".cpu"));
        }
        setting.network().awaitNoCircuits();
    }

    private static JsonNode dial(Setting setting, int dialers, Duration time) {
        return setting.network()
                .client()
                .call(
                        "dial",
                        Agent.arguments()
                                .put("service", BenchNetwork.ENCRYPTED)
                                .put("dialers", dialers)
                                .put("millis", time.toMillis()));
    }
}
