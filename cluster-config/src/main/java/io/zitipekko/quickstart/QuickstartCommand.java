package io.zitipekko.quickstart;

import com.typesafe.config.ConfigFactory;
import io.zitipekko.command.CommandFailure;
import io.zitipekko.command.run.Foreground;
import io.zitipekko.node.ControllerInit;
import io.zitipekko.node.NodeException;
import io.zitipekko.sdk.ZitiIdentityFile;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.IntConsumer;
import java.util.stream.IntStream;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/**
 * {@code quickstart}: a whole network on this machine, one verified end-to-end encrypted exchange, and what to type next. A second start
 * with the same home finds everything again.
 */
@Command(
        name = "quickstart",
        description = "A whole network on this machine, and one verified encrypted exchange over it.")
public final class QuickstartCommand implements Callable<Integer> {
    private static final String LOG_LEVEL = "ZITI_PEKKO_LOG";
    private static final String SERVICE = "echo";
    private static final String CLIENT = "client";
    private static final String HOST = "host";
    private static final long EXCHANGED = 32L << 20;
    private static final int BESIDES = 4;

    @Option(names = "--home", description = "Folder of the network; kept. Default: a temporary one.")
    Path home = Path.of("");

    @Option(
            names = "--port-base",
            description = "Port of the controller; routers follow (default: ${DEFAULT-VALUE}). 0: any that are free.")
    int portBase = 1280;

    @Option(names = "--routers", description = "How many routers (default: ${DEFAULT-VALUE}).")
    int routers = 2;

    @Option(names = "--controllers", description = "How many controllers; only 1 yet.")
    int controllers = 1;

    @Option(
            names = {"-u", "--username"},
            description = "Administrator (default: ${DEFAULT-VALUE}).")
    String user = "admin";

    @Option(
            names = {"-p", "--password"},
            description = "The administrator's password; a random one is made and shown otherwise.")
    String password = "";

    @Option(names = "--once", description = "Exit after the exchange; code 0 only if every check held.")
    boolean once;

    private final PrintStream out = System.out;
    private long began;
    private int step;

    /** What happens is told here; the nodes' own lines would stand between. Has an effect only before logging is set up. */
    public static void quietenNodes() {
        if (System.getenv(LOG_LEVEL) == null) {
            System.setProperty(LOG_LEVEL, "WARN");
        }
    }

    @Override
    public Integer call() {
        if (controllers != 1) {
            throw new CommandFailure("--controllers " + controllers + ": quickstart starts one controller");
        }
        began = System.nanoTime();
        NetworkHome files = new NetworkHome(folder(), portBase == 0 ? freePorts() : portBase, routers);
        requireFreePorts(files);
        LocalNetwork network = new LocalNetwork(files);
        // What does not wait for each other is done at the same time: most of a start is loading and compiling code.
        ExecutorService besides = Executors.newFixedThreadPool(BESIDES, task -> {
            Thread thread = new Thread(task, "quickstart");
            thread.setDaemon(true);
            return thread;
        });
        CompletableFuture<ActorSystem<Void>> starting = CompletableFuture.supplyAsync(
                () -> ActorSystem.create(
                        Behaviors.empty(),
                        "applications",
                        ConfigFactory.load(ConfigFactory.parseResourcesAnySyntax("ziti-router-node"))),
                besides);
        try {
            boolean again = files.exists();
            out.println("ziti-pekko quickstart in " + files.folder() + (again ? " (found again)" : ""));
            if (again) {
                start(network, besides);
            } else {
                setUp(network, besides);
            }
            ActorSystem<Void> applications = Foreground.await(starting);
            VerifiedExchange.Result result = exchange(network, applications);
            report(files, result, again);
            if (once) {
                return 0;
            }
            return Foreground.untilStopped(() -> CompletableFuture.runAsync(() -> stop(network, applications)));
        } finally {
            besides.shutdown();
            if (once) {
                stop(network, Foreground.await(starting));
            }
        }
    }

    private int freePorts() {
        try {
            return FreePorts.neighbours(1 + routers);
        } catch (IllegalStateException e) {
            throw new CommandFailure(e.getMessage() + ": choose them with --port-base", e);
        }
    }

    private Path folder() {
        try {
            Path folder = home.toString().isEmpty()
                    ? Files.createTempDirectory("ziti-pekko-")
                    : Files.createDirectories(home);
            if (!Files.isWritable(folder)) {
                throw new CommandFailure("--home " + folder + " cannot be written: choose another folder");
            }
            return folder;
        } catch (IOException e) {
            throw new CommandFailure(
                    "--home " + home + " cannot be made: " + NodeException.rootMessage(e) + ": choose another folder",
                    e);
        }
    }

    private static void requireFreePorts(NetworkHome files) {
        for (int port = files.portBase(); port <= files.portBase() + files.routers(); port++) {
            if (!FreePorts.isFree(port)) {
                throw new CommandFailure(
                        "port " + port + " is taken by another process: stop it, or choose others with --port-base");
            }
        }
    }

