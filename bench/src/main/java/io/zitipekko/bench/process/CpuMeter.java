package io.zitipekko.bench.process;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** CPU time of some processes since a moment. */
public final class CpuMeter {
    private final List<RunningProcess> processes;
    private final Map<String, Double> began = new TreeMap<>();

    private CpuMeter(List<RunningProcess> processes) {
        this.processes = List.copyOf(processes);
        this.processes.forEach(process -> began.put(process.role(), process.cpuMillis()));
    }

    public static CpuMeter start(List<RunningProcess> processes) {
        return new CpuMeter(processes);
    }

    public static CpuMeter start(RunningProcess... processes) {
        return new CpuMeter(List.of(processes));
    }

    /** CPU milliseconds by role since the start. */
    public Map<String, Double> spentMillis() {
        Map<String, Double> spent = new TreeMap<>();
        processes.forEach(
                process -> spent.put(process.role(), process.cpuMillis() - began.getOrDefault(process.role(), 0.0)));
        return spent;
    }
}
