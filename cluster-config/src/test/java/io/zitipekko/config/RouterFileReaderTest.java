package io.zitipekko.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.zitipekko.actors.model.id.RouterId;
import io.zitipekko.actors.router.RouterSettings;
import io.zitipekko.transport.address.TransportAddress;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Router files in OpenZiti's schema (protocol/07 sections 10 to 14). */
final class RouterFileReaderTest {
    @TempDir
    static Path pkiFolder;

    private static NodePki pki;

    /** What a generated file of OpenZiti looks like. */
    private static final String FULL =
            """
            v: 3
            identity:
              cert: "CERT"
              server_cert: "CERT"
              key: "KEY"
              ca: "CA"
            ctrl:
              endpoint: tls:$CTRL:6262
              heartbeats:
                closeUnresponsiveTimeout: 20s
            link:
              dialers:
                - binding: transport
                  split: false
                  groups: [west, east]
                  maxDefaultConnections: 2
                  healthyDialBackoff: {minRetryInterval: 2s, maxRetryInterval: 1m, retryBackoffFactor: 2.0}
              listeners:
                - binding: transport
                  bind: tls:0.0.0.0:10080
                  advertise: tls:localhost:10080
                  options:
                    outQueueSize: 4
            listeners:
              - binding: edge
                address: tls:0.0.0.0:3022
                options:
                  advertise: localhost:3022
                  connectTimeoutMs: 5000
                  getSessionTimeout: 60
                  txPortalMaxSize: 1048576
              - binding: tunnel
                options:
                  mode: host
            dialers:
              - binding: edge
              - binding: transport
                options:
                  connectTimeout: 3s
            edge:
              heartbeatIntervalSeconds: 30
              csr:
                country: US
                province: NC
                locality: Charlotte
                organization: NetFoundry
                organizationalUnit: Ziti
                sans:
                  dns:
                    - localhost
                  ip:
                    - "127.0.0.1"
            forwarder:
              latencyProbeInterval: 0
              xgressDialQueueLength: 500
              xgressDialWorkerCount: 64
              linkDialQueueLength: 1000
              linkDialWorkerCount: 32
              idleCircuitTimeout: 90000
            metrics:
              reportInterval: 15s
              messageQueueSize: 10
            """;

    @TempDir
    Path folder;

    private final List<String> warnings = new ArrayList<>();

    @BeforeAll
    static void makeCertificates() {
        pki = new NodePki(pkiFolder);
    }

    private Path write(String yaml) throws IOException {
        return NodePki.write(folder, "router.yml", pki.fill("r1", yaml));
    }

    private RouterSettings read(String yaml) throws IOException {
        return RouterFileReader.readForRun(write(yaml), Map.of("CTRL", "localhost")::get, warnings);
    }

    private void refused(String yaml, String... parts) {
        assertThatThrownBy(() -> read(yaml))
                .isInstanceOf(ConfigException.class)
                .satisfies(e -> assertThat(e.getMessage()).contains(parts).doesNotContain("\n"));
    }

    @Test
    void aFullFileIsRead() throws IOException {
        RouterSettings settings = read(FULL);

        assertThat(settings.id()).isEqualTo(new RouterId("r1"));
        assertThat(settings.controllers().endpoints()).containsExactly(TransportAddress.tls("localhost", 6262));
        assertThat(settings.controllers().endpointsFile()).isEqualTo(folder.resolve("endpoints.yml"));
        assertThat(settings.controllers().options().closeUnresponsive()).isEqualTo(Duration.ofSeconds(20));
        RouterSettings.LinkDialer dialer = settings.link().dialers().get(0);
        assertThat(dialer.groups()).containsExactly("west", "east");
        assertThat(dialer.split()).isFalse();
        assertThat(dialer.maxDefaultConnections()).isEqualTo(2);
        assertThat(dialer.healthy())
                .isEqualTo(new RouterSettings.Backoff(Duration.ofSeconds(2), Duration.ofMinutes(1), 2.0));
        assertThat(dialer.unhealthy()).isEqualTo(RouterSettings.Backoff.UNHEALTHY);
        RouterSettings.LinkListener listener = settings.link().listeners().get(0);
        assertThat(listener.bind()).isEqualTo(TransportAddress.tls("0.0.0.0", 10080));
        assertThat(listener.advertise()).isEqualTo(TransportAddress.tls("localhost", 10080));
        assertThat(listener.groups()).containsExactly("default");
        RouterSettings.Edge edge = settings.edge().orElseThrow();
        assertThat(edge.apiSessionHeartbeat()).isEqualTo(Duration.ofSeconds(30));
        assertThat(edge.listeners()).hasSize(1);
        assertThat(edge.listeners().get(0).advertise()).isEqualTo(TransportAddress.tls("localhost", 3022));
        assertThat(edge.listeners().get(0).xgress().windowMax()).isEqualTo(1 << 20);
        assertThat(edge.listeners().get(0).xgress().peerBuffer()).isEqualTo(1 << 20);
        assertThat(settings.transport().connectTimeout()).isEqualTo(Duration.ofSeconds(3));
        assertThat(settings.forwarder().idleCircuitTimeout()).isEqualTo(Duration.ofSeconds(90));
        assertThat(settings.metricsInterval()).isEqualTo(Duration.ofSeconds(15));
        assertThat(settings.csr().country()).isEqualTo("US");
        assertThat(settings.csr().dnsNames()).containsExactly("localhost");
        assertThat(settings.csr().ipAddresses()).containsExactly("127.0.0.1");
    }

