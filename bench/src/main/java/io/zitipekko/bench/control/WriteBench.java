package io.zitipekko.bench.control;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.zitipekko.bench.Bench;
import io.zitipekko.bench.Setting;
import io.zitipekko.bench.report.Rounds;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;

/** Creations of services and identities, 16 at once. CPU is the controller's. */
public final class WriteBench implements Bench {
    private final AtomicInteger made = new AtomicInteger();

    @Override
    public String name() {
        return "write";
    }

    @Override
    public String description() {
        return "creations of services and identities, 16 at once";
    }

    @Override
    public List<String> figures(Setting setting) {
        List<String> names = new ArrayList<>();
        for (String kind : List.of("service", "identity")) {
            for (String end : List.of("rate", "p50", "p99", "cpu")) {
                names.add("write." + kind + "." + end);
            }
        }
        return names;
    }

    @Override
    public void run(Setting setting) throws Exception {
        ControlPlane control = new ControlPlane(setting);
        int each = setting.sizes().writes();
        measure(setting, control, "write.service", "services", each, ControlPlane::service);
        measure(setting, control, "write.identity", "identities", each, ControlPlane::identity);
    }

    private void measure(
            Setting setting,
            ControlPlane control,
            String name,
            String collection,
            int each,
            Function<String, ObjectNode> body) {
        setting.progress().say("%s", name);
        Function<Integer, ObjectNode> numbered = i -> body.apply("written-x-" + made.incrementAndGet());
        long until = System.nanoTime() + setting.sizes().warmup().toNanos();
        do {
            control.create(collection, each, numbered);
        } while (System.nanoTime() < until);
        Rounds rounds = new Rounds();
        for (int i = 0; i < setting.sizes().rounds(); i++) {
            control.round(rounds, name, () -> control.create(collection, each, numbered));
        }
        rounds.figures().forEach(setting.report()::add);
    }
}