    private void setUp(LocalNetwork network, Executor besides) {
        NetworkHome files = network.home();
        if (password.isEmpty()) {
            password = randomPassword();
        }
        // Before anything is made that would be in the way of the next try.
        ControllerInit.check(user, password, ControllerInit.DEFAULT_NAME);
        files.prepare();
        say("certificates", "root, intermediate and controller " + NetworkHome.CONTROLLER);
        network.startNewController(user, password);
        say("controller", NetworkHome.CONTROLLER + " answers at " + files.apiUrl());
        network.login(user, password);
        say("administrator", user + " with password " + password);
        List<CompletableFuture<Void>> enrolling = forEachRouter(besides, i -> {
            network.enrollRouter(i);
            network.startRouter(i);
        });
        CompletableFuture<Void> configuring = CompletableFuture.runAsync(() -> createService(network), besides);
        List<CompletableFuture<?>> identities = List.of(
                CompletableFuture.supplyAsync(() -> network.enrollIdentity(CLIENT, "clients"), besides),
                CompletableFuture.supplyAsync(() -> network.enrollIdentity(HOST, "hosts"), besides));
        for (int i = 0; i < routers; i++) {
            Foreground.await(enrolling.get(i));
            say("router", NetworkHome.routerName(i) + " enrolled, at localhost:" + files.routerPort(i));
        }
        Foreground.await(configuring);
        say("service", SERVICE + ", encrypted end to end, with its policies");
        identities.forEach(Foreground::await);
        say("identities", CLIENT + " and " + HOST + " enrolled");
        network.awaitMesh();
        say("links", "every router is linked with every other");
        files.complete();
    }

    private void createService(LocalNetwork network) {
        network.createService(SERVICE, true, SERVICE);
        network.createPolicy("service-policies", "echo-dial", "Dial", List.of("#clients"), List.of("#" + SERVICE));
        network.createPolicy("service-policies", "echo-bind", "Bind", List.of("#hosts"), List.of("#" + SERVICE));
        // The client's router is not the host's: every payload crosses a link.
        String first = "#" + NetworkHome.routerAttribute(0);
        String last = "#" + NetworkHome.routerAttribute(routers - 1);
        network.createPolicy("edge-router-policies", "clients", "", List.of("#clients"), List.of(first));
        network.createPolicy("edge-router-policies", "hosts", "", List.of("#hosts"), List.of(last));
        network.createPolicy("service-edge-router-policies", "all", "", List.of("#all"), List.of("#all"));
    }

    private List<CompletableFuture<Void>> forEachRouter(Executor besides, IntConsumer work) {
        return IntStream.range(0, routers)
                .mapToObj(i -> CompletableFuture.runAsync(() -> work.accept(i), besides))
                .toList();
    }

    private void start(LocalNetwork network, Executor besides) {
        network.home().prepare();
        // Routers ask for their controller until it is there.
        List<CompletableFuture<Void>> starting = forEachRouter(besides, network::startRouter);
        network.startController();
        say(
                "controller",
                NetworkHome.CONTROLLER + " answers at " + network.home().apiUrl());
        for (int i = 0; i < routers; i++) {
            Foreground.await(starting.get(i));
            say(
                    "router",
                    NetworkHome.routerName(i) + " at localhost:"
                            + network.home().routerPort(i));
        }
        network.awaitMesh();
        say("links", "every router is linked with every other");
    }

    private VerifiedExchange.Result exchange(LocalNetwork network, ActorSystem<?> applications) {
        try {
            VerifiedExchange.host(
                    applications, ZitiIdentityFile.read(network.home().identityFile(HOST)), SERVICE);
            say("host", "identity " + HOST + " hosts " + SERVICE + " and listens on no port");
            return VerifiedExchange.exchange(
                    applications, ZitiIdentityFile.read(network.home().identityFile(CLIENT)), SERVICE, EXCHANGED);
        } catch (IOException e) {
            throw new CommandFailure("an identity file cannot be read: " + e.getMessage(), e);
        }
    }

    private void report(NetworkHome files, VerifiedExchange.Result r, boolean again) {
        say(
                "exchange",
                String.format(
                        Locale.ROOT,
                        "%d MiB there and back in %.2f s (%.0f MB/s each way at once), SHA-256 equal",
                        r.bytes() >> 20,
                        r.seconds(),
                        r.bytes() / 1e6 / r.seconds()));
        out.printf(
                "      circuit %s over %s, a link and the host's router; encrypted from end to end%n",
                r.connection().circuitId(), r.connection().router());
        out.printf(Locale.ROOT, "      sha256 %s%n", r.sha256());
        out.printf(Locale.ROOT, "ready in %.1f s%n", (System.nanoTime() - began) / 1e9);
        if (once) {
            return;
        }
        String shown = again && password.isEmpty() ? "PASSWORD" : password;
        out.println();
        out.println("What to type next, in another terminal:");
        out.println("  log in:           ./ziti-pekko edge login " + files.apiAddress() + " -u " + user + " -p " + shown
                + " --ca " + files.authorities());
        out.println("  look around:      ./ziti-pekko edge list services");
        out.println("  use the service:  ./ziti-pekko proxy " + SERVICE + ":9090 -i " + files.identityFile(CLIENT));
        out.println("                    echo hello | nc -q 1 localhost 9090");
        out.println("  stop:             Ctrl-C here; './ziti-pekko quickstart --home " + files.folder()
                + "' finds everything again");
    }

    private static void stop(LocalNetwork network, ActorSystem<?> applications) {
        applications.terminate();
        network.close();
    }

    private void say(String what, String how) {
        out.printf(Locale.ROOT, "%4d  %-14s %s (%.1f s)%n", ++step, what, how, (System.nanoTime() - began) / 1e9);
    }

    private static String randomPassword() {
        String letters = "abcdefghijkmnpqrstuvwxyzABCDEFGHJKLMNPQRSTUVWXYZ23456789";
        SecureRandom random = new SecureRandom();
        StringBuilder s = new StringBuilder();
        for (int i = 0; i < 16; i++) {
            s.append(letters.charAt(random.nextInt(letters.length())));
        }
        return s.toString();
    }
}
