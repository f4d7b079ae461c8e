package io.zitipekko.command.use;

import io.zitipekko.command.CommandFailure;
import io.zitipekko.command.run.Foreground;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.apache.pekko.stream.javadsl.Flow;
import org.apache.pekko.stream.javadsl.Sink;
import org.apache.pekko.stream.javadsl.Tcp;
import org.apache.pekko.util.ByteString;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code proxy SERVICE:PORT}: every connection to a local port becomes a connection to a service. */
@Command(name = "proxy", description = "Offer services at local ports.")
public final class ProxyCommand implements Callable<Integer> {
    private static final Logger LOG = LoggerFactory.getLogger(ProxyCommand.class);

    @Parameters(arity = "1..*", paramLabel = "SERVICE:PORT", description = "Service and the local port to offer it at.")
    List<String> services = List.of();

    @Option(
            names = {"-i", "--identity"},
            required = true,
            description = "Identity file.")
    Path identity = Path.of("");

    @Option(names = "--bind", description = "Local address (default: ${DEFAULT-VALUE}).")
    String bind = "127.0.0.1";

    private record Offered(String service, int port) {}

    @Override
    public Integer call() {
        List<Offered> offers = new ArrayList<>();
        services.forEach(s -> offers.add(parse(s)));
        Applications app = Applications.connect(identity);
        for (Offered o : offers) {
            Tcp.ServerBinding bound = Foreground.await(Tcp.get(app.system())
                    .bind(bind, o.port(), 100, java.util.List.of(), true, java.util.Optional.empty())
                    .to(Sink.foreach(connection -> connection.handleWith(toService(app, o.service()), app.system())))
                    .run(app.system()));
            LOG.info("service {} is offered at {}", o.service(), bound.localAddress());
        }
        return Foreground.untilStopped(() -> {
            app.system().terminate();
            return app.system().getWhenTerminated();
        });
    }

    private static Flow<ByteString, ByteString, ?> toService(Applications app, String service) {
        return app.ziti().outgoingConnection(service).mapMaterializedValue(connected -> {
            connected.whenComplete((connection, failure) -> {
                if (failure != null) {
                    LOG.warn("{}: {}", service, failure.getMessage());
                } else {
                    LOG.info("{}: circuit {} over router {}", service, connection.circuitId(), connection.router());
                }
            });
            return connected;
        });
    }

    private static Offered parse(String text) {
        int colon = text.lastIndexOf(':');
        try {
            if (colon > 0) {
                int port = Integer.parseInt(text.substring(colon + 1));
                if (port >= 0 && port <= 65535) {
                    return new Offered(text.substring(0, colon), port);
                }
            }
        } catch (NumberFormatException e) {
            throw new CommandFailure("'" + text + "' (expected: SERVICE:PORT, e.g. echo:9090)", e);
        }
        throw new CommandFailure("'" + text + "' (expected: SERVICE:PORT, e.g. echo:9090)");
    }
}
