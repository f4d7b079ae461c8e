package io.zitipekko.bench.path;

import io.zitipekko.bench.BenchException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/**
 * A network namespace, and the only path to it: two TUN devices with this process between them, which delays every packet and loses some.
 * It stands in for the kernel's own {@code netem}, which many kernels are built without.
 *
 * <pre>
 *   here: {@value #NEAR} == tun == [ Direction ×2 ] == tun == {@value #FAR} :there
 * </pre>
 *
 * There, {@code localhost} is the address here, so that node files need not differ.
 */
final class DelayedPath implements AutoCloseable {
    static final String NEAR = "10.213.0.1";
    static final String FAR = "10.213.0.2";
    static final String NAMESPACE = "ziti-pekko-far";
    private static final Path HOSTS = Path.of("/etc/netns", NAMESPACE, "hosts");

    private final TunDevice near;
    private final TunDevice far;
    private final Direction there;
    private final Direction back;

    /** @throws BenchException when this user may not, or the system cannot */
    DelayedPath() {
        near = new TunDevice("ztp-near");
        far = new TunDevice("ztp-far");
        there = new Direction(near, far);
        back = new Direction(far, near);
        try {
            ip("netns", "add", NAMESPACE);
            ip("link", "set", far.name(), "netns", NAMESPACE);
            up(List.of(), near.name(), NEAR);
            up(List.of("-n", NAMESPACE), far.name(), FAR);
            ip("-n", NAMESPACE, "link", "set", "lo", "up");
            Files.createDirectories(HOSTS.getParent());
            Files.writeString(HOSTS, NEAR + " localhost\n");
        } catch (IOException e) {
            close();
            throw new BenchException("the path cannot be made: " + e.getMessage(), e);
        } catch (BenchException e) {
            close();
            throw e;
        }
        there.start();
        back.start();
    }

    /** What a command is to begin with, to run there. */
    static List<String> within() {
        return List.of("ip", "netns", "exec", NAMESPACE);
    }

    private static void up(List<String> where, String device, String address) {
        ip(where, "addr", "add", address + "/30", "dev", device);
        ip(where, "link", "set", device, "mtu", "9000", "up");
    }

    private static void ip(String... arguments) {
        ip(List.of(), arguments);
    }

    private static void ip(List<String> first, String... arguments) {
        List<String> line = new java.util.ArrayList<>(List.of("ip"));
        line.addAll(first);
        line.addAll(List.of(arguments));
        try {
            Process process = new ProcessBuilder(line).redirectErrorStream(true).start();
            String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            if (process.waitFor() != 0) {
                throw new BenchException(String.join(" ", line) + ": " + said.strip());
            }
        } catch (IOException e) {
            throw new BenchException("'ip' cannot be run: " + e.getMessage() + " (expected: iproute2)", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new BenchException("interrupted", e);
        }
    }

    /**
     * @param roundTrip half of it each way
     * @param loss share of the packets that are lost, each way
     */
    void set(Duration roundTrip, double loss) {
        there.set(roundTrip.toNanos() / 2, loss);
        back.set(roundTrip.toNanos() / 2, loss);
    }

    @Override
    public void close() {
        near.close();
        far.close();
        try {
            Files.deleteIfExists(HOSTS);
            Files.deleteIfExists(HOSTS.getParent());
            ip("netns", "delete", NAMESPACE);
        } catch (IOException e) {
            throw new BenchException("the path is not all removed: " + e.getMessage(), e);
        }
    }
}
