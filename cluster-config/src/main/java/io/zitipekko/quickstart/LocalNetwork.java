package io.zitipekko.quickstart;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.zitipekko.config.ControllerFileReader;
import io.zitipekko.config.RouterFileReader;
import io.zitipekko.management.ManagementClient;
import io.zitipekko.node.ControllerInit;
import io.zitipekko.node.ControllerNode;
import io.zitipekko.node.NodeException;
import io.zitipekko.node.RouterEnrollment;
import io.zitipekko.node.RouterNode;
import io.zitipekko.sdk.ZitiIdentityFile;
import io.zitipekko.sdk.enroll.Enrollment;
import io.zitipekko.transport.identity.Pem;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.function.BooleanSupplier;

/**
 * A controller and routers in this process, made from real node files in a {@link NetworkHome}. Parts can be stopped and started again,
 * as the scenario tests do. What is done over the management API serves as well for nodes in processes of their own. Blocking. Once somebody
 * is logged in, different threads may see to different routers, identities and services; all else is for one thread.
 */
public final class LocalNetwork implements AutoCloseable {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private final NetworkHome home;
    private final Clock clock;
    private final Map<Integer, RouterNode> routers = new ConcurrentSkipListMap<>();
    private @org.jspecify.annotations.Nullable ControllerNode controller;
    private @org.jspecify.annotations.Nullable ManagementClient management;

    public LocalNetwork(NetworkHome home) {
        this(home, Clock.systemUTC());
    }

    /** @param clock of all its nodes */
    public LocalNetwork(NetworkHome home, Clock clock) {
        this.home = home;
        this.clock = clock;
    }

    public NetworkHome home() {
        return home;
    }

    /** Makes the store with its administrator; once, before the first start. */
    public void init(String user, String password) {
        await(ControllerInit.init(
                ControllerFileReader.read(home.controllerFile()), user, password, ControllerInit.DEFAULT_NAME, clock));
    }

    /** {@link #init} and {@link #startController} in one, in half the time. */
    public void startNewController(String user, String password) {
        controller =
                await(ControllerNode.startNew(ControllerFileReader.read(home.controllerFile()), user, password, clock));
    }

    public void startController() {
        controller = await(ControllerNode.start(ControllerFileReader.read(home.controllerFile()), clock));
    }

    public void stopController() {
        if (controller != null) {
            await(controller.stop());
            controller = null;
        }
    }

    public ControllerNode controller() {
        if (controller == null) {
            throw new IllegalStateException("the controller is not running");
        }
        return controller;
    }

    /** Logs in; what follows is done as this administrator. */
    public ManagementClient login(String user, String password) {
        String ca = read(home.authorities());
        management = new ManagementClient(home.apiUrl(), ManagementClient.login(home.apiUrl(), ca, user, password), ca);
        return management;
    }

    public ManagementClient management() {
        if (management == null) {
            throw new IllegalStateException("nobody is logged in");
        }
        return management;
    }

    /** Creates a router at the controller and enrols it. */
    public void enrollRouter(int i) {
        ObjectNode body = JSON.createObjectNode().put("name", NetworkHome.routerName(i));
        body.set("roleAttributes", texts(NetworkHome.routerAttribute(i)));
        String id = management().create("edge-routers", body).path("id").asText();
        String jwt =
                management().get("edge-routers/" + id).path("enrollmentJwt").asText();
        RouterEnrollment.enroll(RouterFileReader.readForEnrollment(home.routerFile(i)), jwt);
    }

    public RouterNode startRouter(int i) {
        RouterNode node =
                await(RouterNode.start(RouterFileReader.readForRun(home.routerFile(i), new ArrayList<>()), clock));
        routers.put(i, node);
        return node;
    }

    public RouterNode router(int i) {
        return Objects.requireNonNull(routers.get(i), "router " + i + " was not started");
    }

    public void stopRouter(int i) {
        await(router(i).stop());
    }

    /** Waits until all routers follow the controller and each has a link to every other. */
    public void awaitMesh() {
        awaitUntil(
                "every router is connected and linked",
                () -> routers.values().stream()
                                .allMatch(r -> !r.running()
                                                .connections()
                                                .connected()
                                                .isEmpty()
                                        && r.running().model().position().index() > 0
                                        && r.running().links().size() >= routers.size() - 1)
                        && controllerSees(routers.size()));
    }

    private boolean controllerSees(int expected) {
        return controller != null
                && controller.context().fabric().links().size() >= expected * (expected - 1) / 2
                && controller.context().model().view().all(io.zitipekko.actors.model.type.EdgeRouters.TYPE).stream()
                                .filter(r -> controller
                                        .context()
                                        .fabric()
                                        .router(r.id())
                                        .isPresent())
                                .count()
                        >= expected;
    }

