package io.zitipekko.overlay;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.sun.management.UnixOperatingSystemMXBean;
import io.zitipekko.actors.router.RouterGuardian;
import io.zitipekko.actors.router.edge.EdgeSide;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * What a network at rest holds: rows of the controller's and the routers' tables, threads, descriptors and heap of the JVM. After whatever
 * came and went it must be the same again.
 *
 * @param tables one line a table, with its size
 */
record Baseline(List<String> tables, int threads, long descriptors, long heapBytes) {
    /** Pools grow to their size once; more than that is a leak. */
    private static final int THREADS_ALLOWED = 16;

    private static final int DESCRIPTORS_ALLOWED = 8;
    private static final long HEAP_ALLOWED = 48L << 20;

    /** Waits until no circuit is left and surplus links are gone; hosts may stay bound. */
    static Baseline atRest(MiniOverlay overlay) {
        int routers = overlay.network().home().routers();
        await("the network is at rest").atMost(MiniOverlay.PATIENCE).until(() -> {
            var fabric = overlay.network().controller().context().fabric();
            boolean drained = fabric.circuits().isEmpty() && fabric.links().size() == routers * (routers - 1) / 2;
            for (int i = 0; drained && i < routers; i++) {
                drained = overlay.network().router(i).running().forwarder().circuitCount() == 0;
            }
            return drained;
        });
        return of(overlay);
    }

    private static Baseline of(MiniOverlay overlay) {
        List<String> tables = new ArrayList<>();
        var fabric = overlay.network().controller().context().fabric();
        tables.add("controller: circuits " + fabric.circuits().size());
        tables.add("controller: terminators " + fabric.terminators().size());
        tables.add("controller: links " + fabric.links().size());
        for (int i = 0; i < overlay.network().home().routers(); i++) {
            RouterGuardian.Running router = overlay.network().router(i).running();
            String name = "router " + i + ": ";
            tables.add(name + "circuits " + router.forwarder().circuitCount());
            tables.add(name + "destinations " + router.forwarder().destinationCount());
            tables.add(name + "channels "
                    + router.edge().map(EdgeSide::channelCount).orElse(0));
            tables.add(name + "connections "
                    + router.edge().map(EdgeSide::connectionCount).orElse(0));
            tables.add(name + "terminators "
                    + router.edge().map(EdgeSide::terminatorCount).orElse(0));
        }
        return new Baseline(
                tables,
                Thread.activeCount(),
                ManagementFactory.getPlatformMXBean(UnixOperatingSystemMXBean.class)
                        .getOpenFileDescriptorCount(),
                usedHeap());
    }

    /** What is reachable; other numbers of the heap say when it was cleared last. */
    private static long usedHeap() {
        System.gc();
        return ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed();
    }

    /** Waits until the network holds what it held, and fails when it does not. */
    void assertReturns(MiniOverlay overlay) {
        await().atMost(MiniOverlay.PATIENCE)
                .untilAsserted(() -> assertThat(of(overlay).tables).isEqualTo(tables));
        Baseline now = of(overlay);
        assertThat(now.threads).as("threads").isLessThanOrEqualTo(threads + THREADS_ALLOWED);
        assertThat(now.descriptors).as("open descriptors").isLessThanOrEqualTo(descriptors + DESCRIPTORS_ALLOWED);
        assertThat(now.heapBytes).as("heap in use, bytes").isLessThanOrEqualTo(heapBytes + HEAP_ALLOWED);
    }

    @Override
    public String toString() {
        return String.format(
                Locale.ROOT,
                "%s, %d threads, %d descriptors, %d MB of heap",
                tables,
                threads,
                descriptors,
                heapBytes >> 20);
    }
}
