package io.zitipekko.bench.process;

import io.zitipekko.bench.BenchException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The live heap of a JVM, by the JDK's {@code jcmd}. */
public final class HeapMeter {
    private static final Pattern TOTAL = Pattern.compile("(?m)^Total\\s+\\d+\\s+(\\d+)\\s*$");

    private HeapMeter() {}

    /** Bytes of all objects that are reachable; collects garbage first. */
    public static long liveBytes(RunningProcess process) {
        Path jcmd = Path.of(System.getProperty("java.home"), "bin", "jcmd");
        if (!Files.isExecutable(jcmd)) {
            throw new BenchException(jcmd + " is missing (expected: a JDK, not only a run-time)");
        }
        try {
            Process running = new ProcessBuilder(jcmd.toString(), Long.toString(process.pid()), "GC.class_histogram")
                    .redirectErrorStream(true)
                    .start();
            String text = new String(running.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            Matcher total = TOTAL.matcher(text);
            if (!total.find()) {
                throw new BenchException("the heap of " + process.role() + " cannot be read: "
                        + text.lines().findFirst().orElse("jcmd said nothing"));
            }
            return Long.parseLong(total.group(1));
        } catch (IOException e) {
            throw new BenchException("jcmd cannot be run: " + e.getMessage(), e);
        }
    }
}
