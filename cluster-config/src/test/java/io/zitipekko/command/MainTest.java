package io.zitipekko.command;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import org.junit.jupiter.api.Test;
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
}
