package io.zitipekko.bench.process;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.zitipekko.bench.BenchException;
import io.zitipekko.management.ManagementClient;
import io.zitipekko.management.ManagementException;
import io.zitipekko.quickstart.FreePorts;
import io.zitipekko.quickstart.LocalNetwork;
import io.zitipekko.quickstart.NetworkHome;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;

/**
 * The network that is measured, each part in a process of its own.
 *
 * <pre>
 *                  controller
 *                 /          \
 *   client -- router-a ==== router-b -- host
 * </pre>
 *
 * The client's router is not the host's, so every payload crosses a link. {@link #ENCRYPTED} and {@link #PLAIN} are hosted. More routers
 * come and go as they are needed; each has links to all others.
 */
public final class BenchNetwork implements AutoCloseable {
    public static final String ENCRYPTED = "bench-encrypted";
    public static final String PLAIN = "bench-plain";
    public static final String USER = "admin";
    /** Attribute of services that the client may dial and the host may bind. */
    public static final String DIALLED = "dialled";

    /** How many routers are always there. */
    public static final int ROUTERS = 2;

    private static final int MOST_ROUTERS = 5;

    private static final Duration QUIET_FOR = Duration.ofMillis(100);
    /** CPU milliseconds of all processes in that time, of 100 for each core. */
    private static final double QUIET_MILLIS = 20;

    private static final Duration LONGEST_REST = Duration.ofSeconds(10);

    private final String password = "bench-" + new SecureRandom().nextLong();
    private final Launcher launcher;
    private final NetworkHome home;
    private final LocalNetwork setup;
    private final List<RunningProcess> routers = new ArrayList<>();
    private RunningProcess controller;
    private final Agent client;
    private final Agent host;

    private BenchNetwork(Launcher launcher, Path folder, int portBase, Optional<String> far) {
        this.launcher = launcher;
        this.home = new NetworkHome(
                folder, portBase == 0 ? FreePorts.neighbours(MOST_ROUTERS + 1) : portBase, MOST_ROUTERS);
        this.setup = new LocalNetwork(home);
        home.prepare();
        far.ifPresent(this::putApart);
        setup.init(USER, password);
        List<RunningProcess> started = new ArrayList<>();
        try {
            controller = remember(started, startController());
            awaitController();
            setup.login(USER, password);
            for (int i = 0; i < ROUTERS; i++) {
                setup.enrollRouter(i);
                routers.add(remember(started, startRouter(i)));
            }
            makeServices();
            client = launcher.startAgent("client");
            started.add(client.process());
            host = launcher.startAgent("host");
            started.add(host.process());
            awaitMesh();
            connect(client, "client", "clients");
            connect(host, "host", "hosts");
            host(List.of(ENCRYPTED, PLAIN));
        } catch (RuntimeException e) {
            started.forEach(RunningProcess::close);
            throw e;
        }
    }

    /**
     * Sets it up and waits until it works.
     *
     * @param portBase 0 for any
     */
    public static BenchNetwork start(Launcher launcher, Path folder, int portBase) {
        return new BenchNetwork(launcher, folder, portBase, Optional.empty());
    }

    /**
     * One whose router-b and host are elsewhere, at the end of a path.
     *
     * @param launcher starts them there, where {@code localhost} means here
     * @param far their address
     */
    public static BenchNetwork startApart(Launcher launcher, Path folder, String far) {
        return new BenchNetwork(launcher, folder, 0, Optional.of(far));
    }

    /** Nodes that can be reached from elsewhere. */
    private void putApart(String far) {
        String port = Integer.toString(home.routerPort(1));
        for (Path file : List.of(home.controllerFile(), home.routerFile(0), home.routerFile(1))) {
            try {
                String text = Files.readString(file).replace("127.0.0.1:", "0.0.0.0:");
                if (file.equals(home.routerFile(1))) {
                    text = text.replace("localhost:" + port, far + ":" + port)
                            .replace("ip: [127.0.0.1]", "ip: [127.0.0.1, " + far + "]");
                }
                Files.writeString(file, text);
            } catch (IOException e) {
                throw new BenchException(file + " cannot be changed: " + e.getMessage(), e);
            }
        }
    }

    private static RunningProcess remember(List<RunningProcess> started, RunningProcess process) {
        started.add(process);
        return process;
    }

    private RunningProcess startController() {
        return launcher.start(
                "controller", "controller", "run", home.controllerFile().toString());
    }

    private RunningProcess startRouter(int i) {
        return launcher.start(
                NetworkHome.routerName(i), "router", "run", home.routerFile(i).toString());
    }

    private void makeServices() {
        setup.createService(ENCRYPTED, true, DIALLED);
        setup.createService(PLAIN, false, DIALLED);
        setup.createPolicy("service-policies", "bench-dial", "Dial", List.of("#clients"), List.of("#" + DIALLED));
        setup.createPolicy("service-policies", "bench-bind", "Bind", List.of("#hosts"), List.of("#" + DIALLED));
        setup.createPolicy(
                "edge-router-policies",
                "clients",
                "",
                List.of("#clients"),
                List.of("#" + NetworkHome.routerAttribute(0)));
        setup.createPolicy(
                "edge-router-policies", "hosts", "", List.of("#hosts"), List.of("#" + NetworkHome.routerAttribute(1)));
        setup.createPolicy("service-edge-router-policies", "all", "", List.of("#" + DIALLED), List.of("#all"));
    }

