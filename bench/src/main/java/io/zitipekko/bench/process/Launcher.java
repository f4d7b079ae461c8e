package io.zitipekko.bench.process;

import io.zitipekko.bench.BenchException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Starts processes as a user does, by {@code ./ziti-pekko COMMAND …}, which becomes the JVM itself.
 *
 * @param script the launcher
 * @param logs folder for what the processes log
 * @param javaOptions additional JVM options by role, e.g. of a profiler
 * @param wrappers what the command of a role begins with, e.g. to run in another network namespace
 */
public record Launcher(Path script, Path logs, Map<String, String> javaOptions, Map<String, List<String>> wrappers) {
    /** Where the launcher says that it is. */
    public static final String SCRIPT = "ZITI_PEKKO_LAUNCHER";

    public Launcher {
        javaOptions = Map.copyOf(javaOptions);
        wrappers = Map.copyOf(wrappers);
    }

    /** The same, with the commands of these roles begun so. */
    public Launcher within(List<String> wrapper, String... roles) {
        Map<String, List<String>> all = new HashMap<>(wrappers);
        for (String role : roles) {
            all.put(role, wrapper);
        }
        return new Launcher(script, logs, javaOptions, all);
    }

    /** @throws BenchException when this process was not started by the launcher */
    public static Path scriptOfThisRun() {
        String script = System.getenv(SCRIPT);
        if (script == null) {
            throw new BenchException(
                    "the bench starts further processes by the launcher: run it as './ziti-pekko bench'");
        }
        return Path.of(script);
    }

    /** Starts a process that only logs. */
    public RunningProcess start(String role, String... command) {
        ProcessBuilder builder = builder(role, command);
        builder.redirectOutput(ProcessBuilder.Redirect.appendTo(log(role).toFile()));
        return new RunningProcess(role, started(role, builder), log(role));
    }

    /** Starts a process that is told what to do. */
    public Agent startAgent(String role) {
        return new Agent(new RunningProcess(role, started(role, builder(role, "bench", "agent", role)), log(role)));
    }

    private Path log(String role) {
        return logs.resolve(role + ".log");
    }

    private ProcessBuilder builder(String role, String... command) {
        List<String> line = new ArrayList<>(wrappers.getOrDefault(role, List.of()));
        line.add(script.toString());
        line.addAll(List.of(command));
        ProcessBuilder builder = new ProcessBuilder(line);
        builder.redirectError(ProcessBuilder.Redirect.appendTo(log(role).toFile()));
        builder.environment().put("ZITI_PEKKO_NO_BUILD", "1");
        builder.environment().merge("ZITI_PEKKO_JAVA_OPTS", javaOptions.getOrDefault(role, ""), (a, b) -> a + " " + b);
        return builder;
    }

    private Process started(String role, ProcessBuilder builder) {
        try {
            Files.createDirectories(logs);
            return builder.start();
        } catch (IOException e) {
            throw new BenchException(role + " cannot be started: " + e.getMessage(), e);
        }
    }
}