    @Test
    void whatHasNoEffectIsAWarningThatNamesIt() throws IOException {
        read(FULL.replace("heartbeatIntervalSeconds: 30", "heartbeatIntervalSeconds: 5") + "colour: red\n");

        assertThat(warnings)
                .anyMatch(w -> w.contains("colour has no effect"))
                .anyMatch(w -> w.contains("metrics.messageQueueSize has no effect"))
                .anyMatch(w -> w.contains("listeners[1].binding") && w.contains("tunnel"))
                .anyMatch(w -> w.contains("edge.heartbeatIntervalSeconds"))
                .noneMatch(w -> w.contains("getSessionTimeout"))
                .allMatch(w -> w.contains("router.yml"));
    }

    @Test
    void whatIsWrongIsOneLineThatNamesTheKey() {
        refused(FULL.replace("v: 3\n", "v: 4\n"), "v: 4", "expected: 3");
        refused(FULL.replace("ctrl:\n", "control:\n"), "ctrl is missing");
        refused(FULL.replace("tls:$CTRL:6262", "localhost"), "ctrl.endpoint", "localhost");
        refused(FULL.replace("  server_cert: \"CERT\"\n", ""), "identity.server_cert is missing", "enroll");
        refused(
                FULL.replace("advertise: tls:localhost:10080", "advertise: tls:example.org:10080"),
                "link.listeners[0].advertise",
                "example.org");
        refused(
                FULL.replace("advertise: localhost:3022", "advertise: example.org:3022"),
                "listeners[0].options.advertise",
                "example.org");
        refused(FULL.replace("binding: tunnel", "binding: tunnle"), "listeners[1].binding", "tunnle");
        refused(
                FULL.replace("maxDefaultConnections: 2", "maxDefaultConnections: 0"),
                "link.dialers[0].maxDefaultConnections",
                "1 to 100");
        refused(FULL.replace("connectTimeoutMs: 5000", "connectTimeoutMs: 5"), "listeners[0].options.connectTimeout");
        refused(FULL.replace("reportInterval: 15s", "reportInterval: often"), "metrics.reportInterval", "often");
        refused(FULL.replace("    sans:\n", "    names:\n"), "edge.csr.sans is missing");
    }

    @Test
    void enrolmentNeedsNoCertificates() throws IOException {
        Path file = write(FULL.replace("CERT", "/no/such/cert")
                .replace("KEY", "/no/such/key")
                .replace("$CTRL", "c1"));

        RouterFile read = RouterFileReader.readForEnrollment(file);

        assertThat(read.endpoints()).containsExactly(TransportAddress.tls("c1", 6262));
        assertThat(read.csr().locality()).isEqualTo("Charlotte");
        assertThat(read.identity().cert()).isEqualTo("/no/such/cert");
    }

    @Test
    void aTransitRouterHasNoEdge() throws IOException {
        RouterSettings settings = read(FULL.replaceFirst("(?m)^edge:\n  heartbeatIntervalSeconds: 30\n  csr:", "csr:")
                .replaceFirst("(?s)listeners:\n  - binding: edge.*?dialers:", "dialers:"));

        assertThat(settings.edge()).isEmpty();
        assertThat(settings.csr().organization()).isEqualTo("NetFoundry");
    }
}
