package io.zitipekko.bench.path;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.zitipekko.bench.Bench;
import io.zitipekko.bench.Setting;
import io.zitipekko.bench.process.Agent;
import io.zitipekko.bench.process.BenchNetwork;
import io.zitipekko.bench.process.Launcher;
import io.zitipekko.bench.report.Figure;
import io.zitipekko.bench.report.Rounds;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * One encrypted circuit whose link crosses a path with delay and loss, beside plain TCP over the same path: bulk each way, and from the
 * dial to the first byte back. A network of its own, whose second router and host are at the far end. Needs root on Linux.
 */
public final class DelayBench implements Bench {
    private static final int MOST_ROUNDS = 3;
    private static final int LOSSY_PART = 32;

    /** @param loss in % */
    private record Condition(int millis, double loss) {
        String name() {
            String percent = loss == Math.rint(loss) ? Integer.toString((int) loss) : Double.toString(loss);
            return "delay." + millis + "ms.loss" + percent;
        }
    }

    private static List<Condition> conditions() {
        List<Condition> all = new ArrayList<>();
        // What the path itself costs, and this machine.
        all.add(new Condition(0, 0));
        for (int millis : new int[] {20, 100}) {
            for (double loss : new double[] {0, 0.1, 1}) {
                all.add(new Condition(millis, loss));
            }
        }
        return all;
    }

    @Override
    public String name() {
        return "delay";
    }

    @Override
    public String description() {
        return "a link with delay and loss, beside plain TCP over the same path; needs root";
    }

    @Override
    public List<String> figures(Setting setting) {
        return conditions().stream()
                .flatMap(
                        c -> List.of("tcp", "up", "down", "first-byte").stream().map(end -> c.name() + "." + end))
                .toList();
    }

    @Override
    public void run(Setting setting) {
        try (DelayedPath path = new DelayedPath(setting.progress())) {
            path.set(Duration.ZERO, 0);
            Launcher launcher = setting.launcher().within(DelayedPath.within(), "router-b", "host", "floor-server");
            try (BenchNetwork network =
                            BenchNetwork.startApart(launcher, setting.folder().resolve("apart"), DelayedPath.FAR);
                    Agent server = launcher.startAgent("floor-server");
                    Agent client = launcher.startAgent("floor-client")) {
                int port = server.call("floor-serve", Agent.arguments().put("host", DelayedPath.FAR))
                        .path("port")
                        .asInt();
                ObjectNode tcp = Agent.arguments().put("host", DelayedPath.FAR).put("port", port);
                warmUp(setting, network, client, tcp);
                for (Condition condition : conditions()) {
                    setting.progress().say("%s", condition.name());
                    path.set(Duration.ofMillis(condition.millis()), condition.loss() / 100);
                    measure(setting, condition, network, client, tcp);
                }
            }
        }
    }

    private static void warmUp(Setting setting, BenchNetwork network, Agent client, ObjectNode tcp) {
        long bytes = setting.sizes().bytes() / 4;
        long until = System.nanoTime() + setting.sizes().warmup().toNanos();
        do {
            client.call("floor-bulk", tcp.deepCopy().put("bytes", bytes));
            bulk(network, bytes, true);
            bulk(network, bytes, false);
        } while (System.nanoTime() < until);
    }

    private static void measure(
            Setting setting, Condition condition, BenchNetwork network, Agent client, ObjectNode tcp) {
        // Without loss as much as in other benches, so that how windows start is a small part of it.
        long bytes = condition.loss() == 0
                ? setting.sizes().bytes()
                : setting.sizes().bytes() / LOSSY_PART;
        Rounds rounds = new Rounds();
        String name = condition.name();
        for (int i = -1; i < Math.min(MOST_ROUNDS, setting.sizes().rounds()); i++) {
            double plain = client.call("floor-bulk", tcp.deepCopy().put("bytes", bytes))
                    .path("seconds")
                    .asDouble();
            if (i < 0) {
                // The first of a condition starts with the windows of the one before.
                bulk(network, bytes, true);
                bulk(network, bytes, false);
                continue;
            }
            rounds.add(name + ".tcp", "MB/s", bytes / 1e6 / plain);
            rounds.add(name + ".up", "MB/s", bytes / 1e6 / bulk(network, bytes, true));
            rounds.add(name + ".down", "MB/s", bytes / 1e6 / bulk(network, bytes, false));
            long began = System.nanoTime();
            network.client()
                    .call(
                            "ping",
                            Agent.arguments()
                                    .put("service", BenchNetwork.ENCRYPTED)
                                    .put("bytes", 64)
                                    .put("count", 1));
            rounds.add(name + ".first-byte", "ms", (System.nanoTime() - began) / 1e6);
        }
        double floor = rounds.figure(name + ".tcp").median();
        for (Figure figure : rounds.figures()) {
            boolean bulk = figure.unit().equals("MB/s") && !figure.name().endsWith(".tcp");
            setting.report().add(bulk ? figure.withFloor(floor) : figure);
        }
    }

    private static double bulk(BenchNetwork network, long bytes, boolean up) {
        network.open(List.of(BenchNetwork.ENCRYPTED), 1, bytes, up);
        return network.client().call("move", Agent.arguments()).path("seconds").asDouble();
    }
}
