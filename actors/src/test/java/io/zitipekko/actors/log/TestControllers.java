package io.zitipekko.actors.log;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import io.zitipekko.actors.log.ModelLogSettings.Member;
import io.zitipekko.actors.log.ModelLogSettings.SnapshotPolicy;
import io.zitipekko.actors.log.ModelLogSettings.Timing;
import io.zitipekko.actors.log.artery.ArteryTls;
import io.zitipekko.actors.log.artery.ArteryTlsTest;
import io.zitipekko.transport.identity.Identity;
import io.zitipekko.transport.identity.SpiffeId;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.apache.pekko.actor.BootstrapSetup;
import org.apache.pekko.actor.CoordinatedShutdown;
import org.apache.pekko.actor.setup.ActorSystemSetup;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.actor.typed.javadsl.Adapter;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.apache.pekko.cluster.typed.Cluster;

/** Controllers' models in one JVM, each with an actor system of its own. */
final class TestControllers implements AutoCloseable {
    static final UUID GROUP = UUID.fromString("7d3c1c39-3d15-4f6b-8a53-5a2d1f1f7a01");

    private static final Timing TIMING =
            new Timing(Duration.ofMillis(400), Duration.ofMillis(800), Duration.ofSeconds(2), Duration.ofSeconds(20));

    private final Path folder;
    private final SnapshotPolicy snapshots;
    private final Map<String, Running> running = new LinkedHashMap<>();
    private final boolean tls;
    private List<Member> members = List.of();

    private record Running(ActorSystem<Void> system, ReplicatedModel model) {}

    TestControllers(Path folder, SnapshotPolicy snapshots) {
        this(folder, snapshots, false);
    }

    TestControllers(Path folder) {
        this(folder, SnapshotPolicy.DEFAULT);
    }

    private TestControllers(Path folder, SnapshotPolicy snapshots, boolean tls) {
        this.folder = folder;
        this.snapshots = snapshots;
        this.tls = tls;
    }

    /** Controllers whose cluster ports are secured. */
    static TestControllers overTls(Path folder) {
        return new TestControllers(folder, SnapshotPolicy.DEFAULT, true);
    }

    static ActorSystem<Void> newSystem(int port) {
        return ActorSystem.create(Behaviors.empty(), "ziti", config("tcp", port));
    }

    private static Config config(String transport, int port) {
        return ConfigFactory.parseString(
                        "pekko.remote.artery { transport = " + transport + ", canonical.port = " + port + " }")
                .withFallback(ConfigFactory.load("ziti-controller"));
    }

    private ActorSystem<Void> newMember(String node, int port) {
        if (!tls) {
            return newSystem(port);
        }
        Identity identity = ArteryTlsTest.identity(SpiffeId.controller(ArteryTlsTest.TRUST_DOMAIN, node));
        ActorSystemSetup setup = ActorSystemSetup.create(
                BootstrapSetup.create(config("tls-tcp", port)),
                ArteryTls.setup(() -> identity, ArteryTlsTest.TRUST_DOMAIN));
        return ActorSystem.create(Behaviors.empty(), "ziti", setup);
    }

    Path dataDir(String node) {
        return folder.resolve(node);
    }

    /** Starts a lone controller. */
    ReplicatedModel startAlone(String node) {
        ActorSystem<Void> system = newSystem(0);
        try {
            return started(
                    node,
                    system,
                    ModelLogSettings.alone(dataDir(node), node, GROUP)
                            .withTiming(TIMING)
                            .withSnapshots(snapshots));
        } catch (RuntimeException e) {
            stop(system);
            throw e;
        }
    }

    private ReplicatedModel started(String node, ActorSystem<Void> system, ModelLogSettings settings) {
        ReplicatedModel model = await(ReplicatedModel.start(system, settings).toCompletableFuture());
        running.put(node, new Running(system, model));
        return model;
    }

    /** Starts controllers that know each other. */
    void startCluster(String... nodes) {
        Map<String, ActorSystem<Void>> systems = new LinkedHashMap<>();
        List<Member> known = new ArrayList<>();
        for (String node : nodes) {
            ActorSystem<Void> system = newMember(node, 0);
            systems.put(node, system);
            known.add(new Member(
                    node, Cluster.get(system).selfMember().address().hostPort().replaceFirst(".*@", "")));
        }
        members = known;
        Map<String, CompletableFuture<ReplicatedModel>> starting = new LinkedHashMap<>();
        systems.forEach((node, system) ->
                starting.put(node, ReplicatedModel.start(system, member(node)).toCompletableFuture()));
        starting.forEach((node, start) -> running.put(node, new Running(systems.get(node), await(start))));
    }

    private ModelLogSettings member(String node) {
        return ModelLogSettings.member(dataDir(node), node, GROUP, members)
                .withTiming(TIMING)
                .withSnapshots(snapshots);
    }

    /** Starts a member of the cluster again, at its old address. */
    ReplicatedModel restart(String node) {
        String address = members.stream()
                .filter(member -> member.nodeId().equals(node))
                .findFirst()
                .orElseThrow()
                .address();
        ActorSystem<Void> system = newMember(node, Integer.parseInt(address.substring(address.lastIndexOf(':') + 1)));
        return started(node, system, member(node));
    }

    ReplicatedModel model(String node) {
        return running.get(node).model();
    }

    List<String> nodes() {
        return List.copyOf(running.keySet());
    }

    void stop(String node) {
        Running stopped = running.remove(node);
        stopped.model().close();
        stop(stopped.system());
    }

    /** Takes the node off the network first, so that nothing of its orderly end reaches the others. */
    void kill(String node) {
        Running stopped = running.remove(node);
        stop(stopped.system());
        stopped.model().close();
    }

    /**
     * Waits for the phases of the shutdown, each of which has a bound, and not for the end of the system: where a TLS connection was being
     * made anew just then, Artery waits for the other side to close it.
     */
    private static void stop(ActorSystem<Void> system) {
        await(CoordinatedShutdown.get(Adapter.toClassic(system))
                .runAll(CoordinatedShutdown.actorSystemTerminateReason())
                .toCompletableFuture());
    }

    static <T> T await(CompletableFuture<T> future) {
        return future.orTimeout(60, TimeUnit.SECONDS).join();
    }

    @Override
    public void close() {
        nodes().forEach(this::stop);
    }
}
