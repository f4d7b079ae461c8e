package io.zitipekko.bench.report;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Gathers the samples of several figures round by round. Not thread-safe. */
public final class Rounds {
    private final Map<String, String> units = new LinkedHashMap<>();
    private final Map<String, List<Double>> samples = new LinkedHashMap<>();
    private final Map<String, Map<String, List<Double>>> parts = new LinkedHashMap<>();

    /** One more sample of this figure. */
    public void add(String name, String unit, double sample) {
        units.put(name, unit);
        samples.computeIfAbsent(name, n -> new ArrayList<>()).add(sample);
    }

    /** One more sample of a CPU time for each operation: the sum over all processes, with each one's part. */
    public void addCpu(String name, String unit, Map<String, Double> cpuMillis, double operations) {
        double sum = 0;
        for (Map.Entry<String, Double> process : cpuMillis.entrySet()) {
            double each = process.getValue() / operations;
            sum += each;
            parts.computeIfAbsent(name, n -> new TreeMap<>())
                    .computeIfAbsent(process.getKey(), p -> new ArrayList<>())
                    .add(each);
        }
        add(name, unit, sum);
    }

    /** The figure of this name. */
    public Figure figure(String name) {
        List<Double> runs = samples.get(name);
        if (runs == null) {
            throw new IllegalStateException("no round measured " + name);
        }
        Map<String, Double> processes = new TreeMap<>();
        parts.getOrDefault(name, Map.of()).forEach((process, each) -> processes.put(process, Figure.median(each)));
        return Figure.of(name, units.getOrDefault(name, ""), runs).withProcesses(processes);
    }

    /** All figures, in the order of their first samples. */
    public List<Figure> figures() {
        return samples.keySet().stream().map(this::figure).toList();
    }
}
