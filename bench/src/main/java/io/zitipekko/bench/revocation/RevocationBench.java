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
import java.util.stream.Stream;

/**
 * From the API's answer to the application's end of the connection, for every kind of event that ends a right, with many open circuits of
 * another identity beside it and many identities and services in the model. What ends by itself is counted from its moment. A circuit that is
 * still open after {@value #PATIENCE_MILLIS} ms, or one of another identity that was closed, is a failure of that kind.
 */
public final class RevocationBench implements Bench {
    static final long PATIENCE_MILLIS = 10_000;
    private static final String PREFIX = "revocation.";

    /** @throws IllegalArgumentException when one of these kinds does not exist */
    public static void requireKinds(List<String> kinds) {
        VictimKinds.named(kinds);
    }

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
        for (String kind : VictimKinds.named(setting.kinds())) {
            names.add(PREFIX + kind + ".p50");
            names.add(PREFIX + kind + ".p99");
        }
        return names;
    }

    @Override
    public void run(Setting setting) throws Exception {
        List<String> names = VictimKinds.named(setting.kinds());
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
            VictimKinds kinds = new VictimKinds(network, admin, setting.sizes().victims());
            kinds.prepare();
            for (String kind : names) {
                setting.progress().say("%s%s", PREFIX, kind);
                try {
                    measure(setting, kinds, kind);
                } catch (BenchException e) {
                    setting.report().missing(PREFIX + kind + ".p50", e.getMessage());
                    setting.report().missing(PREFIX + kind + ".p99", e.getMessage());
                }
            }
            clear(network);
        }
        network.client().call("release", Agent.arguments());
    }

    /** Victims that were there before are not any more. */
    private static void clear(BenchNetwork network) {
        network.client().call("leave", Agent.arguments());
        network.unhost();
        network.shrink();
    }

    private static void measure(Setting setting, VictimKinds kinds, String kind) {
        List<Double> millis = new ArrayList<>();
        for (int left = setting.sizes().victims(); left > 0; left -= VictimKinds.together(kind)) {
            millis.addAll(measure(setting, kinds, kind, Math.min(left, VictimKinds.together(kind))));
        }
        double[] all = millis.stream().mapToDouble(Double::doubleValue).toArray();
        setting.report().add(Figure.of(PREFIX + kind + ".p50", "ms", millis));
        Arrays.sort(all);
        setting.report().add(Figure.of(PREFIX + kind + ".p99", "ms", Figure.quantile(all, 0.99)));
    }

    private static List<Double> measure(Setting setting, VictimKinds kinds, String kind, int count) {
        BenchNetwork network = setting.network();
        clear(network);
        for (int i = 0; i < VictimKinds.rehearsals(kind); i++) {
            kinds.prepare(VictimKinds.ROUTER_DISABLED);
            end(network, make(kinds, VictimKinds.ROUTER_DISABLED, count), VictimKinds.ROUTER_DISABLED);
            network.client().call("leave", Agent.arguments());
            kinds.enableThirdRouter();
        }
        kinds.prepare(kind);
        List<Victim> victims = make(kinds, kind, count);
        List<Double> millis = end(network, victims, kind);
        requireOthers(network, setting.sizes().circuits());
        return millis;
    }

    private static List<Victim> make(VictimKinds kinds, String kind, int count) {
        return Stream.generate(() -> kinds.make(kind)).limit(count).toList();
    }

    /** From the end of the right of each to the end of its connection. */
    private static List<Double> end(BenchNetwork network, List<Victim> victims, String kind) {
        if (VictimKinds.ownService(kind)) {
            network.host(victims.stream().map(Victim::service).toList());
        }
        JsonNode sessions = join(network, victims).path("sessions");
        List<Double> millis = new ArrayList<>();
        for (int i = 0; i < victims.size(); i++) {
            long ending = victims.get(i).ending().run(sessions.path(i).asText());
            JsonNode ended = network.client()
                    .call("ended", Agent.arguments().put("index", i).put("millis", PATIENCE_MILLIS));
            if (ended.path("at").isNull()) {
                throw new BenchException("circuit " + (i + 1) + " of " + victims.size() + " was still open after "
                        + PATIENCE_MILLIS + " ms");
            }
            double took = (ended.path("at").asLong() - ending) / 1e6;
            if (took < 0 && VictimKinds.endsByItself(kind)) {
                throw new BenchException("circuit " + (i + 1) + " of " + victims.size() + " was closed " + -took
                        + " ms before its right ended");
            }
            // Closed before the answer was here counts as at once.
            millis.add(Math.max(0, took));
        }
        return millis;
    }

    private static JsonNode join(BenchNetwork network, List<Victim> victims) {
        ObjectNode arguments = Agent.arguments();
        ArrayNode members = arguments.putArray("members");
        victims.forEach(victim -> {
            ObjectNode member = members.addObject()
                    .put("identity", victim.file().toString())
                    .put("service", victim.service());
            victim.shown().ifPresent(shown -> member.put("shown", shown.toString()));
        });
        return network.client().call("join", arguments);
    }

    private static void requireOthers(BenchNetwork network, int circuits) {
        JsonNode held = network.client().call("held", Agent.arguments());
        if (held.path("open").asInt() != circuits) {
            throw new BenchException(circuits - held.path("open").asInt()
                    + " circuits of another identity were closed with it, the first one so: "
                    + held.path("how").asText());
        }
    }
}
