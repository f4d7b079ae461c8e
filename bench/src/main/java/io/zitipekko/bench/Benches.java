package io.zitipekko.bench;

import io.zitipekko.bench.control.BindBench;
import io.zitipekko.bench.control.ListBench;
import io.zitipekko.bench.control.LoginBench;
import io.zitipekko.bench.control.ManyIdentitiesBench;
import io.zitipekko.bench.control.MemoryBench;
import io.zitipekko.bench.control.RestartBench;
import io.zitipekko.bench.control.StartupBench;
import io.zitipekko.bench.control.WriteBench;
import io.zitipekko.bench.data.DialBench;
import io.zitipekko.bench.data.RoundTripBench;
import io.zitipekko.bench.data.ThroughputBench;
import io.zitipekko.bench.path.DelayBench;
import io.zitipekko.bench.revocation.CrowdBench;
import io.zitipekko.bench.revocation.RevocationBench;
import io.zitipekko.bench.scale.ScaleBench;
import io.zitipekko.bench.scale.SlowReaderBench;
import java.util.List;
import java.util.stream.Collectors;

/** All benches, in the order in which they run. */
final class Benches {
    // Those that enlarge the model come last.
    static final List<Bench> ALL = List.of(
            new StartupBench(),
            new ThroughputBench(),
            new RoundTripBench(),
            new DialBench(),
            new LoginBench(),
            new MemoryBench(),
            new BindBench(),
            new WriteBench(),
            new ListBench(),
            new RevocationBench(),
            new CrowdBench(),
            new RestartBench(),
            new ScaleBench(),
            new SlowReaderBench(),
            new ManyIdentitiesBench(),
            new DelayBench());

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
