package io.zitipekko.bench.data;

import com.fasterxml.jackson.databind.JsonNode;
import io.zitipekko.bench.Bench;
import io.zitipekko.bench.Setting;
import io.zitipekko.bench.floor.Floors;
import io.zitipekko.bench.process.Agent;
import io.zitipekko.bench.process.BenchNetwork;
import io.zitipekko.bench.process.CpuMeter;
import io.zitipekko.bench.report.Rounds;
import java.util.ArrayList;
import java.util.List;

/**
 * Bulk over 1, 4 and 8 circuits at once, each direction, encrypted from end to end and not. Every round dials fresh circuits; timed is
 * from the first byte sent to the receiver's receipt (upwards) or the last byte (downwards). The receiver counts and checks a CRC-32C.
 */
public final class ThroughputBench implements Bench {
    private static final int[] CIRCUITS = {1, 4, 8};

    private record Case(boolean encrypted, int circuits, boolean up) {
        String figure() {
            return "throughput." + (up ? "up" : "down") + "." + circuits + "." + (encrypted ? "encrypted" : "plain");
        }
    }

    @Override
    public String name() {
        return "throughput";
    }

    @Override
    public String description() {
        return "bulk over 1, 4 and 8 circuits, both directions, encrypted and not";
    }

    private static List<Case> cases() {
        List<Case> cases = new ArrayList<>();
        for (boolean encrypted : new boolean[] {true, false}) {
            for (int circuits : CIRCUITS) {
                for (boolean up : new boolean[] {true, false}) {
                    cases.add(new Case(encrypted, circuits, up));
                }
            }
        }
        return cases;
    }

    @Override
    public List<String> figures(Setting setting) {
        return cases().stream()
                .map(Case::figure)
                .flatMap(name -> List.of(name, name + ".cpu").stream())
                .toList();
    }

    @Override
    public void run(Setting setting) throws Exception {
        Floors floors = setting.floors();
        boolean first = true;
        for (Case c : cases()) {
            setting.progress().say("%s", c.figure());
            long warmup = (first ? setting.sizes().warmup() : setting.sizes().laterWarmup()).toNanos();
            first = false;
            measure(setting, c, warmup, floors);
        }
    }

    private static void measure(Setting setting, Case c, long warmup, Floors floors) {
        BenchNetwork network = setting.network();
        String name = c.figure();
        Rounds rounds = new Rounds();
        long until = System.nanoTime() + warmup;
        do {
            open(setting, c);
            network.client().call("move", Agent.arguments());
        } while (System.nanoTime() < until);
        long each = setting.sizes().bytes() / c.circuits();
        double megabytes = each * c.circuits() / 1e6;
        for (int i = 0; i < setting.sizes().rounds(); i++) {
            open(setting, c);
            CpuMeter cpu = CpuMeter.start(network.processes());
            JsonNode moved = network.client().call("move", Agent.arguments());
            rounds.addCpu(name + ".cpu", "ms/MB", cpu.spentMillis(), megabytes);
            rounds.add(name, "MB/s", megabytes / moved.path("seconds").asDouble());
            if (c.circuits() > 1) {
                rounds.add(name + ".spread", "%", spread(moved.path("each")));
            }
        }
        setting.report().add(rounds.figure(name).withFloor(floors.relayMbs()));
        setting.report().add(rounds.figure(name + ".cpu").withFloor(floors.cpuPerMb(c.encrypted())));
        if (c.circuits() > 1) {
            setting.report().add(rounds.figure(name + ".spread"));
        }
    }

    private static void open(Setting setting, Case c) {
        String service = c.encrypted() ? BenchNetwork.ENCRYPTED : BenchNetwork.PLAIN;
        setting.network().open(List.of(service), c.circuits(), setting.sizes().bytes() / c.circuits(), c.up());
    }

    /** How much slower the slowest circuit was than the fastest, in %. */
    private static double spread(JsonNode seconds) {
        double fastest = Double.MAX_VALUE;
        double slowest = 0;
        for (JsonNode one : seconds) {
            fastest = Math.min(fastest, one.asDouble());
            slowest = Math.max(slowest, one.asDouble());
        }
        return 100 * (1 - fastest / slowest);
    }
}
