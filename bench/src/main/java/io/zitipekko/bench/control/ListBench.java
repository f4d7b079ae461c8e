package io.zitipekko.bench.control;

import io.zitipekko.bench.Bench;
import io.zitipekko.bench.Setting;
import io.zitipekko.sdk.ZitiIdentityFile;
import java.util.List;

/**
 * Lists, filters and pages over a large model, one request at a time. CPU is the controller's. Each answer must hold as many entities as
 * it should.
 */
public final class ListBench implements Bench {
    private static final String ONE = "the-one";

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
        return queries(setting).stream()
                .flatMap(query -> query.figures().stream())
                .toList();
    }

    private static List<ListQuery> queries(Setting setting) {
        int services = setting.sizes().services();
        int identities = setting.sizes().identities();
        return List.of(
                ListQuery.management("list.services.page", "services?limit=100&offset=" + services / 2, 100),
                ListQuery.management(
                        "list.services.sorted", "services?limit=100&sort=" + ListQuery.encoded("createdAt desc"), 100),
                ListQuery.management(
                        "list.services.contains", "services?limit=100&filter=" + ListQuery.contains("x"), 100),
                ListQuery.management(
                        "list.services.name", "services?filter=" + ListQuery.encoded("name=\"" + ONE + "\""), 1),
                ListQuery.management("list.identities.page", "identities?limit=100&offset=" + identities / 2, 100),
                ListQuery.management(
                        "list.identities.contains", "identities?limit=100&filter=" + ListQuery.contains("x"), 100),
                ListQuery.management(
                        "list.identities.few", "identities?limit=100&filter=" + ListQuery.contains("x-77"), 0),
                new ListQuery("list.client.services", ApiConnection.CLIENT + "services?limit=500", 500));
    }

    @Override
    public void run(Setting setting) throws Exception {
        ControlPlane control = new ControlPlane(setting);
        control.fill("services", setting.sizes().services(), ControlPlane::service);
        control.fill("identities", setting.sizes().identities(), ControlPlane::identity);
        control.create("services", 1, i -> ControlPlane.service(ONE));
        try (ApiConnection admin = control.admin();
                ApiConnection client = client(setting, control)) {
            for (ListQuery query : queries(setting)) {
                setting.progress().say("%s", query.figure());
                ApiConnection connection = query.path().startsWith(ApiConnection.CLIENT) ? client : admin;
                query.measure(setting, connection);
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
}
