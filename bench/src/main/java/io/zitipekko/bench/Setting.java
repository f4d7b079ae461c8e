package io.zitipekko.bench;

import io.zitipekko.bench.floor.Floors;
import io.zitipekko.bench.process.BenchNetwork;
import io.zitipekko.bench.process.Launcher;
import io.zitipekko.bench.report.Progress;
import io.zitipekko.bench.report.Report;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What all benches of a run share: sizes, report, and, made when first asked for, the floors and the network. Not thread-safe. */
public final class Setting implements AutoCloseable {
    private final Sizes sizes;
    private final Report report;
    private final Progress progress;
    private final Launcher launcher;
    private final Path folder;
    private final Path charts;
    private final int portBase;
    private final List<String> kinds;
    private @Nullable Floors floors;
    private @Nullable BenchNetwork network;
    private @Nullable String networkFailure;

    public Setting(
            Sizes sizes,
            Report report,
            Progress progress,
            Launcher launcher,
            Path folder,
            Path charts,
            int portBase,
            List<String> kinds) {
        this.sizes = sizes;
        this.report = report;
        this.progress = progress;
        this.launcher = launcher;
        this.folder = folder;
        this.charts = charts;
        this.portBase = portBase;
        this.kinds = List.copyOf(kinds);
    }

    public Sizes sizes() {
        return sizes;
    }

    public Report report() {
        return report;
    }

    public Progress progress() {
        return progress;
    }

    public Launcher launcher() {
        return launcher;
    }

    /** For files of the run; removed after it unless it is asked for. */
    public Path folder() {
        return folder;
    }

    /** The machine's floors, measured once a run. The network, when it runs already, is idle meanwhile. */
    public Floors floors() throws GeneralSecurityException {
        if (floors == null) {
            progress.say("floors: ciphers, plain TCP, an empty relay of the same hops");
            floors = Floors.measure(launcher, folder, sizes, report);
        }
        return floors;
    }

    /** The network that benches share. */
    public BenchNetwork network() {
        if (networkFailure != null) {
            throw new BenchException("there is no network: " + networkFailure);
        }
        if (network == null) {
            progress.say("network: controller, router-a, router-b, host, client");
            try {
                network = BenchNetwork.start(launcher, folder.resolve("network"), portBase);
            } catch (RuntimeException e) {
                networkFailure = e.getMessage();
                throw e;
            }
            StringBuilder pids = new StringBuilder();
            network.processes()
                    .forEach(p -> pids.append(' ').append(p.role()).append(' ').append(p.pid()));
            progress.say("network: up;%s", pids);
        }
        return network;
    }

    /** Which kinds of revocation; none for all. */
    public List<String> kinds() {
        return kinds;
    }

    /** Where curves are drawn. */
    public Path charts() {
        return charts;
    }

    @Override
    public void close() {
        if (network != null) {
            network.close();
        }
    }
}
