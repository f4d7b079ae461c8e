package io.zitipekko.command.use;

import io.zitipekko.command.CommandFailure;
import io.zitipekko.command.run.Foreground;
import io.zitipekko.sdk.host.ServiceBinding;
import io.zitipekko.transport.address.TransportAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.apache.pekko.stream.javadsl.Sink;
import org.apache.pekko.stream.javadsl.Tcp;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code host SERVICE ADDR}: every connection to a service becomes a TCP connection to an address. */
@Command(name = "host", description = "Host a service: hand its connections to a TCP address.")
public final class HostCommand implements Callable<Integer> {
    private static final Logger LOG = LoggerFactory.getLogger(HostCommand.class);

    @Parameters(index = "0", paramLabel = "SERVICE", description = "Service to host.")
    String service = "";

    @Parameters(index = "1", paramLabel = "HOST:PORT", description = "Where its connections go, e.g. localhost:80.")
    String address = "";

    @Option(
            names = {"-i", "--identity"},
            required = true,
            description = "Identity file.")
    Path identity = Path.of("");

    @Override
    public Integer call() {
        TransportAddress to;
        try {
            to = TransportAddress.parse("tcp:" + address);
        } catch (IllegalArgumentException e) {
            throw new CommandFailure("'" + address + "' (expected: HOST:PORT, e.g. localhost:80)", e);
        }
        Applications app = Applications.connect(identity);
        ServiceBinding binding = Foreground.await(app.ziti()
                .bind(service)
                .to(Sink.foreach(connection -> {
                    LOG.info(
                            "{}: circuit {} from {}",
                            service,
                            connection.circuitId(),
                            connection.dialerIdentityName().orElse("?"));
                    connection.handleWith(
                            Tcp.get(app.system())
                                    .outgoingConnection(
                                            InetSocketAddress.createUnresolved(to.host(), to.port()),
                                            Optional.empty(),
                                            java.util.List.of(),
                                            true,
                                            Optional.empty(),
                                            Optional.empty()),
                            app.system());
                }))
                .run(app.system()));
        LOG.info("service {} is hosted over {}", service, binding.routers());
        return Foreground.untilStopped(
                () -> binding.unbind().thenCompose(d -> {
                    app.system().terminate();
                    return app.system().getWhenTerminated();
                }),
                binding.whenUnbound());
    }
}