    private void connect(Agent agent, String name, String attribute) {
        setup.enrollIdentity(name, attribute);
        agent.call(
                "connect",
                Agent.arguments().put("identity", home.identityFile(name).toString()));
    }

    /** Lets the host's process host these services. Answers {@code nanos} of each and {@code seconds} of all. */
    public JsonNode host(List<String> services) {
        ObjectNode arguments = Agent.arguments();
        services.forEach(arguments.putArray("services")::add);
        return host.call("host", arguments);
    }

    /** Stops hosting all that was hosted since the start. */
    public void unhost() {
        host.call("unbind", Agent.arguments().put("keep", 2));
    }

    /** Kills the controller and starts it again. Returns the monotonic time of the start. */
    public long restartController() {
        controller.kill();
        long started = System.nanoTime();
        controller = startController();
        return started;
    }

    /** Enrols and starts routers until there are so many, five at most, and waits until all take circuits. */
    public void growTo(int count) {
        for (int i = routers.size(); i < count; i++) {
            setup.enrollRouter(i);
            routers.add(startRouter(i));
        }
        awaitMesh();
    }

    /** Stops the routers that are not always there, and removes what the controller may still know of them. */
    public void shrink() {
        while (routers.size() > ROUTERS) {
            routers.remove(routers.size() - 1).close();
        }
        for (int i = ROUTERS; i < MOST_ROUTERS; i++) {
            setup.management().list("edge-routers", named(i)).path("data").forEach(router -> setup.management()
                    .delete("edge-routers", router.path("id").asText()));
        }
    }

    private static String named(int router) {
        return "name=\"" + NetworkHome.routerName(router) + "\"";
    }

    /** How many run now. */
    public int routerCount() {
        return routers.size();
    }

    /** The controller's id of a router. */
    public String routerId(int i) {
        return setup.management().resolve("edge-routers", "name:" + NetworkHome.routerName(i));
    }

    private void awaitController() {
        LocalNetwork.awaitUntil("the controller answers", () -> {
            controller.requireAlive();
            try {
                return ManagementClient.fetchAuthorities(home.apiUrl()) != null;
            } catch (ManagementException notYet) {
                return false;
            }
        });
    }

    /** Waits until every router is online and linked with every other. */
    public void awaitMesh() {
        LocalNetwork.awaitUntil("every router is connected and linked", () -> {
            nodes().forEach(RunningProcess::requireAlive);
            Set<String> online = new HashSet<>();
            for (JsonNode router : setup.management().list("edge-routers", "").path("data")) {
                if (router.path("isOnline").asBoolean()) {
                    online.add(router.path("id").asText());
                }
            }
            return online.size() == routers.size() && linkedPairs(online) == online.size() * (online.size() - 1) / 2;
        });
    }

    private int linkedPairs(Set<String> online) {
        Set<Set<String>> pairs = new HashSet<>();
        for (JsonNode link : setup.management().links()) {
            String source = link.path("sourceRouter").path("id").asText();
            String dest = link.path("destRouter").path("id").asText();
            if (link.path("state").asText().equals("Connected") && online.containsAll(List.of(source, dest))) {
                pairs.add(Set.of(source, dest));
            }
        }
        return pairs.size();
    }

    /** Waits until the processes have done what earlier calls left to be done: compiling most of all. Ten seconds at most. */
    public void settle() {
        long until = System.nanoTime() + LONGEST_REST.toNanos();
        boolean quiet;
        do {
            CpuMeter cpu = CpuMeter.start(processes());
            LockSupport.parkNanos(QUIET_FOR.toNanos());
            quiet = cpu.spentMillis().values().stream()
                            .mapToDouble(Double::doubleValue)
                            .sum()
                    <= QUIET_MILLIS;
        } while (!quiet && System.nanoTime() < until);
    }

    private List<RunningProcess> nodes() {
        return Stream.concat(Stream.of(controller), routers.stream()).toList();
    }

    /** What is done over the management API. */
    public LocalNetwork setup() {
        return setup;
    }

    public NetworkHome home() {
        return home;
    }

    public RunningProcess controller() {
        return controller;
    }

    public RunningProcess router(int i) {
        return routers.get(i);
    }

    /** The administrator's, made for this network. */
    public String password() {
        return password;
    }

    public Agent client() {
        return client;
    }

    public Agent host() {
        return host;
    }

    /** Every process of the network. */
    public List<RunningProcess> processes() {
        return Stream.concat(nodes().stream(), Stream.of(host.process(), client.process()))
                .toList();
    }

    /**
     * Lets the client dial circuits that are to move so many bytes each; {@code move} then moves them.
     *
     * @param services which they lead to, in turn
     * @param up from the client to the host
     */
    public void open(List<String> services, int circuits, long bytes, boolean up) {
        ObjectNode arguments =
                Agent.arguments().put("circuits", circuits).put("bytes", bytes).put("up", up);
        ArrayNode names = arguments.putArray("services");
        services.forEach(names::add);
        client.call("open", arguments);
    }

    /** Waits until no circuit is left; so long as one is, a process has not let go. */
    public void awaitNoCircuits() {
        try {
            LocalNetwork.awaitUntil("all circuits are gone", () -> circuits() == 0);
        } catch (RuntimeException e) {
            throw new BenchException(circuits() + " circuits were left behind", e);
        }
    }

    private long circuits() {
        return setup.management()
                .circuits()
                .path("meta")
                .path("pagination")
                .path("totalCount")
                .asLong(-1);
    }

    @Override
    public void close() {
        client.close();
        host.close();
        routers.forEach(RunningProcess::close);
        controller.close();
    }
}
