package io.zitipekko.bench.control;

import io.zitipekko.bench.Bench;
import io.zitipekko.bench.Setting;
import java.util.List;

/** Lists of ten times as many identities as other benches have. */
public final class ManyIdentitiesBench implements Bench {
    private static final int TIMES = 10;

    @Override
    public String name() {
        return "list-many";
    }

    @Override
    public String description() {
        return "pages and filters over ten times as many identities";
    }

    @Override
    public List<String> figures(Setting setting) {
        return queries(setting).stream()
                .flatMap(query -> query.figures().stream())
                .toList();
    }

    private static int identities(Setting setting) {
        return TIMES * setting.sizes().identities();
    }

    private static List<ListQuery> queries(Setting setting) {
        int half = identities(setting) / 2;
        return List.of(
                ListQuery.management("list.many.identities.page", "identities?limit=100&offset=" + half, 100),
                ListQuery.management(
                        "list.many.identities.contains", "identities?limit=100&filter=" + ListQuery.contains("x"), 100),
                ListQuery.management(
                        "list.many.identities.few", "identities?limit=100&filter=" + ListQuery.contains("x-777"), 0));
    }

    @Override
    public void run(Setting setting) throws Exception {
        ControlPlane control = new ControlPlane(setting);
        control.fill("identities", identities(setting), name -> ControlPlane.identity("many-" + name));
        try (ApiConnection admin = control.admin()) {
            for (ListQuery query : queries(setting)) {
                setting.progress().say("%s", query.figure());
                query.measure(setting, admin);
            }
        }
    }
}