    /** Creates an identity and enrols it; its file is where {@link NetworkHome#identityFile} says. */
    public ZitiIdentityFile enrollIdentity(String name, String... attributes) {
        ObjectNode body =
                JSON.createObjectNode().put("name", name).put("type", "Default").put("isAdmin", false);
        body.set("roleAttributes", texts(attributes));
        body.putObject("enrollment").put("ott", true);
        String id = management().create("identities", body).path("id").asText();
        String jwt = management()
                .get("identities/" + id)
                .path("enrollment")
                .path("ott")
                .path("jwt")
                .asText();
        return kept(name, Enrollment.withOneTimeToken(jwt));
    }

    /** A certificate, its issuers behind it, and its key as an identity file, which is where {@link NetworkHome#identityFile} says. */
    public ZitiIdentityFile keepIdentity(String name, List<X509Certificate> chain, PrivateKey key) {
        return kept(
                name,
                new ZitiIdentityFile(
                        List.of(URI.create(home.apiUrl())),
                        List.of(),
                        "pem:" + Pem.write(chain),
                        "pem:" + Pem.write(key),
                        "pem:" + read(home.authorities())));
    }

    private ZitiIdentityFile kept(String name, ZitiIdentityFile identity) {
        try {
            Files.createDirectories(home.identityFile(name).getParent());
            identity.write(home.identityFile(name));
        } catch (IOException e) {
            throw new UncheckedIOException("cannot write " + home.identityFile(name) + ": " + e.getMessage(), e);
        }
        return identity;
    }

    /** Creates a service. Returns its id. */
    public String createService(String name, boolean encrypted, String... attributes) {
        ObjectNode body = JSON.createObjectNode().put("name", name).put("encryptionRequired", encrypted);
        body.set("roleAttributes", texts(attributes));
        return management().create("services", body).path("id").asText();
    }

    /** Creates a policy of any of the three kinds. Returns its id. */
    public String createPolicy(String collection, String name, String type, List<String> left, List<String> right) {
        ObjectNode body = JSON.createObjectNode().put("name", name).put("semantic", "AnyOf");
        switch (collection) {
            case "service-policies" -> {
                body.put("type", type);
                body.set("identityRoles", texts(left.toArray(String[]::new)));
                body.set("serviceRoles", texts(right.toArray(String[]::new)));
            }
            case "edge-router-policies" -> {
                body.set("identityRoles", texts(left.toArray(String[]::new)));
                body.set("edgeRouterRoles", texts(right.toArray(String[]::new)));
            }
            case "service-edge-router-policies" -> {
                body.set("serviceRoles", texts(left.toArray(String[]::new)));
                body.set("edgeRouterRoles", texts(right.toArray(String[]::new)));
            }
            default ->
                throw new IllegalArgumentException("collection: '" + collection + "' (expected: a kind of policy)");
        }
        return management().create(collection, body).path("id").asText();
    }

    /** Waits for something that other threads bring about. @throws NodeException when it does not happen in time */
    public static void awaitUntil(String what, BooleanSupplier condition) {
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        Object never = new Object();
        while (!condition.getAsBoolean()) {
            if (System.nanoTime() > deadline) {
                throw new NodeException("gave up waiting until " + what + " (" + PATIENCE.toSeconds() + " s)");
            }
            synchronized (never) {
                try {
                    never.wait(10);
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                    throw new NodeException("interrupted while waiting until " + what, e);
                }
            }
        }
    }

    /** Stops everything, routers first. */
    @Override
    public void close() {
        List<CompletableFuture<?>> stopping = new ArrayList<>();
        routers.values().forEach(r -> stopping.add(r.stop().toCompletableFuture()));
        await(CompletableFuture.allOf(stopping.toArray(CompletableFuture[]::new)));
        routers.clear();
        stopController();
    }

    private static ArrayNode texts(String... items) {
        ArrayNode out = JSON.createArrayNode();
        for (String s : items) {
            out.add(s);
        }
        return out;
    }

    private static String read(java.nio.file.Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read " + file + ": " + e.getMessage(), e);
        }
    }

    private static <T> T await(CompletionStage<T> work) {
        try {
            return work.toCompletableFuture().join();
        } catch (CompletionException e) {
            Throwable cause = NodeException.unwrapped(e);
            throw new NodeException(NodeException.rootMessage(cause), cause);
        }
    }
}
