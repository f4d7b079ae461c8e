package io.zitipekko.bench.control;

import com.fasterxml.jackson.databind.JsonNode;
import io.zitipekko.bench.Bench;
import io.zitipekko.bench.BenchException;
import io.zitipekko.bench.Setting;
import io.zitipekko.bench.process.CpuMeter;
import io.zitipekko.bench.report.Figure;
import io.zitipekko.bench.report.Rounds;
import io.zitipekko.sdk.ZitiIdentityFile;
import java.io.IOException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * Lists, filters and pages over a large model, one request at a time. CPU is the controller's. Each answer must hold as many entities as
 * it should.
 */
public final class ListBench implements Bench {
    private static final int REQUESTS = 40;
    private static final String ONE = "the-one";

    /** @param expected how many entities the page holds */
    private record Query(String figure, String path, int expected) {}

    @Override
    public String name() {
        return "list";
    }

    @Override
    public String description() {
        return "lists, filters and pages over many services and identities";
    }

    @Override
    public List<String> figures(Setting setting) {
        List<String> names = new ArrayList<>();
        for (Query query : queries(setting)) {
            for (String end : List.of("p50", "p99", "cpu")) {
                names.add(query.figure() + "." + end);
            }
        }
        return names;
    }

    private static List<Query> queries(Setting setting) {
        int services = setting.sizes().services();
        int identities = setting.sizes().identities();
        return List.of(
                management("list.services.page", "services?limit=100&offset=" + services / 2, 100),
                management("list.services.sorted", "services?limit=100&sort=" + encoded("createdAt desc"), 100),
                management("list.services.contains", "services?limit=100&filter=" + contains("x"), 100),
                management("list.services.name", "services?filter=" + encoded("name=\"" + ONE + "\""), 1),
                management("list.identities.page", "identities?limit=100&offset=" + identities / 2, 100),
                management("list.identities.contains", "identities?limit=100&filter=" + contains("x"), 100),
                management("list.identities.few", "identities?limit=100&filter=" + contains("x-77"), 0),
                new Query("list.client.services", ApiConnection.CLIENT + "services?limit=500", 500));
    }

    private static Query management(String figure, String path, int expected) {
        return new Query(figure, ApiConnection.MANAGEMENT + path, expected);
    }

    private static String contains(String text) {
        return encoded("name contains \"" + text + "\"");
    }

    private static String encoded(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8);
    }

    @Override
    public void run(Setting setting) throws Exception {
        ControlPlane control = new ControlPlane(setting);
        control.fill("services", setting.sizes().services(), ControlPlane::service);
        control.fill("identities", setting.sizes().identities(), ControlPlane::identity);
        control.create("services", 1, i -> ControlPlane.service(ONE));
        try (ApiConnection admin = control.admin();
                ApiConnection client = client(setting, control)) {
            for (Query query : queries(setting)) {
                setting.progress().say("%s", query.figure());
                ApiConnection connection = query.path().startsWith(ApiConnection.CLIENT) ? client : admin;
                measure(setting, connection, query);
            }
        }
    }

    /** An identity that may dial every service. */
    private static ApiConnection client(Setting setting, ControlPlane control) {
        ZitiIdentityFile identity = setting.network().setup().enrollIdentity("lister", "listers");
        setting.network()
                .setup()
                .createPolicy("service-policies", "listers", "Dial", List.of("#listers"), List.of("#all"));
        String token;
        try (ApiConnection login = control.as(identity, "")) {
            token = login.post(ApiConnection.CLIENT + "authenticate?method=cert", "{}")
                    .path("token")
                    .asText();
        }
        return control.as(identity, token);
    }

    private static void measure(Setting setting, ApiConnection connection, Query query) {
        long until = System.nanoTime() + setting.sizes().laterWarmup().toNanos();
        do {
            request(connection, query);
        } while (System.nanoTime() < until);
        Rounds rounds = new Rounds();
        int requests =
                (int) Math.max(5, Math.min(REQUESTS, setting.sizes().round().toMillis() / 20));
        for (int i = 0; i < setting.sizes().rounds(); i++) {
            CpuMeter cpu = CpuMeter.start(setting.network().controller());
            double[] millis = new double[requests];
            for (int j = 0; j < requests; j++) {
                millis[j] = request(connection, query);
            }
            rounds.addCpu(query.figure() + ".cpu", "ms", cpu.spentMillis(), requests);
            rounds.add(query.figure() + ".p50", "ms", Figure.quantile(millis, 0.5));
            rounds.add(query.figure() + ".p99", "ms", Figure.quantile(millis, 0.99));
        }
        rounds.figures().forEach(setting.report()::add);
    }

    private static double request(ApiConnection connection, Query query) {
        long began = System.nanoTime();
        byte[] body = connection.exchange("GET", query.path(), "");
        double millis = (System.nanoTime() - began) / 1e6;
        try {
            JsonNode data = ControlPlane.JSON.readTree(body).path("data");
            if (data.size() < query.expected()) {
                throw new BenchException(
                        query.path() + " lists " + data.size() + " (expected: " + query.expected() + ")");
            }
            return millis;
        } catch (IOException e) {
            throw new BenchException(query.path() + ": the answer is not JSON", e);
        }
    }
}
