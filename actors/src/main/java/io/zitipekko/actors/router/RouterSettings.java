package io.zitipekko.actors.router;

import io.zitipekko.actors.model.id.RouterId;
import io.zitipekko.transport.address.TransportAddress;
import io.zitipekko.transport.channel.ChannelOptions;
import io.zitipekko.transport.identity.Identity;
import io.zitipekko.transport.xgress.XgressOptions;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * All that a running router needs to know, checked already (protocol/07 sections 10 to 14).
 *
 * @param id who it is: the common name of its client certificate
 * @param identity its certificates and keys as they are now; read again at each use, so that a renewed one takes hold
 * @param version the text of book 01 section 5 that it reports, at least 1.6.6 so that peers link with several underlays
 * @param controllers where its controllers are
 * @param link how it links with other routers
 * @param edge its SDK-facing side; absent for a router that only forwards
 * @param transport how it dials {@code transport} terminators
 * @param forwarder times and bounds of the data plane
 * @param csr what it asks for when it renews its certificates
 * @param dataDir what it keeps across restarts: controller addresses, data model
 * @param metricsInterval between two reports to the controllers
 */
public record RouterSettings(
        RouterId id,
        Supplier<Identity> identity,
        String version,
        Controllers controllers,
        Links link,
        Optional<Edge> edge,
        TransportDial transport,
        Forwarding forwarder,
        Csr csr,
        Path dataDir,
        Duration metricsInterval) {
    public RouterSettings {
        Objects.requireNonNull(id, "id");
        Objects.requireNonNull(identity, "identity");
        Objects.requireNonNull(edge, "edge");
    }

    /**
     * @param endpoints first addresses to try; the endpoints file wins once it has some
     * @param endpointsFile where addresses announced by controllers are kept
     * @param options of the control channels
     * @param requestTimeout of requests that say nothing else
     * @param startupTimeout without any controller for so long after the start the router gives up; zero waits for ever
     */
    public record Controllers(
            List<TransportAddress> endpoints,
            Path endpointsFile,
            ChannelOptions options,
            Duration requestTimeout,
            Duration startupTimeout) {
        public Controllers {
            endpoints = List.copyOf(endpoints);
        }
    }

    /** Where others link to us and how we link to them. No listeners: nobody can; no dialers: we never do. */
    public record Links(List<LinkListener> listeners, List<LinkDialer> dialers) {
        public Links {
            listeners = List.copyOf(listeners);
            dialers = List.copyOf(dialers);
        }
    }

    /**
     * @param bind address to listen at
     * @param advertise address given to peers
     * @param localBinding interface name, part of link keys; may be empty
     * @param groups links form between a dialer and a listener that share one
     */
    public record LinkListener(
            TransportAddress bind,
            TransportAddress advertise,
            String localBinding,
            List<String> groups,
            ChannelOptions options) {
        public LinkListener {
            groups = List.copyOf(groups);
        }
    }

    /**
     * @param localBinding interface name, part of link keys; may be empty
     * @param maxDefaultConnections 1..100
     * @param maxAckConnections 0..100
     * @param healthy delays between dials of a router that is up
     * @param unhealthy the same for one that is reported down
     */
    public record LinkDialer(
            String localBinding,
            List<String> groups,
            boolean split,
            int maxDefaultConnections,
            int maxAckConnections,
            Duration startupDelay,
            Backoff healthy,
            Backoff unhealthy,
            ChannelOptions options) {
        /** Protocol/04 section 1.11's values. */
        public static final LinkDialer DEFAULT = new LinkDialer(
                "",
                List.of("default"),
                true,
                3,
                1,
                Duration.ofSeconds(3),
                Backoff.HEALTHY,
                Backoff.UNHEALTHY,
                ChannelOptions.LINK);

        public LinkDialer {
            groups = List.copyOf(groups);
        }
    }

    /** Delay = clamp(delay · max(1, factor ± 0.5 random), min, max). */
    public record Backoff(Duration min, Duration max, double factor) {
        public static final Backoff HEALTHY = new Backoff(Duration.ofSeconds(5), Duration.ofMinutes(5), 1.5);
        public static final Backoff UNHEALTHY = new Backoff(Duration.ofMinutes(1), Duration.ofHours(1), 10);
    }

    /**
     * @param listeners at least one
     * @param apiSessionHeartbeat how often live legacy API sessions are reported, 10 to 60 s
     * @param sessionValidation how service sessions are asked for after a reconnect
     */
    public record Edge(
            List<EdgeListener> listeners, Duration apiSessionHeartbeat, SessionValidation sessionValidation) {
        public Edge {
            listeners = List.copyOf(listeners);
        }
    }

    /**
     * @param bind address to listen at
     * @param advertise what SDKs are told to dial
     * @param options of the edge channels
     * @param lookupApiSessionTimeout how long a Hello's token may be unknown before its channel is closed
     * @param dialTimeout how long a hosting SDK may take to answer a Dial
     * @param xgress of the circuits that end in its connections
     */
    public record EdgeListener(
            TransportAddress bind,
            TransportAddress advertise,
            ChannelOptions options,
            Duration lookupApiSessionTimeout,
            Duration dialTimeout,
            XgressOptions xgress) {
        /** With protocol/02's times. */
        public static EdgeListener of(TransportAddress bind, TransportAddress advertise) {
            return new EdgeListener(
                    bind,
                    advertise,
                    ChannelOptions.EDGE,
                    Duration.ofSeconds(5),
                    Duration.ofSeconds(5),
                    XgressOptions.DEFAULTS);
        }
    }

    /** Chunks of {@code chunkSize} with random pauses between the two. */
    public record SessionValidation(int chunkSize, Duration minPause, Duration maxPause) {
        public static final SessionValidation DEFAULT =
                new SessionValidation(1000, Duration.ofMillis(250), Duration.ofMillis(1500));
    }

    /**
     * @param connectTimeout of one TCP connect, bounded by the route's deadline anyway
     * @param xgress of the circuits that end in TCP connections
     */
    public record TransportDial(Duration connectTimeout, XgressOptions xgress) {
        public static final TransportDial DEFAULT = new TransportDial(Duration.ofSeconds(10), XgressOptions.DEFAULTS);
    }

    /**
     * @param faultInterval least time between two fault reports; the first goes out at once
     * @param idleInterval between two scans for idle circuits
     * @param idleCircuitTimeout idle for so long a circuit is confirmed with its controller
     * @param closeCheckInterval how often an unrouted circuit is looked at, and how long it must be idle to go
     * @param circuitTimeout how long a controller may take to create a circuit
     * @param maxDials terminators dialled at once; what comes beyond is refused
     */
    public record Forwarding(
            Duration faultInterval,
            Duration idleInterval,
            Duration idleCircuitTimeout,
            Duration closeCheckInterval,
            Duration circuitTimeout,
            int maxDials) {
        public static final Forwarding DEFAULT = new Forwarding(
                Duration.ofSeconds(1),
                Duration.ofSeconds(60),
                Duration.ofSeconds(60),
                Duration.ofSeconds(5),
                Duration.ofSeconds(30),
                1128);
    }

    /** Subject parts and alternative names of the router's certificate requests; the common name is its id. */
    public record Csr(
            String country,
            String province,
            String locality,
            String organization,
            String organizationalUnit,
            List<String> dnsNames,
            List<String> ipAddresses,
            List<String> emails,
            List<String> uris) {
        public Csr {
            dnsNames = List.copyOf(dnsNames);
            ipAddresses = List.copyOf(ipAddresses);
            emails = List.copyOf(emails);
            uris = List.copyOf(uris);
        }
    }
}
