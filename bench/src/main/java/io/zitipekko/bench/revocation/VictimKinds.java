package io.zitipekko.bench.revocation;

import io.zitipekko.bench.Sizes;
import io.zitipekko.bench.control.ApiConnection;
import io.zitipekko.bench.process.BenchNetwork;
import io.zitipekko.quickstart.LocalNetwork;
import io.zitipekko.quickstart.NetworkHome;
import io.zitipekko.quickstart.OtherAuthority;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BiFunction;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.stream.Stream;

/**
 * The events that end a right, by name: each makes a victim that has the right for exactly one reason, and says how that reason goes
 * away. Victims of a kind share nothing that is taken away, but for those of a router's end: that is one event for all who are connected to it.
 */
final class VictimKinds {
    private static final String MANAGEMENT = ApiConnection.MANAGEMENT;
    /** Attribute of services that only have the routers that a policy of their own gives them. */
    private static final String APART = "apart";
    /** Attribute of identities that may use the client's router, and nothing else. */
    private static final String ROUTED = "routed";
    /** Attribute of identities that may dial, and use no router. */
    private static final String ROUTERLESS = "routerless";
    /** Attribute of a posture check that no policy wants yet. */
    private static final String CHECKED = "checked";

    private static final Map<String, Function<VictimKinds, Victim>> KINDS = new LinkedHashMap<>();
    private static final Map<String, BiFunction<ThirdRouter, Integer, Victims>> OF_A_ROUTER = new LinkedHashMap<>();

    static {
        KINDS.put("api-session", VictimKinds::apiSession);
        KINDS.put("session", VictimKinds::session);
        KINDS.put("identity-disabled", VictimKinds::identityDisabled);
        KINDS.put("identity", VictimKinds::identity);
        KINDS.put("authenticator", VictimKinds::authenticator);
        KINDS.put("ca", VictimKinds::ca);
        KINDS.put("certificate-expired", VictimKinds::certificateExpired);
        KINDS.put("role-attribute", VictimKinds::roleAttribute);
        KINDS.put("service-policy", VictimKinds::servicePolicy);
        KINDS.put("posture", VictimKinds::posture);
        KINDS.put("service-attribute", VictimKinds::serviceAttribute);
        KINDS.put("service", VictimKinds::service);
        KINDS.put("edge-router-policy", VictimKinds::edgeRouterPolicy);
        KINDS.put("service-edge-router-policy", VictimKinds::serviceEdgeRouterPolicy);
        OF_A_ROUTER.put("router-disabled", ThirdRouter::victimsOfDisabling);
        OF_A_ROUTER.put("router", ThirdRouter::victimsOfDeleting);
    }

    private final BenchNetwork network;
    private final ApiConnection admin;
    private final ExpiringCertificates expiring;
    private final AtomicInteger made = new AtomicInteger();
    private final ThirdRouter thirdRouter;

    VictimKinds(BenchNetwork network, ApiConnection admin, Sizes sizes) {
        this.network = network;
        this.admin = admin;
        this.expiring = new ExpiringCertificates(network.setup(), sizes.victims());
        this.thirdRouter =
                new ThirdRouter(network, admin, sizes.warmup(), () -> enrolled(ROUTERLESS, ThirdRouter.ATTRIBUTE)
                        .file());
    }

    /** Those of these names; all for none. @throws IllegalArgumentException when there is none of a name */
    static List<String> named(List<String> names) {
        List<String> all = Stream.concat(KINDS.keySet().stream(), OF_A_ROUTER.keySet().stream())
                .toList();
        for (String name : names) {
            if (!all.contains(name)) {
                throw new IllegalArgumentException(
                        "revocation of '" + name + "' (expected: " + String.join(", ", all) + ")");
            }
        }
        return names.isEmpty() ? all : names;
    }

    /** Whether victims of this kind each need a service of their own, to be hosted before they dial. */
    static boolean ownService(String kind) {
        return Set.of("service-attribute", "service", "service-edge-router-policy")
                .contains(kind);
    }

    /** Whether the right ends at a moment that was known before, in place of by a call. */
    static boolean endsByItself(String kind) {
        return kind.equals("certificate-expired");
    }

