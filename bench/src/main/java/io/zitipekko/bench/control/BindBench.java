package io.zitipekko.bench.control;

import com.fasterxml.jackson.databind.JsonNode;
import io.zitipekko.bench.Bench;
import io.zitipekko.bench.BenchException;
import io.zitipekko.bench.Setting;
import io.zitipekko.bench.process.Agent;
import io.zitipekko.bench.process.BenchNetwork;
import io.zitipekko.bench.process.CpuMeter;
import io.zitipekko.bench.report.Figure;
import io.zitipekko.bench.report.Rounds;
import java.util.ArrayList;
import java.util.List;

/** A host binds services that it never bound before, 16 at once; each becomes a terminator. CPU is that of all processes. */
public final class BindBench implements Bench {
    private static final int MOST = 400;

    @Override
    public String name() {
        return "bind";
    }

    @Override
    public String description() {
        return "services that one host binds a second";
    }

    @Override
    public List<String> figures(Setting setting) {
        return List.of("bind.rate", "bind.p50", "bind.p99", "bind.cpu");
    }

    @Override
    public void run(Setting setting) throws Exception {
        ControlPlane control = new ControlPlane(setting);
        BenchNetwork network = setting.network();
        int each = Math.min(MOST, setting.sizes().writes());
        setting.progress().say("bind: warm-up");
        long until = System.nanoTime() + setting.sizes().warmup().toNanos();
        do {
            network.host(create(control, each));
            network.unhost();
        } while (System.nanoTime() < until);
        Rounds rounds = new Rounds();
        for (int i = 0; i < setting.sizes().rounds(); i++) {
            setting.progress().say("bind: round %d", i + 1);
            List<String> services = create(control, each);
            CpuMeter cpu = CpuMeter.start(network.processes());
            JsonNode bound = network.host(services);
            var spent = cpu.spentMillis();
            requireTerminators(control, each + 2);
            network.unhost();
            double[] millis = Agent.millis(bound);
            rounds.add("bind.rate", "/s", each / bound.path("seconds").asDouble());
            rounds.add("bind.p50", "ms", Figure.quantile(millis, 0.5));
            rounds.add("bind.p99", "ms", Figure.quantile(millis, 0.99));
            rounds.addCpu("bind.cpu", "ms", spent, each);
        }
        rounds.figures().forEach(setting.report()::add);
    }

    private static List<String> create(ControlPlane control, int count) {
        List<String> names = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            names.add("bound-" + System.nanoTime() + "-" + i);
        }
        control.create("services", count, i -> {
            var body = ControlPlane.service(names.get(i));
            body.putArray("roleAttributes").add(BenchNetwork.DIALLED);
            return body;
        });
        return names;
    }

    private static void requireTerminators(ControlPlane control, int expected) {
        int found = control.count("terminators");
        if (found < expected) {
            throw new BenchException(found + " terminators exist (expected: " + expected + ")");
        }
    }
}
