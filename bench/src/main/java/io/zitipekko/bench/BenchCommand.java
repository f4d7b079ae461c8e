package io.zitipekko.bench;

import io.zitipekko.bench.agent.AgentCommand;
import io.zitipekko.bench.process.Launcher;
import io.zitipekko.bench.report.Progress;
import io.zitipekko.bench.report.Report;
import io.zitipekko.bench.revocation.RevocationBench;
import io.zitipekko.node.NodeException;
import io.zitipekko.transport.provider.NativeCryptography;
import java.io.IOException;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code bench}: measures, prints every figure beside its floor, and ends with a code other than 0 when one could not be taken. */
@Command(
        name = "ziti-pekko bench",
        description = "Measure a network, each part in a process of its own.",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        subcommands = {AgentCommand.class, JmhCommand.class})
public final class BenchCommand implements Callable<Integer> {
    @Parameters(
            arity = "0..*",
            paramLabel = "BENCH",
            description =
                    "Which: startup, throughput, rtt, dial, login, memory, bind, write, list, revocation, crowd, restart,"
                            + " scale, slow-reader, delay (default: all)."
                            + " 'jmh [PATTERN]' runs the microbenchmarks.")
    List<String> names = List.of();

    @Option(names = "--quick", description = "Seconds in place of minutes: proves that figures can be taken, no more.")
    boolean quick;

    @Option(names = "--rounds", description = "Counted rounds of each figure (default: 5).")
    @Nullable
    Integer rounds;

    @Option(names = "--seconds", description = "Length of a round that counts operations (default: 2).")
    @Nullable
    Double seconds;

    @Option(names = "--bytes", description = "Bytes that a throughput round moves, all circuits together.")
    @Nullable
    Long bytes;

    @Option(names = "--warmup", description = "Seconds of warm-up before the first figure of a bench (default: 10).")
    @Nullable
    Double warmup;

    @Option(names = "--services", description = "Services in the model, for lists (default: 10000).")
    @Nullable
    Integer services;

    @Option(names = "--identities", description = "Identities in the model, for lists (default: 10000).")
    @Nullable
    Integer identities;

    @Option(names = "--writes", description = "Entities that a round creates (default: 1000).")
    @Nullable
    Integer writes;

    @Option(names = "--circuits", description = "Circuits that are held open (default: 1000).")
    @Nullable
    Integer circuits;

    @Option(names = "--victims", description = "How often each kind of revocation is measured (default: 40).")
    @Nullable
    Integer victims;

    @Option(
            names = "--kinds",
            split = ",",
            description = "Only these kinds of revocation, e.g. session,router (default: all).")
    List<String> kinds = List.of();

    @Option(names = "--json", description = "One JSON object a line per figure, in place of the table.")
    boolean json;

    @Option(names = "--save", description = "Also write the JSON lines to this file.")
    @Nullable
    Path save;

    @Option(names = "--compare", description = "Show the change against an earlier run's JSON lines.")
    @Nullable
    Path compare;

    @Option(
            names = "--java-opts",
            paramLabel = "ROLE=OPTIONS",
            description = "JVM options for one process, e.g."
                    + " router-a=-XX:StartFlightRecording=filename=/tmp/a.jfr. Roles: controller, router-a, router-b,"
                    + " client, host, and those of the floors. May be repeated.")
    Map<String, String> javaOptions = new LinkedHashMap<>();

    @Option(names = "--home", description = "Folder for node files and logs; kept. Default: a temporary one.")
    @Nullable
    Path home;

    @Option(names = "--charts", description = "Folder for the curves of 'scale' (default: docs/charts).")
    @Nullable
    Path charts;

    @Option(names = "--port-base", description = "First of the network's ports (default: any that are free).")
    int portBase;

