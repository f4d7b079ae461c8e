package io.zitipekko.bench.revocation;

import com.fasterxml.jackson.databind.JsonNode;
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
            VictimKinds kinds = new VictimKinds(network, admin, setting.sizes());
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

    /** Victims, services and routers that were there before are not any more. */
    private static void clear(BenchNetwork network) {
        Victims.leave(network);
        network.unhost();
        network.shrink();
    }

    private static void measure(Setting setting, VictimKinds kinds, String kind) {
        BenchNetwork network = setting.network();
        clear(network);
        List<Double> millis = new ArrayList<>();
        for (int left = setting.sizes().victims(); left > 0; left -= VictimKinds.together(kind)) {
            Victims victims = kinds.victims(kind, Math.min(left, VictimKinds.together(kind)));
            if (VictimKinds.ownService(kind)) {
                network.host(victims.services());
            }
            victims.connect();
            if (!VictimKinds.endsByItself(kind)) {
                network.settle();
            }
            millis.addAll(victims.end(VictimKinds.endsByItself(kind)));
            requireOthers(network, setting.sizes().circuits());
            Victims.leave(network);
        }
        double[] all = millis.stream().mapToDouble(Double::doubleValue).toArray();
        setting.report().add(Figure.of(PREFIX + kind + ".p50", "ms", millis));
        Arrays.sort(all);
        setting.report().add(Figure.of(PREFIX + kind + ".p99", "ms", Figure.quantile(all, 0.99)));
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
