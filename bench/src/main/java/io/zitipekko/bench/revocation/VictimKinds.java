package io.zitipekko.bench.revocation;

import io.zitipekko.bench.control.ApiConnection;
import io.zitipekko.bench.process.BenchNetwork;
import io.zitipekko.quickstart.LocalNetwork;
import io.zitipekko.quickstart.NetworkHome;
import io.zitipekko.quickstart.OtherAuthority;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;

/**
 * The events that end a right, by name: each makes a victim that has the right for exactly one reason, and says how to take that
 * reason away. Victims of a kind share nothing that is taken away.
 */
final class VictimKinds {
    private static final String MANAGEMENT = ApiConnection.MANAGEMENT;
    /** Attribute of services that only have the routers that a policy of their own gives them. */
    private static final String APART = "apart";
    /** Attribute of identities that may use the client's router, and nothing else. */
    private static final String ROUTED = "routed";
    /** Attribute of a posture check that no policy wants yet. */
    private static final String CHECKED = "checked";

    private final BenchNetwork network;
    private final ApiConnection admin;
    private final AtomicInteger made = new AtomicInteger();
    private final Map<String, Supplier<Victim>> kinds = new LinkedHashMap<>();

    VictimKinds(BenchNetwork network, ApiConnection admin) {
        this.network = network;
        this.admin = admin;
        kinds.put("api-session", this::apiSession);
        kinds.put("session", this::session);
        kinds.put("identity-disabled", this::identityDisabled);
        kinds.put("identity", this::identity);
        kinds.put("authenticator", this::authenticator);
        kinds.put("ca", this::ca);
        kinds.put("role-attribute", this::roleAttribute);
        kinds.put("service-policy", this::servicePolicy);
        kinds.put("posture", this::posture);
        kinds.put("service-attribute", this::serviceAttribute);
        kinds.put("service", this::service);
        kinds.put("edge-router-policy", this::edgeRouterPolicy);
        kinds.put("service-edge-router-policy", this::serviceEdgeRouterPolicy);
    }

    static final List<String> NAMES = List.of(
            "api-session",
            "session",
            "identity-disabled",
            "identity",
            "authenticator",
            "ca",
            "role-attribute",
            "service-policy",
            "posture",
            "service-attribute",
            "service",
            "edge-router-policy",
            "service-edge-router-policy");

    /** Whether victims of this kind each need a service of their own, to be hosted before they dial. */
    static boolean ownService(String kind) {
        return Set.of("service-attribute", "service", "service-edge-router-policy")
                .contains(kind);
    }

    /** The policies that victims share, none of which is taken away. */
    void prepare() {
        LocalNetwork setup = setup();
        String router = "#" + NetworkHome.routerAttribute(0);
        setup.createPolicy("edge-router-policies", ROUTED, "", List.of("#" + ROUTED), List.of(router));
        setup.createPolicy("service-policies", APART + "-dial", "Dial", List.of("#clients"), List.of("#" + APART));
        setup.createPolicy("service-policies", APART + "-bind", "Bind", List.of("#hosts"), List.of("#" + APART));
        setup.createPolicy(
                "service-policies",
                "routerless-dial",
                "Dial",
                List.of("#routerless"),
                List.of("#" + BenchNetwork.DIALLED));
        admin.post(
                MANAGEMENT + "posture-checks",
                "{\"name\":\"" + CHECKED
                        + "\",\"typeId\":\"DOMAIN\",\"domains\":[\"example.com\"],\"roleAttributes\":[\"" + CHECKED
                        + "\"]}");
    }

    Victim make(String kind) {
        return kinds.getOrDefault(kind, () -> {
                    throw new IllegalArgumentException("revocation of '" + kind + "'");
                })
                .get();
    }

    private LocalNetwork setup() {
        return network.setup();
    }

    private String fresh(String what) {
        return what + "-" + made.incrementAndGet();
    }

    private record Enrolled(String id, java.nio.file.Path file) {}

    private Enrolled enrolled(String... attributes) {
        String name = fresh("victim");
        setup().enrollIdentity(name, attributes);
        return new Enrolled(
                setup().management().resolve("identities", "name:" + name),
                network.home().identityFile(name));
    }

    /** One whose right is the client's, for as long as what {@code ending} ends is there. */
    private Victim client(java.util.function.Function<Enrolled, Victim.Ending> ending) {
        Enrolled who = enrolled("clients");
        return new Victim(who.id(), who.file(), BenchNetwork.ENCRYPTED, ending.apply(who));
    }

