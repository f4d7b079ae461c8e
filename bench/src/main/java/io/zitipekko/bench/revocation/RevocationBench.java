package io.zitipekko.bench.revocation;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.zitipekko.bench.Bench;
import io.zitipekko.bench.BenchException;
import io.zitipekko.bench.Setting;
import io.zitipekko.bench.control.ApiConnection;
import io.zitipekko.bench.control.ControlPlane;
import io.zitipekko.bench.process.Agent;
import io.zitipekko.bench.process.BenchNetwork;
import io.zitipekko.bench.report.Figure;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * From the API's answer to the application's end of the connection, for every kind of event that ends a right, with many open circuits of
 * another identity beside it and many identities and services in the model. A circuit that is still open after {@value #PATIENCE_MILLIS} ms, or one
 * of another identity that was closed, is a failure of that kind.
 */
public final class RevocationBench implements Bench {
    static final long PATIENCE_MILLIS = 10_000;
    private static final String PREFIX = "revocation.";

    @Override
    public String name() {
        return "revocation";
    }

    @Override
    public String description() {
        return "from the end of a right to the closed connection, by kind";
    }

    @Override
    public List<String> figures(Setting setting) {
        List<String> names = new ArrayList<>();
        for (String kind : VictimKinds.NAMES) {
            names.add(PREFIX + kind + ".p50");
            names.add(PREFIX + kind + ".p99");
        }
        return names;
    }

    @Override
    public void run(Setting setting) throws Exception {
        BenchNetwork network = setting.network();
        ControlPlane control = new ControlPlane(setting);
        control.fill("services", setting.sizes().services(), ControlPlane::service);
        control.fill("identities", setting.sizes().identities(), ControlPlane::identity);
        setting.progress()
                .say(
                        "revocation: %d circuits of another identity",
                        setting.sizes().circuits());
        network.client()
                .call(
                        "hold",
                        Agent.arguments()
                                .put("service", BenchNetwork.ENCRYPTED)
                                .put("circuits", setting.sizes().circuits()));
        try (ApiConnection admin = control.admin()) {
            VictimKinds kinds = new VictimKinds(network, admin);
            kinds.prepare();
            for (String kind : VictimKinds.NAMES) {
                setting.progress().say("%s%s", PREFIX, kind);
                try {
                    measure(setting, kinds, kind);
                } catch (BenchException e) {
                    setting.report().missing(PREFIX + kind + ".p50", e.getMessage());
                    setting.report().missing(PREFIX + kind + ".p99", e.getMessage());
                }
                network.client().call("leave", Agent.arguments());
                network.unhost();
            }
        }
        network.client().call("release", Agent.arguments());
    }

    private static void measure(Setting setting, VictimKinds kinds, String kind) {
        BenchNetwork network = setting.network();
        List<Victim> victims = new ArrayList<>();
        for (int i = 0; i < setting.sizes().victims(); i++) {
            victims.add(kinds.make(kind));
        }
        if (VictimKinds.ownService(kind)) {
            network.host(victims.stream().map(Victim::service).toList());
        }
        JsonNode sessions = join(network, victims).path("sessions");
        List<Double> millis = new ArrayList<>();
        for (int i = 0; i < victims.size(); i++) {
            victims.get(i).ending().run(sessions.path(i).asText());
            long answered = System.nanoTime();
            JsonNode ended = network.client()
                    .call("ended", Agent.arguments().put("index", i).put("millis", PATIENCE_MILLIS));
            if (ended.path("at").isNull()) {
                throw new BenchException("circuit " + (i + 1) + " of " + victims.size() + " was still open after "
                        + PATIENCE_MILLIS + " ms");
            }
            // Closed before the answer was here counts as at once.
            millis.add(Math.max(0, (ended.path("at").asLong() - answered) / 1e6));
        }
        requireOthers(network, setting.sizes().circuits());
        double[] all = millis.stream().mapToDouble(Double::doubleValue).toArray();
        setting.report().add(Figure.of(PREFIX + kind + ".p50", "ms", millis));
        Arrays.sort(all);
        setting.report().add(Figure.of(PREFIX + kind + ".p99", "ms", Figure.quantile(all, 0.99)));
    }

    private static JsonNode join(BenchNetwork network, List<Victim> victims) {
        ObjectNode arguments = Agent.arguments();
        ArrayNode members = arguments.putArray("members");
        victims.forEach(victim ->
                members.addObject().put("identity", victim.file().toString()).put("service", victim.service()));
        return network.client().call("join", arguments);
    }

    private static void requireOthers(BenchNetwork network, int circuits) {
        JsonNode held = network.client().call("held", Agent.arguments());
        if (held.path("open").asInt() != circuits) {
            throw new BenchException(
                    circuits - held.path("open").asInt() + " circuits of another identity were closed with it");
        }
    }
}
