package io.zitipekko.config;

import io.zitipekko.actors.controller.ControllerSettings;
import io.zitipekko.actors.event.output.EventOutputSettings;
import io.zitipekko.transport.identity.Identity;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;

/**
 * A controller's node file, read and checked (protocol/07 sections 3 to 9).
 *
 * @param settings of the controller
 * @param dataDir folder of the model log: {@code cluster.dataDir}, or the path that {@code db} names
 * @param web the HTTP servers
 * @param cluster the Pekko cluster, our own section {@code pekko}
 * @param events what is written of what happens, and where
 * @param warnings one line for each key that has no effect here
 */
public record ControllerFile(
        ControllerSettings settings,
        Path dataDir,
        List<WebServer> web,
        Cluster cluster,
        List<EventOutputSettings> events,
        List<String> warnings) {

    /**
     * One HTTP server: several addresses, one set of APIs.
     *
     * @param identity its certificates; the node's own unless the file gives others
     * @param bindings names of its APIs, e.g. {@code edge-client}
     */
    public record WebServer(
            String name,
            List<BindPoint> bindPoints,
            Supplier<Identity> identity,
            Set<String> bindings,
            Timeouts timeouts) {}

    /**
     * @param bindHost interface to listen on
     * @param bindPort its port
     * @param address what clients are told, {@code host:port}
     */
    public record BindPoint(String bindHost, int bindPort, String address) {}

    /** How long a client may take to send, may stay silent, and an answer may take. */
    public record Timeouts(Duration read, Duration idle, Duration write) {}

    /**
     * @param host address of this member for the others; empty for a lone controller
     * @param port its port, 0 for any
     * @param seeds addresses {@code host:port} of the members to join, this one among them
     */
    public record Cluster(Optional<String> host, int port, List<String> seeds) {
        public static final Cluster LONE = new Cluster(Optional.empty(), 0, List.of());

        /** The seeds that are not this member itself. */
        public List<String> others() {
            String own = host.orElse("") + ":" + port;
            return seeds.stream().filter(seed -> !seed.equals(own)).toList();
        }
    }
}
