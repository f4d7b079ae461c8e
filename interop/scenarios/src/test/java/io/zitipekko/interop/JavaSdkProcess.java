package io.zitipekko.interop;

import static org.awaitility.Awaitility.await;

import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** A JVM of its own with OpenZiti's Java SDK as its authors ship it, running the driver of {@code interop/java-sdk-driver}. */
final class JavaSdkProcess implements AutoCloseable {
    private static final Path DRIVER = Path.of("..", "java-sdk-driver", "target");

    private final Process process;
    private final List<String> lines = new CopyOnWriteArrayList<>();

    private final Thread reader;

    private JavaSdkProcess(Process process, String command) {
        this.process = process;
        this.reader = new Thread(this::read, "java-sdk-" + command);
        reader.setDaemon(true);
    }

    /** Starts the driver with one of its commands. */
    static JavaSdkProcess start(String... command) {
        if (!Files.isDirectory(DRIVER.resolve("sdk"))) {
            throw new IllegalStateException(DRIVER.toAbsolutePath().normalize()
                    + " has no 'sdk' folder: build interop/java-sdk-driver first (mvn -pl interop/scenarios -am …)");
        }
        List<String> line = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "--add-opens",
                "java.base/java.net=ALL-UNNAMED",
                "-Xmx256m",
                "-XX:+UseSerialGC",
                "-cp",
                DRIVER.resolve("classes") + File.pathSeparator + DRIVER.resolve("sdk") + File.separator + "*",
                "io.zitipekko.interop.driver.JavaSdkDriver"));
        line.addAll(List.of(command));
        try {
            JavaSdkProcess started = new JavaSdkProcess(
                    new ProcessBuilder(line).redirectErrorStream(true).start(), command[0]);
            started.reader.start();
            return started;
        } catch (IOException e) {
            throw new UncheckedIOException("cannot start " + line.get(0), e);
        }
    }

    private void read() {
        try (BufferedReader out = process.inputReader()) {
            for (String line = out.readLine(); line != null; line = out.readLine()) {
                lines.add(line);
            }
        } catch (IOException e) {
            lines.add("(reading its output ended: " + e.getMessage() + ")");
        }
    }

    /** Waits for a line that starts so, and returns it. Fails with everything it said when it ends or is too slow. */
    String awaitLine(String prefix, Duration patience) {
        return awaitLines(prefix, 1, patience).get(0);
    }

    /** Waits for so many lines that start so. */
    List<String> awaitLines(String prefix, int count, Duration patience) {
        await("'" + prefix + "' from the Java SDK")
                .atMost(patience)
                .pollInterval(Duration.ofMillis(50))
                .until(() -> lines(prefix).size() >= count || !process.isAlive());
        if (!process.isAlive()) {
            awaitRest();
        }
        List<String> found = lines(prefix);
        if (found.size() < count) {
            throw new AssertionError("the Java SDK ended (code " + process.exitValue() + ") after " + found.size()
                    + " of " + count + " lines '" + prefix + "'; it said:\n" + String.join("\n", lines));
        }
        return found;
    }

    private void awaitRest() {
        try {
            reader.join(5_000);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError("interrupted while reading the Java SDK's output", e);
        }
    }

    List<String> lines(String prefix) {
        return lines.stream().filter(l -> l.startsWith(prefix)).toList();
    }

    /** Everything it said so far. */
    String output() {
        return String.join("\n", lines);
    }

    /** Types a line. */
    void type(String line) {
        try {
            process.outputWriter().write(line + "\n");
            process.outputWriter().flush();
        } catch (IOException e) {
            throw new UncheckedIOException("the Java SDK's process takes no input", e);
        }
    }

    @Override
    public void close() {
        process.destroyForcibly();
    }
}
