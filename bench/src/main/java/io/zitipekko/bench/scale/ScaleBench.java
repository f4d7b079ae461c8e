package io.zitipekko.bench.scale;

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

/**
 * More and more circuits over one link, each moving a little; more and more dialers; more and more links of a router; many idle circuits.
 * Fairness is Jain's index of what the circuits moved in the same time: 1 when it is equal, 1/n when one has moved everything.
 */
public final class ScaleBench implements Bench {
    private static final int ROUND_TIMES = 3;
    private static final int WARMING = 8;
    private static final int MOST_DIALERS = 64;
    private static final int IDLE_FACTOR = 10;

    @Override
    public String name() {
        return "scale";
    }

    @Override
    public String description() {
        return "circuits, dialers and links in doubling numbers, idle circuits; draws the curves";
    }

    private static List<Integer> doubling(int most) {
        List<Integer> steps = new ArrayList<>();
        for (int n = 1; n < most; n *= 2) {
            steps.add(n);
        }
        steps.add(most);
        return steps;
    }

    private static int dialers(Setting setting) {
        return Math.min(MOST_DIALERS, setting.sizes().circuits());
    }

    @Override
    public List<String> figures(Setting setting) {
        List<String> names = new ArrayList<>();
        for (int n : doubling(setting.sizes().circuits())) {
            names.add("scale.circuits." + n + ".rate");
            names.add("scale.circuits." + n + ".jain");
            names.add("scale.circuits." + n + ".cpu");
        }
        for (int n : doubling(dialers(setting))) {
            names.add("scale.dialers." + n + ".rate");
            names.add("scale.dialers." + n + ".p50");
        }
        LinkScale.figures().forEach(names::add);
        names.addAll(List.of("scale.idle.dial.p50", "scale.idle.resident"));
        return names;
    }

    @Override
    public void run(Setting setting) {
        circuits(setting);
        dialing(setting);
        new LinkScale(setting).run();
        idle(setting);
    }

    private static void circuits(Setting setting) {
        Curve rate = new Curve("Bulk over one link, all circuits together", "circuits", "MB/s");
        Curve fairness = new Curve("Fairness between circuits", "circuits", "Jain's index");
        warmUp(setting);
        for (int n : doubling(setting.sizes().circuits())) {
            setting.progress().say("scale.circuits.%d", n);
            Rounds rounds = new Rounds();
            String name = "scale.circuits." + n;
            for (int i = -1; i < setting.sizes().rounds(); i++) {
                open(setting, n);
                CpuMeter cpu = CpuMeter.start(setting.network().processes());
                JsonNode moved = flow(setting);
                if (i >= 0) {
                    double megabytes = sum(moved.path("each")) / 1e6;
                    rounds.addCpu(name + ".cpu", "ms/MB", cpu.spentMillis(), megabytes);
                    rounds.add(
                            name + ".rate",
                            "MB/s",
                            megabytes / moved.path("seconds").asDouble());
                    rounds.add(name + ".jain", "index", jain(moved.path("each")));
                }
                setting.network().awaitNoCircuits();
            }
            rounds.figures().forEach(setting.report()::add);
            rate.at(n);
            rate.value("all circuits", rounds.figure(name + ".rate").median());
            fairness.at(n);
            fairness.value("Jain's index", rounds.figure(name + ".jain").median());
        }
        rate.save(setting.charts().resolve("circuits-rate.svg"));
        fairness.save(setting.charts().resolve("circuits-fairness.svg"));
    }

    private static void warmUp(Setting setting) {
        setting.progress().say("scale: warm-up");
        long until = System.nanoTime() + setting.sizes().warmup().toNanos();
        do {
            open(setting, WARMING);
            flow(setting);
        } while (System.nanoTime() < until);
        setting.network().awaitNoCircuits();
    }

    private static void open(Setting setting, int circuits) {
        setting.network()
                .client()
                .call(
                        "open-endless",
                        Agent.arguments().put("service", BenchNetwork.ENCRYPTED).put("circuits", circuits));
    }

    private static JsonNode flow(Setting setting) {
        return setting.network()
                .client()
                .call(
                        "flow",
                        Agent.arguments().put("millis", setting.sizes().round().toMillis() * ROUND_TIMES));
    }

    private static double sum(JsonNode each) {
        double sum = 0;
        for (JsonNode one : each) {
            sum += one.asDouble();
        }
        return sum;
    }

    static double jain(JsonNode each) {
        double squares = 0;
        for (JsonNode one : each) {
            squares += one.asDouble() * one.asDouble();
        }
        double sum = sum(each);
        return sum * sum / (each.size() * squares);
    }

    private static void dialing(Setting setting) {
        Curve rate = new Curve("Dials", "dialers at once", "dials a second");
        Curve latency = new Curve("Time of a dial", "dialers at once", "ms");
        for (int n : doubling(dialers(setting))) {
            setting.progress().say("scale.dialers.%d", n);
            Rounds rounds = new Rounds();
            String name = "scale.dialers." + n;
            for (int i = -1; i < setting.sizes().rounds(); i++) {
                JsonNode dialled = dial(setting, n);
                if (i >= 0) {
                    double[] millis = Agent.millis(dialled);
                    rounds.add(
                            name + ".rate",
                            "/s",
                            millis.length / dialled.path("seconds").asDouble());
                    rounds.add(name + ".p50", "ms", Figure.quantile(millis, 0.5));
                    rounds.add(name + ".p99", "ms", Figure.quantile(millis, 0.99));
                }
            }
            rounds.figures().forEach(setting.report()::add);
            rate.at(n);
            rate.value("dials a second", rounds.figure(name + ".rate").median());
            latency.at(n);
            latency.value("median", rounds.figure(name + ".p50").median());
            latency.value("99th percentile", rounds.figure(name + ".p99").median());
        }
        setting.network().awaitNoCircuits();
        rate.save(setting.charts().resolve("dials-rate.svg"));
        latency.save(setting.charts().resolve("dials-time.svg"));
    }

    private static JsonNode dial(Setting setting, int dialers) {
        return setting.network()
                .client()
                .call(
                        "dial",
                        Agent.arguments()
                                .put("service", BenchNetwork.ENCRYPTED)
                                .put("dialers", dialers)
                                .put("millis", setting.sizes().round().toMillis() / 2));
    }

    private static void idle(Setting setting) {
        int circuits = setting.sizes().circuits() * IDLE_FACTOR;
        setting.progress().say("scale.idle: %d circuits", circuits);
        BenchNetwork network = setting.network();
        network.client()
                .call(
                        "hold",
                        Agent.arguments().put("service", BenchNetwork.ENCRYPTED).put("circuits", circuits));
        double[] millis = Agent.millis(dial(setting, 1));
        setting.report().add(Figure.of("scale.idle.dial.p50", "ms", Figure.quantile(millis, 0.5)));
        setting.report()
                .add(Figure.of("scale.idle.resident", "MiB", network.router(0).residentKib() / 1024.0));
        JsonNode released = network.client().call("release", Agent.arguments());
        int lost = released.path("lost").asInt();
        if (lost > 0) {
            throw new BenchException(lost + " of " + circuits + " idle circuits were lost, the first one so: "
                    + released.path("how").asText());
        }
        network.awaitNoCircuits();
    }
}
