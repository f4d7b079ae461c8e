package io.zitipekko.bench.control;

import io.zitipekko.bench.Bench;
import io.zitipekko.bench.BenchException;
import io.zitipekko.bench.Setting;
import io.zitipekko.bench.process.RunningProcess;
import io.zitipekko.bench.report.Figure;
import io.zitipekko.quickstart.FreePorts;
import java.util.ArrayList;
import java.util.List;

/** {@code quickstart --once}, from the shell's start of the launcher to its end: a network from nothing and a verified exchange. */
public final class StartupBench implements Bench {
    private static final int PORTS = 3;
    private static final int MOST_ROUNDS = 5;

    @Override
    public String name() {
        return "startup";
    }

    @Override
    public String description() {
        return "quickstart, from nothing to a verified exchange";
    }

    @Override
    public List<String> figures(Setting setting) {
        return List.of("startup.quickstart");
    }

    @Override
    public void run(Setting setting) {
        List<Double> seconds = new ArrayList<>();
        for (int i = 0; i < Math.min(MOST_ROUNDS, setting.sizes().rounds()); i++) {
            setting.progress().say("startup: round %d", i + 1);
            long began = System.nanoTime();
            try (RunningProcess quickstart = setting.launcher()
                    .start(
                            "quickstart",
                            "quickstart",
                            "--once",
                            "--port-base",
                            Integer.toString(FreePorts.neighbours(PORTS)))) {
                int code = quickstart.awaitCode();
                if (code != 0) {
                    throw new BenchException("quickstart ended with code " + code);
                }
            }
            seconds.add((System.nanoTime() - began) / 1e9);
        }
        setting.report().add(Figure.of("startup.quickstart", "s", seconds));
    }
}
