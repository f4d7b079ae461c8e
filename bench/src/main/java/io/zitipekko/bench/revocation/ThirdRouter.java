package io.zitipekko.bench.revocation;

import io.zitipekko.bench.BenchException;
import io.zitipekko.bench.control.ApiConnection;
import io.zitipekko.bench.process.BenchNetwork;
import io.zitipekko.quickstart.LocalNetwork;
import io.zitipekko.quickstart.NetworkHome;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import java.util.function.Supplier;

/**
 * The router whose end is that of all who are connected to it. Before it counts, it has been through what it is there for until a warm-up is
 * over: a router that was just started does everything for the first time, slowly. Not thread-safe.
 */
final class ThirdRouter {
    /** Attribute of identities that may use this router only. */
    static final String ATTRIBUTE = "at-third-router";
    /** How many lose it at once: a figure is of several events, each of which ends several circuits. */
    static final int CONNECTED = 10;

    private static final int INDEX = BenchNetwork.ROUTERS;
    /** Of each who is there for the warm-up: the more end, the sooner is what ends them compiled. */
    private static final int VISITORS_CIRCUITS = 20;
    /** Of those of other benches, whose routers have carried traffic before. */
    private static final int TIMES_THE_WARMUP = 6;

    private final BenchNetwork network;
    private final ApiConnection admin;
    private final Duration warmup;
    private final Supplier<Path> enrolled;
    private final List<Path> files = new ArrayList<>();
    private boolean deleted;

    /** @param enrolled makes an identity that may dial and may use this router, and says where its file is */
    ThirdRouter(BenchNetwork network, ApiConnection admin, Duration warmup, Supplier<Path> enrolled) {
        this.network = network;
        this.admin = admin;
        this.warmup = warmup;
        this.enrolled = enrolled;
    }

    /** The policy by which identities use it. */
    void prepare() {
        network.setup()
                .createPolicy(
                        "edge-router-policies",
                        ATTRIBUTE,
                        "",
                        List.of("#" + ATTRIBUTE),
                        List.of("#" + NetworkHome.routerAttribute(INDEX)));
    }

    /** Starts it, or enables it again where it was disabled only, until it takes circuits. */
    void start() {
        if (deleted) {
            network.shrink();
            deleted = false;
        }
        if (network.routerCount() > INDEX) {
            enable();
        } else {
            network.growTo(INDEX + 1);
            LocalNetwork.awaitUntil("the third router takes SDKs", this::takesSdks);
            warmUp();
        }
    }

    /** Those who are connected to it until it is disabled. */
    Victims victimsOfDisabling(int count) {
        return victims(count, new OneEvent(this::disable));
    }

    /** Those who are connected to it until it is deleted. */
    Victims victimsOfDeleting(int count) {
        String router = path();
        return victims(count, new OneEvent(() -> {
            admin.delete(router);
            deleted = true;
        }));
    }

    private Victims victims(int count, OneEvent event) {
        while (files.size() < count) {
            files.add(enrolled.get());
        }
        return new Victims(
                network,
                files.stream()
                        .limit(count)
                        .map(file -> new Victim(file, BenchNetwork.ENCRYPTED, event))
                        .toList());
    }

    /** A router that was just started knows nobody until it has been told of all. */
    private boolean takesSdks() {
        try {
            victims(1, new OneEvent(this::disable)).connect();
            Victims.leave(network);
            return true;
        } catch (BenchException notYet) {
            return false;
        }
    }

    private void warmUp() {
        long until = System.nanoTime() + warmup.multipliedBy(TIMES_THE_WARMUP).toNanos();
        OneEvent disabling = new OneEvent(this::disable);
        Victims visitors = victims(CONNECTED, disabling);
        visitors.connect();
        do {
            visitors.end(false);
            enable();
            visitors.dialAgain(VISITORS_CIRCUITS);
            disabling.again();
        } while (System.nanoTime() < until);
        Victims.leave(network);
    }

    private void disable() {
        admin.patch(path(), "{\"disabled\":true}");
    }

    private void enable() {
        admin.patch(path(), "{\"disabled\":false}");
        network.awaitMesh();
    }

    private String path() {
        return ApiConnection.MANAGEMENT + "edge-routers/" + network.routerId(INDEX);
    }

    /** What ends for all who share it: those after the first count from the same answer. */
    private static final class OneEvent implements Victim.Ending {
        private final Runnable call;
        private OptionalLong answered = OptionalLong.empty();

        OneEvent(Runnable call) {
            this.call = call;
        }

        @Override
        public long run(String apiSession) {
            if (answered.isEmpty()) {
                call.run();
                answered = OptionalLong.of(System.nanoTime());
            }
            return answered.getAsLong();
        }

        /** The next to come to its end causes it once more. */
        void again() {
            answered = OptionalLong.empty();
        }
    }
}
