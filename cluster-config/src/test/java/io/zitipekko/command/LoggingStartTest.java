package io.zitipekko.command;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
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
