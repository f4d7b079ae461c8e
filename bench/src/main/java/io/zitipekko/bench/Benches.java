package io.zitipekko.bench;

import io.zitipekko.bench.data.DialBench;
import io.zitipekko.bench.data.RoundTripBench;
import io.zitipekko.bench.data.ThroughputBench;
import java.util.List;
import java.util.stream.Collectors;

/** All benches, in the order in which they run. */
final class Benches {
    static final List<Bench> ALL = List.of(new ThroughputBench(), new RoundTripBench(), new DialBench());

    private Benches() {}

    /** Those of these names; all for none. @throws IllegalArgumentException when there is none of a name */
    static List<Bench> named(List<String> names) {
        return names.isEmpty() ? ALL : names.stream().map(Benches::named).toList();
    }

    private static Bench named(String name) {
        return ALL.stream()
                .filter(bench -> bench.name().equals(name))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("bench '" + name + "' (expected: "
                        + ALL.stream().map(Bench::name).collect(Collectors.joining(", ")) + ")"));
    }
}
