package io.zitipekko.actors.router.link;

import io.zitipekko.transport.control.proto.metrics.Histogram;
import java.time.Duration;
import java.util.Arrays;

/** The last round trips of one link, summed up for reports. Thread-safe; bounded. */
final class LatencyRecorder {
    private static final int KEPT = 128;

    private final long[] nanos = new long[KEPT];
    private long count;

    synchronized void record(Duration roundTrip) {
        nanos[(int) (count++ % KEPT)] = roundTrip.toNanos();
    }

    synchronized boolean isEmpty() {
        return count == 0;
    }

    /** Mean in nanoseconds; 0 when nothing was measured. */
    synchronized double mean() {
        int n = (int) Math.min(count, KEPT);
        return n == 0 ? 0 : Arrays.stream(nanos, 0, n).average().orElse(0);
    }

    /** In the form of message 1007 (protocol/03 section 4.4). */
    synchronized Histogram toHistogram() {
        int n = (int) Math.min(count, KEPT);
        long[] sorted = Arrays.copyOf(nanos, n);
        Arrays.sort(sorted);
        double mean = mean();
        double variance = 0;
        for (long v : sorted) {
            variance += (v - mean) * (v - mean) / Math.max(1, n);
        }
        return Histogram.newBuilder()
                .setCount(count)
                .setMin(n == 0 ? 0 : sorted[0])
                .setMax(n == 0 ? 0 : sorted[n - 1])
                .setMean(mean)
                .setVariance(variance)
                .setStdDev(Math.sqrt(variance))
                .setP50(percentile(sorted, 0.5))
                .setP75(percentile(sorted, 0.75))
                .setP95(percentile(sorted, 0.95))
                .setP99(percentile(sorted, 0.99))
                .setP999(percentile(sorted, 0.999))
                .setP9999(percentile(sorted, 0.9999))
                .build();
    }

    private static double percentile(long[] sorted, double p) {
        return sorted.length == 0
                ? 0
                : sorted[(int) Math.min(sorted.length - 1L, (long) Math.ceil(p * sorted.length) - 1)];
    }
}
