package io.zitipekko.bench.path;

import io.zitipekko.bench.BenchException;
import java.time.Duration;
import java.util.List;
import java.util.Locale;

/**
 * A pair of the kernel's virtual Ethernet devices, each with the kernel's {@code netem} before it. Packets are never put together to larger ones, so
 * that one lost is one lost.
 */
final class NetemWire implements Wire {
    /** More than a fast path holds; what is beyond is lost, which must not happen by itself. */
    private static final String MOST_WAITING = "100000";

    private static final List<String> HERE = List.of("tc");
    private static final List<String> THERE = List.of("tc", "-n", DelayedPath.NAMESPACE);

    /** @throws BenchException when this user may not, or the kernel is built without */
    NetemWire() {
        SystemCommand.run("ip", "link", "add", NEAR_DEVICE, "type", "veth", "peer", "name", FAR_DEVICE);
        try {
            for (String device : List.of(NEAR_DEVICE, FAR_DEVICE)) {
                SystemCommand.run("ip", "link", "set", device, "gso_max_segs", "1");
            }
            set(HERE, NEAR_DEVICE, Duration.ZERO, 0);
        } catch (BenchException e) {
            close();
            throw e;
        }
    }

    @Override
    public void begin() {
        set(Duration.ZERO, 0);
    }

    @Override
    public void set(Duration oneWay, double loss) {
        set(HERE, NEAR_DEVICE, oneWay, loss);
        set(THERE, FAR_DEVICE, oneWay, loss);
    }

    private static void set(List<String> tc, String device, Duration oneWay, double loss) {
        SystemCommand.run(
                tc,
                "qdisc",
                "replace",
                "dev",
                device,
                "root",
                "netem",
                "limit",
                MOST_WAITING,
                "delay",
                oneWay.toNanos() / 1000 + "us",
                "loss",
                String.format(Locale.ROOT, "%.3f%%", loss * 100));
    }

    /** One end takes the other with it, wherever that is. */
    @Override
    public void close() {
        SystemCommand.run("ip", "link", "delete", NEAR_DEVICE);
    }
}