    private Victim apiSession() {
        return client(who -> session -> admin.delete(MANAGEMENT + "api-sessions/" + session));
    }

    private Victim session() {
        return client(who ->
                session -> admin.delete(MANAGEMENT + "sessions/" + only("sessions", "apiSession=\"" + session + "\"")));
    }

    private Victim identityDisabled() {
        return client(who ->
                session -> admin.post(MANAGEMENT + "identities/" + who.id() + "/disable", "{\"durationMinutes\":0}"));
    }

    private Victim identity() {
        return client(who -> session -> admin.delete(MANAGEMENT + "identities/" + who.id()));
    }

    private Victim authenticator() {
        return client(who -> {
            String id = only("authenticators", "identity=\"" + who.id() + "\"");
            return session -> admin.delete(MANAGEMENT + "authenticators/" + id);
        });
    }

    /** Each victim has an authority of its own. */
    private Victim ca() {
        OtherAuthority authority = OtherAuthority.register(setup(), fresh("authority"));
        String name = fresh("victim");
        authority.identity(name, "clients");
        return new Victim(
                setup().management().resolve("identities", "name:" + name),
                network.home().identityFile(name),
                BenchNetwork.ENCRYPTED,
                session -> admin.delete(MANAGEMENT + "cas/" + authority.id()));
    }

    private Victim roleAttribute() {
        return client(who -> session ->
                admin.patch(MANAGEMENT + "identities/" + who.id(), "{\"roleAttributes\":[\"" + ROUTED + "\"]}"));
    }

    private Victim servicePolicy() {
        return ofPolicy(policy -> session -> admin.delete(MANAGEMENT + "service-policies/" + policy));
    }

    /** The policy comes to want a device of which nobody has proved anything. */
    private Victim posture() {
        return ofPolicy(policy -> session -> admin.patch(
                MANAGEMENT + "service-policies/" + policy, "{\"postureCheckRoles\":[\"#" + CHECKED + "\"]}"));
    }

    /** One that may dial by a policy of its own. */
    private Victim ofPolicy(java.util.function.Function<String, Victim.Ending> ending) {
        Enrolled who = enrolled(ROUTED);
        String policy = setup().createPolicy(
                        "service-policies",
                        fresh("dial"),
                        "Dial",
                        List.of("@" + who.id()),
                        List.of("#" + BenchNetwork.DIALLED));
        return new Victim(who.id(), who.file(), BenchNetwork.ENCRYPTED, ending.apply(policy));
    }

    private Victim serviceAttribute() {
        Enrolled who = enrolled("clients");
        String name = fresh("attributed");
        String id = setup().createService(name, true, BenchNetwork.DIALLED);
        return new Victim(
                who.id(),
                who.file(),
                name,
                session -> admin.patch(MANAGEMENT + "services/" + id, "{\"roleAttributes\":[\"nobody\"]}"));
    }

    private Victim service() {
        Enrolled who = enrolled("clients");
        String name = fresh("deleted");
        String id = setup().createService(name, true, BenchNetwork.DIALLED);
        return new Victim(who.id(), who.file(), name, session -> admin.delete(MANAGEMENT + "services/" + id));
    }

    private Victim edgeRouterPolicy() {
        Enrolled who = enrolled("routerless");
        String policy = setup().createPolicy(
                        "edge-router-policies",
                        fresh("routers"),
                        "",
                        List.of("@" + who.id()),
                        List.of("#" + NetworkHome.routerAttribute(0)));
        return new Victim(
                who.id(),
                who.file(),
                BenchNetwork.ENCRYPTED,
                session -> admin.delete(MANAGEMENT + "edge-router-policies/" + policy));
    }

    private Victim serviceEdgeRouterPolicy() {
        Enrolled who = enrolled("clients");
        String name = fresh("apart");
        String id = setup().createService(name, true, APART);
        String policy = setup().createPolicy(
                        "service-edge-router-policies", fresh("routers"), "", List.of("@" + id), List.of("#all"));
        return new Victim(
                who.id(),
                who.file(),
                name,
                session -> admin.delete(MANAGEMENT + "service-edge-router-policies/" + policy));
    }

    private String only(String collection, String filter) {
        var found = admin.get(MANAGEMENT + collection + "?filter=" + URLEncoder.encode(filter, StandardCharsets.UTF_8));
        if (found.size() != 1) {
            throw new io.zitipekko.bench.BenchException(
                    collection + " of " + filter + ": " + found.size() + " (expected: 1)");
        }
        return found.path(0).path("id").asText();
    }
}
