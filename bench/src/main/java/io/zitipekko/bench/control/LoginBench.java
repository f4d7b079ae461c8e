package io.zitipekko.bench.control;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.zitipekko.bench.Bench;
import io.zitipekko.bench.Setting;
import io.zitipekko.bench.floor.PasswordHashSpeed;
import io.zitipekko.bench.report.Figure;
import io.zitipekko.bench.report.Rounds;
import io.zitipekko.sdk.ZitiIdentityFile;
import java.util.ArrayList;
import java.util.List;

/** Log-ins over kept-alive connections, eight at once: by certificate and by password. CPU is the controller's. */
public final class LoginBench implements Bench {
    private static final int CALLERS = 8;
    private static final String USER = "bench-user";
    private static final String PASSWORD = "bench-password";

    @Override
    public String name() {
        return "login";
    }

    @Override
    public String description() {
        return "log-ins by certificate and by password";
    }

    @Override
    public List<String> figures(Setting setting) {
        List<String> names = new ArrayList<>();
        for (String kind : List.of("cert", "password")) {
            for (String end : List.of("rate", "p50", "p99", "cpu")) {
                names.add("login." + kind + "." + end);
            }
        }
        return names;
    }

    @Override
    public void run(Setting setting) throws Exception {
        ControlPlane control = new ControlPlane(setting);
        ZitiIdentityFile identity = setting.network().setup().enrollIdentity("login-cert");
        addPassword(control);
        try (Load load = new Load(CALLERS, () -> control.as(identity, ""))) {
            rounds(setting, control, "login.cert", load, "cert", "{}").figures().forEach(setting.report()::add);
        }
        Figure hash = PasswordHashSpeed.measure(setting.sizes());
        setting.report().add(hash);
        try (Load load = new Load(CALLERS, control::anonymous)) {
            String body = ControlPlane.password(USER, PASSWORD);
            for (Figure figure : rounds(setting, control, "login.password", load, "password", body)
                    .figures()) {
                setting.report().add(figure.unit().equals("ms") ? figure.withFloor(hash.median()) : figure);
            }
        }
    }

    private static void addPassword(ControlPlane control) {
        try (ApiConnection admin = control.admin()) {
            String id = admin.post(
                            ApiConnection.MANAGEMENT + "identities",
                            ControlPlane.identity("login-password").toString())
                    .path("id")
                    .asText();
            ObjectNode authenticator = ControlPlane.JSON
                    .createObjectNode()
                    .put("method", "updb")
                    .put("identityId", id)
                    .put("username", USER)
                    .put("password", PASSWORD);
            admin.post(ApiConnection.MANAGEMENT + "authenticators", authenticator.toString());
        }
    }

    private static Rounds rounds(
            Setting setting, ControlPlane control, String name, Load load, String method, String body) {
        setting.progress().say("%s", name);
        String path = ApiConnection.CLIENT + "authenticate?method=" + method;
        Load.Operation login = (connection, i) -> connection.exchange("POST", path, body);
        load.during(setting.sizes().warmup(), login);
        Rounds rounds = new Rounds();
        for (int i = 0; i < setting.sizes().rounds(); i++) {
            control.round(rounds, name, () -> load.during(setting.sizes().round(), login));
        }
        return rounds;
    }
}
