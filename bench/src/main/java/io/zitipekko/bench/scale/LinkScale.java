package io.zitipekko.bench.scale;

import com.fasterxml.jackson.databind.JsonNode;
import io.zitipekko.bench.Setting;
import io.zitipekko.bench.process.Agent;
import io.zitipekko.bench.process.BenchNetwork;
import io.zitipekko.bench.process.CpuMeter;
import io.zitipekko.bench.process.RunningProcess;
import io.zitipekko.bench.report.Rounds;
import io.zitipekko.quickstart.LocalNetwork;
import io.zitipekko.quickstart.NetworkHome;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * Bulk from the client's router over one, two and four of its links at once, a circuit on each. The host is connected to each of the
 * routers behind them.
 *
 * <pre>
 *                        ┌──── router-b ──┐
 *                        ├──── router-c ──┤
 *   client -- router-a ──┼──── router-d ──┼── host
 *                        └──── router-e ──┘
 * </pre>
 *
 * All processes share the machine, so that the rate does not say how many cores that router could use by itself. What does is
 * <em>parallel</em>: its CPU time as a multiple of its busiest thread's. Where it is 2 or more, no thread has more than half of the work.
 */
final class LinkScale {
    private static final String PREFIX = "scale.links.";
    private static final String SERVICE = "bench-link-";
    private static final String LINKED = "linked";
    private static final int[] LINKS = {1, 2, 4};
    private static final int MOST = LINKS[LINKS.length - 1];

    /** @param collection of the API, where it is deleted */
    private record Made(String collection, String id) {}

    private final Setting setting;
    private final BenchNetwork network;
    private final List<Made> made = new ArrayList<>();

    LinkScale(Setting setting) {
        this.setting = setting;
        this.network = setting.network();
    }

    static Stream<String> figures() {
        return Stream.of(1, 2, 4)
                .flatMap(n -> Stream.of(PREFIX + n + ".rate", PREFIX + n + ".cpu", PREFIX + n + ".parallel"));
    }

    void run() {
        setting.progress().say("%s%d routers behind as many links", PREFIX, MOST);
        network.growTo(1 + MOST);
        List<String> services =
                Stream.iterate(1, i -> i + 1).limit(MOST).map(i -> SERVICE + i).toList();
        make(services);
        network.host(services);
        Curve rate = new Curve("Bulk over several links of a router", "links", "MB/s");
        Curve parallel = new Curve(
                "How the work of a router is spread over its threads", "links", "CPU time / busiest thread's");
        warmUp(services);
        for (int n : LINKS) {
            setting.progress().say("%s%d", PREFIX, n);
            Rounds rounds = measure(services.subList(0, n));
            rounds.figures().forEach(setting.report()::add);
            rate.at(n);
            rate.value("all links", rounds.figure(PREFIX + n + ".rate").median());
            parallel.at(n);
            parallel.value("router-a", rounds.figure(PREFIX + n + ".parallel").median());
        }
        rate.save(setting.charts().resolve("links-rate.svg"));
        parallel.save(setting.charts().resolve("links-threads.svg"));
        network.awaitNoCircuits();
        network.unhost();
        made.forEach(one -> network.setup().management().delete(one.collection(), one.id()));
        network.shrink();
    }

    private void make(List<String> services) {
        LocalNetwork setup = network.setup();
        String client = "#" + NetworkHome.routerAttribute(0);
        policy("service-policies", LINKED + "-dial", "Dial", List.of("#clients"), List.of("#" + LINKED));
        policy("service-policies", LINKED + "-bind", "Bind", List.of("#hosts"), List.of("#" + LINKED));
        for (int i = 1; i <= MOST; i++) {
            String service = services.get(i - 1);
            String router = "#" + NetworkHome.routerAttribute(i);
            setup.createService(service, true, LINKED);
            made.add(0, new Made("services", setup.management().resolve("services", "name:" + service)));
            policy(
                    "service-edge-router-policies",
                    service,
                    "",
                    List.of("@" + made.get(0).id()),
                    List.of(client, router));
            policy("edge-router-policies", service, "", List.of("#hosts"), List.of(router));
        }
    }

    private void policy(String collection, String name, String type, List<String> left, List<String> right) {
        made.add(0, new Made(collection, network.setup().createPolicy(collection, name, type, left, right)));
    }

    /** The routers behind the links have carried nothing yet. */
    private void warmUp(List<String> services) {
        long until = System.nanoTime() + setting.sizes().warmup().toNanos();
        do {
            network.open(services, services.size(), setting.sizes().bytes() / services.size(), true);
            network.client().call("move", Agent.arguments());
        } while (System.nanoTime() < until);
    }

    private Rounds measure(List<String> services) {
        int links = services.size();
        String name = PREFIX + links;
        RunningProcess hub = network.router(0);
        Rounds rounds = new Rounds();
        long each = setting.sizes().bytes() / links;
        double megabytes = each * links / 1e6;
        for (int i = -1; i < setting.sizes().rounds(); i++) {
            network.open(services, links, each, true);
            CpuMeter cpu = CpuMeter.start(network.processes());
            Map<Long, Double> before = hub.threadCpuMillis();
            JsonNode moved = network.client().call("move", Agent.arguments());
            Map<Long, Double> after = hub.threadCpuMillis();
            if (i >= 0) {
                rounds.add(
                        name + ".rate",
                        "MB/s",
                        megabytes / moved.path("seconds").asDouble());
                rounds.addCpu(name + ".cpu", "ms/MB", cpu.spentMillis(), megabytes);
                rounds.add(name + ".parallel", "x", parallel(before, after));
            }
        }
        return rounds;
    }

    /** All threads' CPU time over the busiest one's. A thread that has ended meanwhile does not count. */
    static double parallel(Map<Long, Double> before, Map<Long, Double> after) {
        double[] spent = after.entrySet().stream()
                .mapToDouble(thread -> thread.getValue() - before.getOrDefault(thread.getKey(), 0.0))
                .toArray();
        double all = 0;
        double most = 0;
        for (double one : spent) {
            all += one;
            most = Math.max(most, one);
        }
        return most == 0 ? 1 : all / most;
    }
}
