package io.zitipekko.bench.path;

import io.zitipekko.bench.BenchException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** Runs one of the commands that set up Linux's network. */
final class SystemCommand {
    private SystemCommand() {}

    /** @throws BenchException with what the command said, when it fails */
    static void run(String... line) {
        run(List.of(), line);
    }

    /** The same, begun with other words. */
    static void run(List<String> first, String... rest) {
        List<String> line = new ArrayList<>(first);
        line.addAll(List.of(rest));
        try {
            Process process = new ProcessBuilder(line).redirectErrorStream(true).start();
            String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            if (process.waitFor() != 0) {
                throw new BenchException(String.join(" ", line) + ": " + said.strip());
            }
        } catch (IOException e) {
            throw new BenchException(
                    "'" + line.get(0) + "' cannot be run: " + e.getMessage() + " (expected: iproute2)", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new BenchException("interrupted", e);
        }
    }
}
