package io.zitipekko.bench.revocation;

import io.zitipekko.bench.Bench;
import io.zitipekko.bench.BenchException;
import io.zitipekko.bench.Setting;
import io.zitipekko.bench.control.ApiConnection;
import io.zitipekko.bench.control.ControlPlane;
import io.zitipekko.bench.control.Load;
import io.zitipekko.bench.process.BenchNetwork;
import io.zitipekko.bench.report.Figure;
import io.zitipekko.sdk.ZitiIdentityFile;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.locks.LockSupport;

/** Identities with thousands of sessions are disabled and deleted, while somebody else goes on calling the controller: how long is anybody's wait? */
public final class CrowdBench implements Bench {
    private static final int SESSIONS_PER_CIRCUIT = 10;
    private static final int CALLERS = 8;
    private static final long PAUSE_NANOS = 2_000_000;
    /** What is still done after the answer belongs to it. */
    private static final long AFTERWARDS_NANOS = 2_000_000_000;

    @Override
    public String name() {
        return "crowd";
    }

    @Override
    public String description() {
        return "an identity with thousands of sessions is disabled, another deleted: who waits, and how long";
    }

    @Override
    public List<String> figures(Setting setting) {
        return List.of("crowd.disable", "crowd.others.worst", "crowd.delete", "crowd.delete.others.worst");
    }

    @Override
    public void run(Setting setting) throws Exception {
        end(
                setting,
                "crowd",
                (admin, id) -> admin.post(
                        ApiConnection.MANAGEMENT + "identities/" + id + "/disable", "{\"durationMinutes\":0}"),
                "crowd.disable",
                "crowd.others.worst");
        end(
                setting,
                "crowd-deleted",
                (admin, id) -> admin.delete(ApiConnection.MANAGEMENT + "identities/" + id),
                "crowd.delete",
                "crowd.delete.others.worst");
    }

    /** How an identity loses its right. */
    @FunctionalInterface
    private interface End {
        void come(ApiConnection admin, String identity) throws Exception;
    }

    private static void end(Setting setting, String name, End end, String figure, String others) throws Exception {
        BenchNetwork network = setting.network();
        ControlPlane control = new ControlPlane(setting);
        ZitiIdentityFile identity = network.setup().enrollIdentity(name);
        String id = network.setup().management().resolve("identities", "name:" + name);
        int sessions = setting.sizes().circuits() * SESSIONS_PER_CIRCUIT;
        setting.progress().say("crowd: %d sessions of one identity", sessions);
        try (Load load = new Load(CALLERS, () -> control.as(identity, ""))) {
            load.times(
                    sessions,
                    (connection, i) ->
                            connection.exchange("POST", ApiConnection.CLIENT + "authenticate?method=cert", "{}"));
        }
        try (ApiConnection admin = control.admin();
                ApiConnection other = control.admin()) {
            CompletableFuture<Void> over = new CompletableFuture<>();
            CompletableFuture<Double> worst = CompletableFuture.supplyAsync(() -> worstMillis(other, over));
            long began = System.nanoTime();
            end.come(admin, id);
            setting.report().add(Figure.of(figure, "ms", (System.nanoTime() - began) / 1e6));
            LockSupport.parkNanos(AFTERWARDS_NANOS);
            over.complete(null);
            setting.report().add(Figure.of(others, "ms", worst.join()));
        }
        requireRefused(control, identity, name);
    }

    private static double worstMillis(ApiConnection other, CompletableFuture<Void> over) {
        double worst = 0;
        while (!over.isDone()) {
            long began = System.nanoTime();
            other.get(ApiConnection.MANAGEMENT + "services?limit=1");
            worst = Math.max(worst, (System.nanoTime() - began) / 1e6);
            LockSupport.parkNanos(PAUSE_NANOS);
        }
        return worst;
    }

    private static void requireRefused(ControlPlane control, ZitiIdentityFile identity, String name) {
        try (ApiConnection connection = control.as(identity, "")) {
            connection.post(ApiConnection.CLIENT + "authenticate?method=cert", "{}");
        } catch (BenchException refused) {
            return;
        }
        throw new BenchException("identity '" + name + "' lost its right and could log in");
    }
}
