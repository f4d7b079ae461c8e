package io.zitipekko.bench.path;

import io.zitipekko.bench.BenchException;
import io.zitipekko.bench.report.Progress;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/**
 * A network namespace, and the only path to it, where every packet is delayed and some are lost: by the kernel's {@code netem}, or by this
 * process where the kernel is built without.
 *
 * <pre>
 *   here: {@value #NEAR} == [ Wire ] == {@value #FAR} :there
 * </pre>
 *
 * There, {@code localhost} is the address here, so that node files need not differ.
 */
final class DelayedPath implements AutoCloseable {
    static final String NEAR = "10.213.0.1";
    static final String FAR = "10.213.0.2";
    static final String NAMESPACE = "ziti-pekko-far";
    private static final Path HOSTS = Path.of("/etc/netns", NAMESPACE, "hosts");

    private final Wire wire;

    /** @throws BenchException when this user may not, or the system cannot */
    DelayedPath(Progress progress) {
        addNamespace();
        try {
            wire = wire(progress);
        } catch (BenchException e) {
            removeNamespace();
            throw e;
        }
        try {
            SystemCommand.run("ip", "link", "set", Wire.FAR_DEVICE, "netns", NAMESPACE);
            up(List.of("ip"), Wire.NEAR_DEVICE, NEAR);
            up(List.of("ip", "-n", NAMESPACE), Wire.FAR_DEVICE, FAR);
            SystemCommand.run("ip", "-n", NAMESPACE, "link", "set", "lo", "up");
            wire.begin();
            Files.createDirectories(HOSTS.getParent());
            Files.writeString(HOSTS, NEAR + " localhost\n");
        } catch (IOException e) {
            close();
            throw new BenchException("the path cannot be made: " + e.getMessage(), e);
        } catch (BenchException e) {
            close();
            throw e;
        }
    }

    private static void addNamespace() {
        try {
            SystemCommand.run("ip", "netns", "add", NAMESPACE);
        } catch (BenchException e) {
            throw new BenchException(
                    e.getMessage()
                            + " (expected: to be root on Linux, and no such bench running; one that was killed leaves"
                            + " its namespace behind, 'ip netns delete " + NAMESPACE + "' removes it)",
                    e);
        }
    }

    private static Wire wire(Progress progress) {
        try {
            Wire netem = new NetemWire();
            progress.say("the kernel's netem makes the path");
            return netem;
        } catch (BenchException e) {
            progress.say("no netem, the bench makes the path itself (%s)", e.getMessage());
            return new RelayedWire();
        }
    }

    /** What a command is to begin with, to run there. */
    static List<String> within() {
        return List.of("ip", "netns", "exec", NAMESPACE);
    }

    private static void up(List<String> ip, String device, String address) {
        SystemCommand.run(ip, "addr", "add", address + "/30", "dev", device);
        SystemCommand.run(ip, "link", "set", device, "mtu", Wire.LARGEST_PACKET, "up");
    }

    /**
     * @param roundTrip half of it each way
     * @param loss share of the packets that are lost, each way
     */
    void set(Duration roundTrip, double loss) {
        wire.set(roundTrip.dividedBy(2), loss);
    }

    /** The devices first: a namespace takes its own away some time after it is deleted. */
    @Override
    public void close() {
        try {
            wire.close();
        } finally {
            removeNamespace();
        }
    }

    private static void removeNamespace() {
        try {
            Files.deleteIfExists(HOSTS);
            Files.deleteIfExists(HOSTS.getParent());
        } catch (IOException e) {
            throw new BenchException("the path is not all removed: " + e.getMessage(), e);
        }
        SystemCommand.run("ip", "netns", "delete", NAMESPACE);
    }
}
