package io.zitipekko.bench.data;

import io.zitipekko.bench.Bench;
import io.zitipekko.bench.Setting;
import io.zitipekko.bench.floor.Floors;
import io.zitipekko.bench.process.Agent;
import io.zitipekko.bench.process.BenchNetwork;
import io.zitipekko.bench.process.CpuMeter;
import io.zitipekko.bench.report.Figure;
import io.zitipekko.bench.report.Rounds;
import java.util.ArrayList;
import java.util.List;

/** Round trips over one encrypted circuit, one after the other: 64 bytes and 1 KiB. */
public final class RoundTripBench implements Bench {
    private static final int[] SIZES = {64, 1024};
    // Enough for a 99.9th percentile of ten samples.
    private static final int TRIPS_PER_SECOND = 2_000;

    @Override
    public String name() {
        return "rtt";
    }

    @Override
    public String description() {
        return "round trips of 64 B and 1 KiB over one encrypted circuit";
    }

    @Override
    public List<String> figures(Setting setting) {
        List<String> names = new ArrayList<>();
        for (int size : SIZES) {
            for (String end : List.of("p50", "p99", "p999", "cpu")) {
                names.add("rtt." + size + "." + end);
            }
        }
        return names;
    }

    @Override
    public void run(Setting setting) throws Exception {
        Floors floors = setting.floors();
        int trips = (int) Math.max(1_000, setting.sizes().round().toMillis() * TRIPS_PER_SECOND * 2 / 1_000);
        long until = System.nanoTime() + setting.sizes().warmup().toNanos();
        setting.progress().say("rtt: warm-up");
        do {
            ping(setting, SIZES[0], 1_000);
        } while (System.nanoTime() < until);
        for (int size : SIZES) {
            setting.progress().say("rtt.%d", size);
            Rounds rounds = new Rounds();
            String name = "rtt." + size;
            for (int i = 0; i < setting.sizes().rounds(); i++) {
                CpuMeter cpu = CpuMeter.start(setting.network().processes());
                double[] millis = ping(setting, size, trips);
                rounds.addCpu(name + ".cpu", "ms", cpu.spentMillis(), trips);
                rounds.add(name + ".p50", "ms", Figure.quantile(millis, 0.5));
                rounds.add(name + ".p99", "ms", Figure.quantile(millis, 0.99));
                rounds.add(name + ".p999", "ms", Figure.quantile(millis, 0.999));
            }
            boolean small = size == SIZES[0];
            setting.report()
                    .add(rounds.figure(name + ".p50").withFloor(small ? floors.trip64P50() : floors.trip1024P50()));
            setting.report()
                    .add(rounds.figure(name + ".p99").withFloor(small ? floors.trip64P99() : floors.trip1024P99()));
            setting.report().add(rounds.figure(name + ".p999"));
            setting.report().add(rounds.figure(name + ".cpu"));
        }
    }

    private static double[] ping(Setting setting, int bytes, int count) {
        return setting.network()
                .client()
                .millis(
                        "ping",
                        Agent.arguments()
                                .put("service", BenchNetwork.ENCRYPTED)
                                .put("bytes", bytes)
                                .put("count", count));
    }
}
