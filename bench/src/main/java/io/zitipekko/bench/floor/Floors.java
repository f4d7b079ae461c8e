package io.zitipekko.bench.floor;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.zitipekko.bench.Sizes;
import io.zitipekko.bench.process.Agent;
import io.zitipekko.bench.process.CpuMeter;
import io.zitipekko.bench.process.Launcher;
import io.zitipekko.bench.process.RunningProcess;
import io.zitipekko.bench.report.Figure;
import io.zitipekko.bench.report.Report;
import io.zitipekko.bench.report.Rounds;
import io.zitipekko.pki.PkiFolder;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * What this machine allows, measured now: ciphers on one core; TCP between two processes; an empty relay of the overlay's hops, TLS on
 * each, four processes.
 *
 * <pre>
 *   client ==TLS== relay ==TLS== relay ==TLS== server
 * </pre>
 *
 * @param aesMbs AES-128-GCM of one core
 * @param xchachaMbs XChaCha20-Poly1305 of one core
 * @param relayMbs bulk through the relays
 * @param relayCpu CPU-ms per MB of that, all four processes
 * @param trip64P50 64-byte round trip through the relays, ms; the others likewise
 */
public record Floors(
        double aesMbs,
        double xchachaMbs,
        double relayMbs,
        double relayCpu,
        double trip64P50,
        double trip64P99,
        double trip1024P50,
        double trip1024P99) {
    private static final int TRIPS = 4_000;

    /** CPU-ms per MB that no implementation of the path can do without: TLS on each hop and, encrypted, the stream at both ends. */
    public double cpuPerMb(boolean encrypted) {
        return encrypted ? relayCpu + 2 * 1e3 / xchachaMbs : relayCpu;
    }

    /** Measures, and reports the floors themselves. */
    public static Floors measure(Launcher launcher, Path folder, Sizes sizes, Report report)
            throws GeneralSecurityException {
        Rounds rounds = new Rounds();
        ciphers(sizes, rounds);
        plainTcp(launcher, sizes, rounds);
        relay(launcher, folder, sizes, rounds);
        rounds.figures().forEach(report::add);
        return new Floors(
                median(rounds, "floor.aes128gcm"),
                median(rounds, "floor.xchacha20poly1305"),
                median(rounds, "floor.relay"),
                median(rounds, "floor.relay.cpu"),
                median(rounds, "floor.relay.rtt.64.p50"),
                median(rounds, "floor.relay.rtt.64.p99"),
                median(rounds, "floor.relay.rtt.1024.p50"),
                median(rounds, "floor.relay.rtt.1024.p99"));
    }

    private static double median(Rounds rounds, String name) {
        return rounds.figure(name).median();
    }

    private static void ciphers(Sizes sizes, Rounds rounds) throws GeneralSecurityException {
        long nanos = sizes.round().dividedBy(8).toNanos();
        // The compiler's own cipher instructions come with the compiled code, and that takes a while.
        CipherSpeed.aes(sizes.laterWarmup().toNanos());
        CipherSpeed.xchacha(sizes.laterWarmup().toNanos());
        for (int i = 0; i < sizes.rounds(); i++) {
            rounds.add("floor.aes128gcm", "MB/s", CipherSpeed.aes(nanos));
            rounds.add("floor.xchacha20poly1305", "MB/s", CipherSpeed.xchacha(nanos));
        }
    }

    private static void plainTcp(Launcher launcher, Sizes sizes, Rounds rounds) {
        try (Agent server = launcher.startAgent("floor-server");
                Agent client = launcher.startAgent("floor-client")) {
            ObjectNode target = Agent.arguments()
                    .put(
                            "port",
                            server.call("floor-serve", Agent.arguments())
                                    .path("port")
                                    .asInt());
            // A gigabyte takes a third of a second.
            Route route = new Route("floor.tcp", target, client, sizes.bytes() * 4);
            route.measure(sizes, rounds, List.of(server.process(), client.process()));
        }
    }

    private static void relay(Launcher launcher, Path folder, Sizes sizes, Rounds rounds) {
        PkiFolder pki = new PkiFolder(folder.resolve("floor-pki"));
        pki.createRoot("root", "floor");
        String chain = pki.createServer(
                        "root", "server", "server", List.of("localhost"), List.of("127.0.0.1"), Optional.empty())
                .toString();
        String key = pki.keyFile("root", "server").toString();
        List<Agent> agents = new ArrayList<>();
        try {
            Agent server = started(agents, launcher, "floor-server");
            int port = secured(chain, key, server, "floor-serve", 0);
            for (String name : List.of("floor-relay-b", "floor-relay-a")) {
                port = secured(chain, key, started(agents, launcher, name), "floor-relay", port);
            }
            Agent client = started(agents, launcher, "floor-client");
            ObjectNode target =
                    Agent.arguments().put("chain", chain).put("key", key).put("port", port);
            List<RunningProcess> processes = agents.stream().map(Agent::process).toList();
            new Route("floor.relay", target, client, sizes.bytes()).measure(sizes, rounds, processes);
        } finally {
            agents.forEach(Agent::close);
        }
    }

    private static Agent started(List<Agent> agents, Launcher launcher, String role) {
        Agent agent = launcher.startAgent(role);
        agents.add(agent);
        return agent;
    }

    private static int secured(String chain, String key, Agent agent, String task, int to) {
        return agent.call(
                        task,
                        Agent.arguments().put("chain", chain).put("key", key).put("to", to))
                .path("port")
                .asInt();
    }

    /** A client that can reach a server somehow. */
    private record Route(String name, ObjectNode target, Agent client, long bytes) {
        void measure(Sizes sizes, Rounds rounds, List<RunningProcess> processes) {
            long until = System.nanoTime() + sizes.warmup().dividedBy(2).toNanos();
            do {
                bulk();
                trips(64);
            } while (System.nanoTime() < until);
            for (int i = 0; i < sizes.rounds(); i++) {
                CpuMeter cpu = CpuMeter.start(processes);
                double seconds = bulk();
                rounds.addCpu(name + ".cpu", "ms/MB", cpu.spentMillis(), bytes / 1e6);
                rounds.add(name, "MB/s", bytes / 1e6 / seconds);
                for (int size : new int[] {64, 1024}) {
                    double[] millis = trips(size);
                    rounds.add(name + ".rtt." + size + ".p50", "ms", Figure.quantile(millis, 0.5));
                    rounds.add(name + ".rtt." + size + ".p99", "ms", Figure.quantile(millis, 0.99));
                }
            }
        }

        private double bulk() {
            return client.call("floor-bulk", target.deepCopy().put("bytes", bytes))
                    .path("seconds")
                    .asDouble();
        }

        private double[] trips(int size) {
            return client.millis(
                    "floor-trips", target.deepCopy().put("bytes", size).put("count", TRIPS));
        }
    }
}
