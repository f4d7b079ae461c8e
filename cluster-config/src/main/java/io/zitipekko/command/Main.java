package io.zitipekko.command;

import io.zitipekko.command.edge.EdgeCommand;
import io.zitipekko.command.pki.PkiCommand;
import io.zitipekko.command.run.ControllerCommand;
import io.zitipekko.command.run.RouterCommand;
import io.zitipekko.command.use.EnrollCommand;
import io.zitipekko.command.use.HostCommand;
import io.zitipekko.command.use.ProxyCommand;
import io.zitipekko.config.ConfigException;
import io.zitipekko.management.ManagementException;
import io.zitipekko.node.NodeException;
import io.zitipekko.pki.PkiException;
import io.zitipekko.quickstart.QuickstartCommand;
import io.zitipekko.transport.provider.NativeCryptography;
import java.io.UncheckedIOException;
import org.slf4j.LoggerFactory;
import picocli.CommandLine;
import picocli.CommandLine.Command;

/** The one entry point: {@code ziti-pekko COMMAND …}. An error is one clear line on standard error, and an exit code other than 0. */
@Command(
        name = "ziti-pekko",
        description = "A zero-trust overlay network, wire-compatible with OpenZiti.",
        mixinStandardHelpOptions = true,
        // Every command answers --help.
        scope = CommandLine.ScopeType.INHERIT,
        version = "ziti-pekko 0.1.0",
        synopsisSubcommandLabel = "COMMAND",
        subcommands = {
            QuickstartCommand.class,
            ControllerCommand.class,
            RouterCommand.class,
            PkiCommand.class,
            EdgeCommand.class,
            EnrollCommand.class,
            ProxyCommand.class,
            HostCommand.class
        })
public final class Main {
    private Main() {}

    public static void main(String[] args) {
        if (args.length > 0 && args[0].equals("quickstart")) {
            QuickstartCommand.quietenNodes();
        }
        // Before any other thread: those that come while logging is being set up would have SLF4J say so on standard
        // error.
        var unused = LoggerFactory.getILoggerFactory();
        int code = commandLine().execute(args);
        if (code != 0) {
            System.exit(code);
        }
    }

    static CommandLine commandLine() {
        CommandLine line = new CommandLine(new Main());
        line.setExecutionStrategy(parsed -> {
            try {
                NativeCryptography.install();
            } catch (IllegalArgumentException e) {
                throw new CommandLine.ParameterException(line, e.getMessage(), e);
            }
            return new CommandLine.RunLast().execute(parsed);
        });
        line.setExecutionExceptionHandler((e, command, parsed) -> {
            command.getErr().println("ziti-pekko: " + explain(e));
            if (System.getenv("ZITI_PEKKO_DEBUG") != null) {
                e.printStackTrace();
            }
            return 1;
        });
        return line;
    }

    private static String explain(Throwable e) {
        if (e instanceof CommandFailure
                || e instanceof ConfigException
                || e instanceof PkiException
                || e instanceof NodeException
                || e instanceof ManagementException
                || e instanceof UncheckedIOException
                || e instanceof IllegalArgumentException) {
            return String.valueOf(e.getMessage());
        }
        return e + " (set ZITI_PEKKO_DEBUG=1 for the stack trace)";
    }
}
