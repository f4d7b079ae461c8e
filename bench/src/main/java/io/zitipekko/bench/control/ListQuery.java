package io.zitipekko.bench.control;

import com.fasterxml.jackson.databind.JsonNode;
import io.zitipekko.bench.BenchException;
import io.zitipekko.bench.Setting;
import io.zitipekko.bench.process.CpuMeter;
import io.zitipekko.bench.report.Figure;
import io.zitipekko.bench.report.Rounds;
import java.io.IOException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.stream.Stream;

/**
 * A list that is asked for again and again.
 *
 * @param figure what its figures' names begin with
 * @param expected how many entities the page holds at least
 */
record ListQuery(String figure, String path, int expected) {
    private static final int REQUESTS = 40;

    static ListQuery management(String figure, String path, int expected) {
        return new ListQuery(figure, ApiConnection.MANAGEMENT + path, expected);
    }

    /** A filter, encoded. */
    static String contains(String text) {
        return encoded("name contains \"" + text + "\"");
    }

    static String encoded(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8);
    }

    List<String> figures() {
        return Stream.of("p50", "p99", "cpu").map(end -> figure + "." + end).toList();
    }

    /** Adds its figures to the report. CPU is the controller's. */
    void measure(Setting setting, ApiConnection connection) {
        long until = System.nanoTime() + setting.sizes().laterWarmup().toNanos();
        do {
            request(connection);
        } while (System.nanoTime() < until);
        Rounds rounds = new Rounds();
        int requests =
                (int) Math.max(5, Math.min(REQUESTS, setting.sizes().round().toMillis() / 20));
        for (int i = 0; i < setting.sizes().rounds(); i++) {
            CpuMeter cpu = CpuMeter.start(setting.network().controller());
            double[] millis = new double[requests];
            for (int j = 0; j < requests; j++) {
                millis[j] = request(connection);
            }
            rounds.addCpu(figure + ".cpu", "ms", cpu.spentMillis(), requests);
            rounds.add(figure + ".p50", "ms", Figure.quantile(millis, 0.5));
            rounds.add(figure + ".p99", "ms", Figure.quantile(millis, 0.99));
        }
        rounds.figures().forEach(setting.report()::add);
    }

    private double request(ApiConnection connection) {
        long began = System.nanoTime();
        byte[] body = connection.exchange("GET", path, "");
        double millis = (System.nanoTime() - began) / 1e6;
        try {
            JsonNode data = ControlPlane.JSON.readTree(body).path("data");
            if (data.size() < expected) {
                throw new BenchException(path + " lists " + data.size() + " (expected: " + expected + ")");
            }
            return millis;
        } catch (IOException e) {
            throw new BenchException(path + ": the answer is not JSON", e);
        }
    }
}
