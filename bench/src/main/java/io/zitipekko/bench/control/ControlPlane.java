package io.zitipekko.bench.control;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.zitipekko.bench.BenchException;
import io.zitipekko.bench.Setting;
import io.zitipekko.bench.process.BenchNetwork;
import io.zitipekko.bench.process.CpuMeter;
import io.zitipekko.bench.report.Figure;
import io.zitipekko.bench.report.Rounds;
import io.zitipekko.sdk.ZitiIdentityFile;
import io.zitipekko.transport.identity.Identity;
import io.zitipekko.transport.identity.Pem;
import io.zitipekko.transport.identity.TrustAnchors;
import io.zitipekko.transport.tls.SslContexts;
import java.io.IOException;
import java.nio.file.Files;
import java.util.function.Function;
import java.util.function.Supplier;
import javax.net.ssl.SSLContext;

/** The measured network's controller, as its administrators and users call it. */
public final class ControlPlane {
    static final ObjectMapper JSON = new ObjectMapper();
    private static final int CREATORS = 16;

    private final Setting setting;
    private final SSLContext anonymous;
    private final String adminToken;

    public ControlPlane(Setting setting) throws IOException {
        this.setting = setting;
        this.anonymous = SslContexts.anonymousClient(TrustAnchors.of(
                Pem.certificates(Files.readString(network().home().authorities()))));
        try (ApiConnection connection = anonymous()) {
            adminToken = connection
                    .post(
                            ApiConnection.MANAGEMENT + "authenticate?method=password",
                            password(BenchNetwork.USER, network().password()))
                    .path("token")
                    .asText();
        }
    }

    static String password(String user, String password) {
        return JSON.createObjectNode()
                .put("username", user)
                .put("password", password)
                .toString();
    }

    private BenchNetwork network() {
        return setting.network();
    }

    private int port() {
        return network().home().portBase();
    }

    ApiConnection anonymous() {
        return new ApiConnection(anonymous, port(), "");
    }

    public ApiConnection admin() {
        return new ApiConnection(anonymous, port(), adminToken);
    }

    /** With the client certificate of an enrolled identity. */
    public ApiConnection as(ZitiIdentityFile identity, String token) {
        return new ApiConnection(
                SslContexts.client(Identity.load(identity.identityConfig().orElseThrow())), port(), token);
    }

    /** Creates so many entities, {@value #CREATORS} at once; {@code body} gives each its content by its number. */
    Load.Result create(String collection, int count, Function<Integer, ObjectNode> body) {
        try (Load load = new Load(CREATORS, this::admin)) {
            return load.times(
                    count,
                    (connection, i) -> connection.post(
                            ApiConnection.MANAGEMENT + collection, body.apply(i).toString()));
        }
    }

    /** How many entities a collection holds. */
    int count(String collection) {
        try (ApiConnection admin = admin()) {
            byte[] page = admin.exchange("GET", ApiConnection.MANAGEMENT + collection + "?limit=1", "");
            return JSON.readTree(page)
                    .path("meta")
                    .path("pagination")
                    .path("totalCount")
                    .asInt();
        } catch (IOException e) {
            throw new BenchException(collection + " cannot be counted: " + e.getMessage(), e);
        }
    }

    /** Creates what is missing to so many; all names hold an x. */
    public void fill(String collection, int wanted, Function<String, ObjectNode> body) {
        int missing = wanted - count(collection);
        if (missing > 0) {
            setting.progress().say("creating %d %s", missing, collection);
            create(collection, missing, i -> body.apply("filled-x-" + i));
        }
    }

    /** Adds a round of {@code work} to {@code NAME.rate}, {@code .p50}, {@code .p99} and, the controller's alone, {@code .cpu}. */
    Load.Result round(Rounds rounds, String name, Supplier<Load.Result> work) {
        CpuMeter cpu = CpuMeter.start(network().controller());
        Load.Result result = work.get();
        rounds.addCpu(name + ".cpu", "ms", cpu.spentMillis(), result.millis().length);
        rounds.add(name + ".rate", "/s", result.rate());
        rounds.add(name + ".p50", "ms", Figure.quantile(result.millis(), 0.5));
        rounds.add(name + ".p99", "ms", Figure.quantile(result.millis(), 0.99));
        return result;
    }

    public static ObjectNode service(String name) {
        ObjectNode body = JSON.createObjectNode().put("name", name).put("encryptionRequired", true);
        body.putArray("roleAttributes").add("bulk");
        return body;
    }

    public static ObjectNode identity(String name) {
        ObjectNode body =
                JSON.createObjectNode().put("name", name).put("type", "Default").put("isAdmin", false);
        body.putArray("roleAttributes").add("bulk");
        return body;
    }
}