    @Override
    public Integer call() throws IOException {
        List<Bench> chosen = Benches.named(names);
        RevocationBench.requireKinds(kinds);
        Map<String, Double> earlier = compare == null ? Map.of() : Report.readMedians(compare);
        Path folder = home == null
                ? Files.createTempDirectory("ziti-pekko-bench-")
                : Files.createDirectories(home).toAbsolutePath();
        Launcher launcher = new Launcher(Launcher.scriptOfThisRun(), folder.resolve("logs"), javaOptions, Map.of());
        // The nodes' files are made here, too: their lines belong to the log, not between the figures.
        PrintStream figures = System.out;
        Report report = new Report(figures, json, earlier);
        Progress progress = new Progress(System.err);
        try (Setting setting =
                new Setting(sizes(), report, progress, launcher, folder, charts(folder), portBase, kinds)) {
            Thread stop = new Thread(setting::close, "stop");
            Runtime.getRuntime().addShutdownHook(stop);
            for (Bench bench : chosen) {
                run(bench, setting);
            }
            Runtime.getRuntime().removeShutdownHook(stop);
        }
        if (save != null) {
            report.save(save);
        }
        if (home == null && report.complete()) {
            delete(folder);
        } else {
            progress.say("files and logs are in %s", folder);
        }
        return report.complete() ? 0 : 1;
    }

    private Path charts(Path folder) {
        if (charts != null) {
            return charts;
        }
        // A quick run's curves mean nothing: they are not for the documentation.
        return quick
                ? folder.resolve("charts")
                : Launcher.scriptOfThisRun().resolveSibling("docs").resolve("charts");
    }

    private static void run(Bench bench, Setting setting) {
        String why = "it was not measured";
        try {
            setting.progress().say("%s: %s", bench.name(), bench.description());
            bench.run(setting);
        } catch (Exception e) {
            why = e instanceof BenchException
                    ? String.valueOf(e.getMessage())
                    : NodeException.rootMessage(NodeException.unwrapped(e));
            setting.progress().say("%s: FAILED: %s", bench.name(), why);
            if (System.getenv("ZITI_PEKKO_DEBUG") != null) {
                throw new IllegalStateException(e);
            }
        }
        for (String figure : bench.figures(setting)) {
            if (!setting.report().has(figure)) {
                setting.report().missing(figure, why);
            }
        }
    }

    private Sizes sizes() {
        Sizes base = quick ? Sizes.QUICK : Sizes.FULL;
        return new Sizes(
                rounds == null ? base.rounds() : rounds,
                warmup == null ? base.warmup() : duration(warmup),
                seconds == null ? base.round() : duration(seconds),
                bytes == null ? base.bytes() : bytes,
                services == null ? base.services() : services,
                identities == null ? base.identities() : identities,
                writes == null ? base.writes() : writes,
                circuits == null ? base.circuits() : circuits,
                victims == null ? base.victims() : victims);
    }

    private static Duration duration(double seconds) {
        return Duration.ofMillis(Math.round(seconds * 1_000));
    }

    private static void delete(Path folder) {
        try {
            Files.walkFileTree(folder, new SimpleFileVisitor<>() {
                @Override
                public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
                    Files.deleteIfExists(file);
                    return FileVisitResult.CONTINUE;
                }

                @Override
                public FileVisitResult postVisitDirectory(Path directory, @Nullable IOException failure)
                        throws IOException {
                    Files.deleteIfExists(directory);
                    return FileVisitResult.CONTINUE;
                }
            });
        } catch (IOException e) {
            throw new UncheckedIOException("cannot remove " + folder + ": " + e.getMessage(), e);
        }
    }

    public static void main(String[] args) {
        if (System.getenv("ZITI_PEKKO_LOG") == null) {
            // What this process does itself is told by its progress; nodes log to their files, at their own level.
            System.setProperty("ZITI_PEKKO_LOG", "WARN");
        }
        // As nodes do, and as an application of the SDK is advised to; the floors of this very process are to be
        // comparable.
        NativeCryptography.install();
        CommandLine line = new CommandLine(new BenchCommand());
        // They are JMH's own, not ours.
        line.getSubcommands().get("jmh").setUnmatchedOptionsArePositionalParams(true);
        line.setExecutionExceptionHandler((e, command, parsed) -> {
            System.err.println("ziti-pekko: " + e.getMessage());
            return 2;
        });
        System.exit(line.execute(args));
    }
}
