package io.zitipekko.bench.report;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;

/**
 * One measured figure: a sample for each counted round.
 *
 * @param name stable, for comparing runs
 * @param unit {@code MB/s} and {@code /s} are better when larger, all others when smaller
 * @param runs one sample a round; at least one
 * @param floor what the machine allows, measured in the same run; empty where no floor means anything
 * @param processes for CPU times: the median of each process's part
 */
public record Figure(String name, String unit, List<Double> runs, OptionalDouble floor, Map<String, Double> processes) {
    public Figure {
        if (runs.isEmpty() || runs.stream().anyMatch(run -> !Double.isFinite(run))) {
            throw new IllegalArgumentException(
                    name + ": samples " + runs + " (expected: at least one, all of them numbers)");
        }
        runs = List.copyOf(runs);
        processes = Map.copyOf(processes);
    }

    public static Figure of(String name, String unit, List<Double> runs) {
        return new Figure(name, unit, runs, OptionalDouble.empty(), Map.of());
    }

    public static Figure of(String name, String unit, double run) {
        return of(name, unit, List.of(run));
    }

    public Figure withFloor(double newFloor) {
        return new Figure(name, unit, runs, OptionalDouble.of(newFloor), processes);
    }

    public Figure withProcesses(Map<String, Double> newProcesses) {
        return new Figure(name, unit, runs, floor, newProcesses);
    }

    public double median() {
        return median(runs);
    }

    public double min() {
        return runs.stream().mapToDouble(Double::doubleValue).min().orElseThrow();
    }

    public double max() {
        return runs.stream().mapToDouble(Double::doubleValue).max().orElseThrow();
    }

    /** The median as a multiple of the floor. */
    public OptionalDouble ratio() {
        return floor.isPresent() && floor.getAsDouble() > 0
                ? OptionalDouble.of(median() / floor.getAsDouble())
                : OptionalDouble.empty();
    }

    public boolean largerIsBetter() {
        return unit.endsWith("/s");
    }

    static double median(List<Double> samples) {
        double[] sorted =
                samples.stream().mapToDouble(Double::doubleValue).sorted().toArray();
        int middle = sorted.length / 2;
        return sorted.length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
    }

    /** The value that so much of the samples do not exceed. Sorts {@code samples}. */
    public static double quantile(double[] samples, double share) {
        if (samples.length == 0) {
            throw new IllegalArgumentException("quantile of no samples");
        }
        Arrays.sort(samples);
        return samples[(int) Math.min(samples.length - 1L, Math.round(Math.ceil(share * samples.length)) - 1)];
    }
}
