package io.zitipekko.command;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.LoggerFactory;

/** A command's standard error holds nothing but its errors, whichever of its threads logs first. */
final class LoggingStartTest {
    private static final int THREADS = 16;

    @Test
    void threadsThatLogAtTheSameTimeMakeNoNoiseOnStandardError(@TempDir Path folder) throws Exception {
        Path errors = folder.resolve("errors");
        Process process = new ProcessBuilder(
                        ProcessHandle.current().info().command().orElseThrow(),
                        "-cp",
                        System.getProperty("java.class.path"),
                        ManyThreads.class.getName())
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .redirectError(errors.toFile())
                .start();

        assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
        assertThat(process.exitValue()).isZero();
        assertThat(Files.readString(errors, StandardCharsets.UTF_8)).isEmpty();
    }

    @Test
    void onlyAQuickstartKeepsWhatNodesLogToItself(@TempDir Path folder) throws Exception {
        assertThat(levelAfter("quickstart", folder)).isEqualTo("WARN");
        assertThat(levelAfter("router", folder)).isEqualTo("INFO");
    }

    private static String levelAfter(String command, Path folder) throws Exception {
        Path said = folder.resolve(command);
        ProcessBuilder builder = new ProcessBuilder(
                        ProcessHandle.current().info().command().orElseThrow(),
                        // The nodes' own configuration, not the one of tests.
                        "-Dlogback.configurationFile=logback.xml",
                        "-cp",
                        System.getProperty("java.class.path"),
                        LevelOf.class.getName(),
                        command)
                .redirectOutput(said.toFile())
                .redirectError(ProcessBuilder.Redirect.DISCARD);
        builder.environment().remove("ZITI_PEKKO_LOG");
        Process process = builder.start();
        assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
        List<String> lines = Files.readAllLines(said, StandardCharsets.UTF_8);
        return lines.get(lines.size() - 1);
    }

    /** What runs in a process of its own: says which level a node's lines have after a command. */
    static final class LevelOf {
        private LevelOf() {}

        public static void main(String[] args) {
            Main.main(new String[] {args[0], "--help"});
            System.out.println(LoggerFactory.getLogger("io.zitipekko.node").isInfoEnabled() ? "INFO" : "WARN");
        }
    }

    /** What runs in the process of its own. */
    static final class ManyThreads {
        private ManyThreads() {}

        public static void main(String[] args) {
            Main.main(new String[] {"--version"});
            CyclicBarrier together = new CyclicBarrier(THREADS);
            for (int i = 0; i < THREADS; i++) {
                String name = "logger-" + i;
                new Thread(() -> log(together, name)).start();
            }
        }

        private static void log(CyclicBarrier together, String name) {
            try {
                together.await();
            } catch (Exception e) {
                throw new IllegalStateException(e);
            }
            LoggerFactory.getLogger(name).trace("first line");
        }
    }
}
