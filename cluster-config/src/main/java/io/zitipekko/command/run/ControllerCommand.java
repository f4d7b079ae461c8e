package io.zitipekko.command.run;

import io.zitipekko.command.CommandFailure;
import io.zitipekko.config.ControllerFile;
import io.zitipekko.config.ControllerFileReader;
import io.zitipekko.node.ControllerInit;
import io.zitipekko.node.ControllerNode;
import java.io.Console;
import java.nio.file.Path;
import java.time.Clock;
import java.util.concurrent.Callable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code controller run FILE} and {@code controller edge init FILE -u USER -p PASS}. */
@Command(
        name = "controller",
        description = "Run a controller, or make its store.",
        subcommands = {ControllerCommand.Run.class, ControllerCommand.Edge.class})
public final class ControllerCommand {
    private ControllerCommand() {}

    @Command(name = "run", description = "Run a controller from its file, in the foreground.")
    static final class Run implements Callable<Integer> {
        private static final Logger LOG = LoggerFactory.getLogger(Run.class);

        @Parameters(paramLabel = "CONFIG.yml", description = "The controller's file, in OpenZiti's schema.")
        Path file = Path.of("");

        @Override
        public Integer call() {
            ControllerFile config = ControllerFileReader.read(file);
            config.warnings().forEach(LOG::warn);
            ControllerNode node = Foreground.await(ControllerNode.start(config, Clock.systemUTC()));
            if (!node.hasAdministrator()) {
                Foreground.await(node.stop());
                throw new CommandFailure(
                        "this controller has no administrator yet: run 'ziti-pekko controller edge init " + file
                                + " -u USER -p PASSWORD' first");
            }
            LOG.info(
                    "controller {} is ready: API at https://{}, routers at {}",
                    config.settings().nodeId(),
                    config.settings().edgeApi().hostAndPort(),
                    config.settings().control().advertise());
            return Foreground.untilStopped(node::stop);
        }
    }

    @Command(
            name = "edge",
            description = "The controller's edge.",
            subcommands = {Init.class})
    static final class Edge {}

    @Command(
            name = "init",
            description = "Make the store and its first administrator, with the controller not running.")
    static final class Init implements Callable<Integer> {
        @Parameters(paramLabel = "CONFIG.yml", description = "The controller's file, in OpenZiti's schema.")
        Path file = Path.of("");

        @Option(
                names = {"-u", "--username"},
                description = "User name, 4 to 100 characters; asked for when absent.")
        String user = "";

        @Option(
                names = {"-p", "--password"},
                description = "Password, 5 to 100 characters; asked for when absent.")
        String password = "";

        @Option(
                names = {"-n", "--name"},
                description = "Name of the identity (default: ${DEFAULT-VALUE}).")
        String name = ControllerInit.DEFAULT_NAME;

        @Override
        public Integer call() {
            if (user.isEmpty()) {
                user = ask("user name: ", false);
            }
            if (password.isEmpty()) {
                password = ask("password: ", true);
            }
            Foreground.await(
                    ControllerInit.init(ControllerFileReader.read(file), user, password, name, Clock.systemUTC()));
            System.out.println("initialized: administrator '" + user + "' can log in once the controller runs");
            return 0;
        }

        private static String ask(String prompt, boolean secret) {
            Console console = System.console();
            if (console == null) {
                throw new CommandFailure("no terminal to ask at: add -u USER and -p PASSWORD");
            }
            return secret ? new String(console.readPassword(prompt)) : console.readLine(prompt);
        }
    }
}