    /** How many victims at most are there at the same time. */
    static int together(String kind) {
        return OF_A_ROUTER.containsKey(kind) ? ThirdRouter.CONNECTED : Integer.MAX_VALUE;
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
                ROUTERLESS + "-dial",
                "Dial",
                List.of("#" + ROUTERLESS),
                List.of("#" + BenchNetwork.DIALLED));
        thirdRouter.prepare();
        admin.post(
                MANAGEMENT + "posture-checks",
                "{\"name\":\"" + CHECKED
                        + "\",\"typeId\":\"DOMAIN\",\"domains\":[\"example.com\"],\"roleAttributes\":[\"" + CHECKED
                        + "\"]}");
    }

    /** So many of a kind, not connected yet. */
    Victims victims(String kind, int count) {
        BiFunction<ThirdRouter, Integer, Victims> ofRouter = OF_A_ROUTER.get(kind);
        if (ofRouter != null) {
            thirdRouter.start();
            return ofRouter.apply(thirdRouter, count);
        }
        Function<VictimKinds, Victim> make = Objects.requireNonNull(KINDS.get(kind), kind);
        return new Victims(
                network, Stream.generate(() -> make.apply(this)).limit(count).toList());
    }

    private LocalNetwork setup() {
        return network.setup();
    }

    private String fresh(String what) {
        return what + "-" + made.incrementAndGet();
    }

    private record Enrolled(String id, Path file) {}

    private Enrolled enrolled(String... attributes) {
        String name = fresh("victim");
        setup().enrollIdentity(name, attributes);
        return new Enrolled(
                setup().management().resolve("identities", "name:" + name),
                network.home().identityFile(name));
    }

    /** One whose right is the client's, for as long as what {@code call} ends is there. */
    private Victim client(Function<Enrolled, Consumer<String>> call) {
        Enrolled who = enrolled("clients");
        return new Victim(who.file(), BenchNetwork.ENCRYPTED, Victim.Ending.by(call.apply(who)));
    }

    private Victim apiSession() {
        return client(who -> this::deleteApiSession);
    }

    private void deleteApiSession(String session) {
        admin.delete(MANAGEMENT + "api-sessions/" + session);
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
                network.home().identityFile(name),
                BenchNetwork.ENCRYPTED,
                Victim.Ending.by(session -> admin.delete(MANAGEMENT + "cas/" + authority.id())));
    }

    /** Logged in by a certificate that goes on, and connected by one that does not. */
    private Victim certificateExpired() {
        Enrolled who = enrolled("clients");
        ExpiringCertificates.Expiring certificate = expiring.issue(who.id());
        return new Victim(
                who.file(), Optional.of(certificate.file()), BenchNetwork.ENCRYPTED, session -> certificate.await());
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
    private Victim ofPolicy(Function<String, Consumer<String>> call) {
        Enrolled who = enrolled(ROUTED);
        String policy = setup().createPolicy(
                        "service-policies",
                        fresh("dial"),
                        "Dial",
                        List.of("@" + who.id()),
                        List.of("#" + BenchNetwork.DIALLED));
        return new Victim(who.file(), BenchNetwork.ENCRYPTED, Victim.Ending.by(call.apply(policy)));
    }

    private Victim serviceAttribute() {
        Enrolled who = enrolled("clients");
        String name = fresh("attributed");
        String id = setup().createService(name, true, BenchNetwork.DIALLED);
        return new Victim(
                who.file(),
                name,
                Victim.Ending.by(
                        session -> admin.patch(MANAGEMENT + "services/" + id, "{\"roleAttributes\":[\"nobody\"]}")));
    }

    private Victim service() {
        Enrolled who = enrolled("clients");
        String name = fresh("deleted");
        String id = setup().createService(name, true, BenchNetwork.DIALLED);
        return new Victim(who.file(), name, Victim.Ending.by(session -> admin.delete(MANAGEMENT + "services/" + id)));
    }

    private Victim edgeRouterPolicy() {
        Enrolled who = enrolled(ROUTERLESS);
        String policy = setup().createPolicy(
                        "edge-router-policies",
                        fresh("routers"),
                        "",
                        List.of("@" + who.id()),
                        List.of("#" + NetworkHome.routerAttribute(0)));
        return new Victim(
                who.file(),
                BenchNetwork.ENCRYPTED,
                Victim.Ending.by(session -> admin.delete(MANAGEMENT + "edge-router-policies/" + policy)));
    }

    private Victim serviceEdgeRouterPolicy() {
        Enrolled who = enrolled("clients");
        String name = fresh("apart");
        String id = setup().createService(name, true, APART);
        String policy = setup().createPolicy(
                        "service-edge-router-policies", fresh("routers"), "", List.of("@" + id), List.of("#all"));
        return new Victim(
                who.file(),
                name,
                Victim.Ending.by(session -> admin.delete(MANAGEMENT + "service-edge-router-policies/" + policy)));
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
