package io.zitipekko.overlay;

import com.typesafe.config.ConfigFactory;
import io.zitipekko.management.ManagementClient;
import io.zitipekko.node.NodeException;
import io.zitipekko.quickstart.FreePorts;
import io.zitipekko.quickstart.LocalNetwork;
import io.zitipekko.quickstart.NetworkHome;
import io.zitipekko.sdk.ZitiContext;
import io.zitipekko.sdk.ZitiIdentityFile;
import io.zitipekko.sdk.host.ServiceBinding;
import io.zitipekko.transport.provider.NativeCryptography;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.apache.pekko.stream.javadsl.Flow;
import org.apache.pekko.stream.javadsl.Sink;

/**
 * A controller, linked routers and SDKs in this JVM, over real TLS on loopback and from real node files. Clients use {@link
 * #CLIENT_ROUTER} and hosts {@link #HOST_ROUTER}, so that every payload crosses the link between them. Parts can be stopped, started and
 * cut off through {@link #network}. Blocking; one test at a time.
 */
public final class MiniOverlay implements AutoCloseable {
    /** How long anything may take on a busy machine before a test gives up. */
    public static final Duration PATIENCE = Duration.ofSeconds(90);

    public static final int CLIENT_ROUTER = 0;
    public static final int HOST_ROUTER = 1;

    /** Hosted by {@link #HOST} as an echo, encrypted from end to end; clients may dial it. */
    public static final String ECHO = "echo";

    public static final String HOST = "host";
    public static final String USER = "admin";
    public static final String PASSWORD = "overlay-admin";

    private final TemporaryFolder folder = TemporaryFolder.create("ziti-pekko-overlay-");
    private final TestClock clock = new TestClock();
    private final IssuedSecrets secrets = new IssuedSecrets();
    private final LocalNetwork network;
    private final Map<String, String> policies = new ConcurrentHashMap<>();
    private final Map<String, String> services = new ConcurrentHashMap<>();
    private final List<ZitiContext> contexts = new ArrayList<>();
    private final ActorSystem<Void> applications = ActorSystem.create(
            Behaviors.empty(),
            "applications",
            ConfigFactory.load(ConfigFactory.parseResourcesAnySyntax("ziti-router-node")));

    private final List<Relay> relays = new ArrayList<>();

    private MiniOverlay(int routers, boolean wired) {
        // As in every process of ours.
        NativeCryptography.install();
        int nodes = routers + 1;
        int base = FreePorts.neighbours(wired ? 2 * nodes : nodes);
        int advertised = wired ? base + nodes : base;
        network = new LocalNetwork(new NetworkHome(folder.path().resolve("network"), base, routers, advertised), clock);
        for (int node = 0; wired && node < nodes; node++) {
            relays.add(Relay.start(advertised + node, base + node));
        }
    }

    /** A network of two routers with the service {@link #ECHO}, which is not hosted yet. */
    public static MiniOverlay start() {
        return start(2);
    }

    /** A network with so many routers (at least 2); clients may use the first only, hosts the second only. */
    public static MiniOverlay start(int routers) {
        return start(new MiniOverlay(routers, false), routers);
    }

    /** As {@link #start(int)}, with a {@link Relay} before each node's port, so that a test can cut what leads to it. */
    public static MiniOverlay wired(int routers) {
        return start(new MiniOverlay(routers, true), routers);
    }

    private static MiniOverlay start(MiniOverlay overlay, int routers) {
        try {
            overlay.setUp(routers);
            return overlay;
        } catch (RuntimeException | Error failure) {
            overlay.close();
            throw failure;
        }
    }

    private void setUp(int routers) {
        network.home().prepare();
        network.init(USER, PASSWORD);
        network.startController();
        secrets.add(PASSWORD);
        secrets.watch(network.controller().context().model());
        network.login(USER, PASSWORD);
        for (int router = 0; router < routers; router++) {
            network.enrollRouter(router);
            network.startRouter(router);
        }
        service(ECHO);
        policy("service-policies", "dial", "Dial", List.of("#clients"), List.of("#dialable"));
        policy("service-policies", "bind", "Bind", List.of("#hosts"), List.of("#dialable"));
        policy("edge-router-policies", "clients", "", List.of("#clients"), List.of("#a"));
        policy("edge-router-policies", "hosts", "", List.of("#hosts"), List.of("#b"));
        policy("service-edge-router-policies", "all", "", List.of("#all"), List.of("#all"));
        network.awaitMesh();
    }

