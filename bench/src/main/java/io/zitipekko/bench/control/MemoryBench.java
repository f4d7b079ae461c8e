package io.zitipekko.bench.control;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.zitipekko.bench.Bench;
import io.zitipekko.bench.BenchException;
import io.zitipekko.bench.Setting;
import io.zitipekko.bench.process.Agent;
import io.zitipekko.bench.process.BenchNetwork;
import io.zitipekko.bench.process.HeapMeter;
import io.zitipekko.bench.process.RunningProcess;
import io.zitipekko.bench.report.Figure;
import java.util.ArrayList;
import java.util.List;

/**
 * What idle things hold: live heap after a full collection, with them and without, divided by their number. Also the resident set, which
 * a JVM gives back late and grows in large steps: it says little unless there are many.
 */
public final class MemoryBench implements Bench {
    private static final double KIB = 1024;

    @Override
    public String name() {
        return "memory";
    }

    @Override
    public String description() {
        return "per idle circuit and SDK connection at a router, per identity at the controller";
    }

    @Override
    public List<String> figures(Setting setting) {
        return List.of(
                "memory.circuit", "memory.circuit.hosted", "memory.connection", "memory.identity", "memory.controller");
    }

    /** Memory of a process at a moment. */
    private record Held(double heap, double resident) {
        static Held by(RunningProcess process) {
            return new Held(HeapMeter.liveBytes(process) / KIB, process.residentKib());
        }
    }

    @Override
    public void run(Setting setting) throws Exception {
        BenchNetwork network = setting.network();
        circuits(setting, network);
        connections(setting, network);
        identities(setting, network);
        setting.report()
                .add(Figure.of("memory.controller", "MiB", network.controller().residentKib() / KIB));
    }

    private static void circuits(Setting setting, BenchNetwork network) {
        int circuits = setting.sizes().circuits();
        setting.progress().say("memory: %d idle circuits", circuits);
        // The first ones load classes and fill pools.
        hold(network, 16);
        release(network);
        Held dialled = Held.by(network.router(0));
        Held hosted = Held.by(network.router(1));
        hold(network, circuits);
        report(setting, "memory.circuit", network.router(0), dialled, circuits);
        report(setting, "memory.circuit.hosted", network.router(1), hosted, circuits);
        release(network);
    }

    private static void hold(BenchNetwork network, int circuits) {
        network.client()
                .call(
                        "hold",
                        Agent.arguments().put("service", BenchNetwork.ENCRYPTED).put("circuits", circuits));
    }

    private static void release(BenchNetwork network) {
        if (network.client().call("release", Agent.arguments()).path("lost").asInt() > 0) {
            throw new BenchException("circuits were lost while nothing happened");
        }
        network.awaitNoCircuits();
    }

    /** Each an SDK context of its own: session, TLS connection, and a circuit. */
    private static void connections(Setting setting, BenchNetwork network) {
        int connections = Math.max(4, setting.sizes().circuits() / 5);
        setting.progress().say("memory: %d SDK connections", connections);
        join(network, 4);
        network.client().call("leave", Agent.arguments());
        Held before = Held.by(network.router(0));
        join(network, connections);
        report(setting, "memory.connection", network.router(0), before, connections);
        network.client().call("leave", Agent.arguments());
    }

    private static void join(BenchNetwork network, int count) {
        ObjectNode arguments = Agent.arguments();
        ArrayNode members = arguments.putArray("members");
        for (int i = 0; i < count; i++) {
            members.addObject()
                    .put("identity", network.home().identityFile("client").toString())
                    .put("service", BenchNetwork.ENCRYPTED);
        }
        network.client().call("join", arguments);
    }

    private static void identities(Setting setting, BenchNetwork network) throws Exception {
        int identities = setting.sizes().writes() * 2;
        setting.progress().say("memory: %d identities", identities);
        ControlPlane control = new ControlPlane(setting);
        List<String> names = new ArrayList<>();
        for (int i = 0; i < identities; i++) {
            names.add("memory-" + System.nanoTime() + "-" + i);
        }
        Held before = Held.by(network.controller());
        control.create("identities", identities, i -> ControlPlane.identity(names.get(i)));
        report(setting, "memory.identity", network.controller(), before, identities);
    }

    private static void report(Setting setting, String name, RunningProcess process, Held before, int count) {
        Held after = Held.by(process);
        setting.report().add(Figure.of(name, "KiB", (after.heap() - before.heap()) / count));
        setting.report().add(Figure.of(name + ".rss", "KiB", (after.resident() - before.resident()) / count));
    }
}
