package io.zitipekko.command;

import static org.assertj.core.api.Assertions.assertThat;

import io.zitipekko.quickstart.FreePorts;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

class MainTest {
    @Test
    void everyCommandAnswersHelp() {
        answersHelp(Main.commandLine(), "");
    }

    private static void answersHelp(CommandLine command, String path) {
        command.getSubcommands().forEach((name, sub) -> {
            String words = path.isEmpty() ? name : path + " " + name;
            StringWriter out = new StringWriter();
            CommandLine fresh = Main.commandLine().setOut(new PrintWriter(out));

            int code = fresh.execute((words + " --help").split(" "));

            assertThat(code).as(words).isZero();
            assertThat(out.toString())
                    .as(words)
                    .contains("Usage: " + sub.getCommandSpec().qualifiedName());
            answersHelp(sub, words);
        });
    }

    @Test
    void aPasswordThatIsTooShortIsRefusedBeforeAnythingIsMade(@TempDir Path folder) throws Exception {
        Path home = folder.resolve("home");
        StringWriter err = new StringWriter();

        int code = Main.commandLine()
                .setErr(new PrintWriter(err))
                .execute(
                        "quickstart",
                        "--once",
                        "--home",
                        home.toString(),
                        "--port-base",
                        String.valueOf(FreePorts.neighbours(3)),
                        "-p",
                        "abc");

        assertThat(code).isNotZero();
        assertThat(err.toString()).contains("password of 3 characters (expected: 5 to 100)");
        try (var files = Files.walk(home)) {
            assertThat(files.filter(Files::isRegularFile)).isEmpty();
        }
    }
}
