package io.zitipekko.command.run;

import io.zitipekko.actors.router.RouterSettings;
import io.zitipekko.command.CommandFailure;
import io.zitipekko.config.RouterFile;
import io.zitipekko.config.RouterFileReader;
import io.zitipekko.node.RouterEnrollment;
import io.zitipekko.node.RouterNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code router enroll FILE --jwt TOKEN} and {@code router run FILE}. */
@Command(
        name = "router",
        description = "Enroll a router, or run it.",
        subcommands = {RouterCommand.Enroll.class, RouterCommand.Run.class})
public final class RouterCommand {
    private RouterCommand() {}

    @Command(name = "enroll", description = "Get a router's certificates with its one-time token.")
    static final class Enroll implements Callable<Integer> {
        @Parameters(paramLabel = "CONFIG.yml", description = "The router's file, in OpenZiti's schema.")
        Path file = Path.of("");

        @Option(
                names = {"-j", "--jwt"},
                required = true,
                description = "File with the enrolment token.")
        Path jwt = Path.of("");

        @Override
        public Integer call() {
            RouterFile config = RouterFileReader.readForEnrollment(file);
            String token;
            try {
                token = Files.readString(jwt).strip();
            } catch (IOException e) {
                throw new CommandFailure("--jwt " + jwt + " cannot be read: " + e.getMessage(), e);
            }
            String id = RouterEnrollment.enroll(config, token);
            System.out.println("router " + id + " is enrolled; start it with: ziti-pekko router run " + file);
            return 0;
        }
    }

    @Command(name = "run", description = "Run a router from its file, in the foreground.")
    static final class Run implements Callable<Integer> {
        private static final Logger LOG = LoggerFactory.getLogger(Run.class);

        @Parameters(paramLabel = "CONFIG.yml", description = "The router's file, in OpenZiti's schema.")
        Path file = Path.of("");

        @Override
        public Integer call() {
            List<String> warnings = new ArrayList<>();
            RouterSettings settings = RouterFileReader.readForRun(file, warnings);
            warnings.forEach(LOG::warn);
            RouterNode node = Foreground.await(RouterNode.start(settings, Clock.systemUTC()));
            LOG.info(
                    "router {} listens at {}",
                    settings.id(),
                    node.running().listeners().keySet());
            return Foreground.untilStopped(node::stop, node.ended());
        }
    }
}