    /** The wire to the controller: control connections of routers and HTTP of SDKs. */
    public Relay controllerWire() {
        return relays.get(0);
    }

    /** The wire to a router: links that others dial, and SDKs. */
    public Relay routerWire(int router) {
        return relays.get(1 + router);
    }

    public LocalNetwork network() {
        return network;
    }

    /** What the network gave out and nobody may tell. */
    public IssuedSecrets secrets() {
        return secrets;
    }

    /** The management API, as the administrator. */
    public ManagementClient management() {
        return network.management();
    }

    /** The clock of the controller and of all routers. */
    public TestClock clock() {
        return clock;
    }

    /** Where applications run. */
    public ActorSystem<Void> applications() {
        return applications;
    }

    /** Creates an encrypted service that clients may dial and hosts may bind. Returns its id. */
    public String service(String name) {
        return services.computeIfAbsent(name, n -> network.createService(n, true, "dialable"));
    }

    /** Creates a policy of any of the three kinds. Returns its id. */
    public String policy(String collection, String name, String type, List<String> left, List<String> right) {
        String id = network.createPolicy(collection, name, type, left, right);
        policies.put(collection + "/" + name, id);
        return id;
    }

    /** The id of a policy by its collection and name, e.g. {@code service-policies}, {@code dial}. */
    public String policyId(String collection, String name) {
        String id = policies.get(collection + "/" + name);
        if (id == null) {
            throw new IllegalArgumentException(collection + ": no policy '" + name + "' was made here");
        }
        return id;
    }

    /** Creates and enrols an identity that may dial what {@link #service} makes. */
    public ZitiIdentityFile client(String name) {
        return network.enrollIdentity(name, "clients");
    }

    /** The id of an identity. */
    public String identityId(String name) {
        return management().resolve("identities", "name:" + name);
    }

    /** Logs in with our SDK; closed with the overlay. */
    public ZitiContext connect(ZitiIdentityFile identity) {
        ZitiContext ziti = await(ZitiContext.connect(applications, identity));
        synchronized (contexts) {
            contexts.add(ziti);
        }
        return ziti;
    }

    /** Hosts {@link #ECHO} with a new identity {@link #HOST}. */
    public ServiceBinding hostEcho() {
        return hostEcho(connect(network.enrollIdentity(HOST, "hosts")), ECHO);
    }

    /** Hosts a service as an echo until its identity's context is closed. */
    public ServiceBinding hostEcho(ZitiContext ziti, String service) {
        return await(ziti.bind(service)
                .to(Sink.foreach(connection -> connection.handleWith(Flow.create(), applications)))
                .run(applications));
    }

    /** Dials a service that is hosted. */
    public OverlayCircuit open(ZitiContext ziti, String service) {
        return await(OverlayCircuit.open(applications, ziti, service));
    }

    /** The failure of a dial that must be refused. */
    public Throwable refusal(ZitiContext ziti, String service) {
        try {
            open(ziti, service).close();
        } catch (CompletionException refused) {
            return NodeException.unwrapped(refused);
        }
        throw new AssertionError("the dial of '" + service + "' was not refused");
    }

    /** Waits as long as a busy machine needs. */
    public static <T> T await(CompletionStage<T> work) {
        return work.toCompletableFuture()
                .orTimeout(PATIENCE.toSeconds(), TimeUnit.SECONDS)
                .join();
    }

    @Override
    public void close() {
        synchronized (contexts) {
            contexts.forEach(ZitiContext::close);
        }
        applications.terminate();
        await(applications.getWhenTerminated());
        network.close();
        relays.forEach(Relay::close);
        folder.close();
    }
}
