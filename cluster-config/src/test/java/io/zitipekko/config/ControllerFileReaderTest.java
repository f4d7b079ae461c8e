package io.zitipekko.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.zitipekko.actors.controller.ControllerSettings;
import io.zitipekko.actors.controller.NetworkTuning;
import io.zitipekko.actors.event.output.EventOutputSettings;
import io.zitipekko.actors.event.output.EventSubscription;
import io.zitipekko.transport.address.TransportAddress;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Controller files in OpenZiti's schema (protocol/07 sections 3 to 9). */
final class ControllerFileReaderTest {
    @TempDir
    static Path pkiFolder;

    private static NodePki pki;

    /** What a generated file of OpenZiti looks like, with the keys that have no effect here. */
    private static final String FULL =
            """
            v: 3
            #trace:
            #  path: "ctrl.trace"
            cluster:
              dataDir: $DATA/raft
            identity:
              cert: "CERT"
              server_cert: "CERT"
              key: "KEY"
              ca: "CA"
            ctrl:
              options:
                advertiseAddress: tls:localhost:6262
              listener: tls:0.0.0.0:6262
            healthChecks:
              boltCheck:
                interval: 30s
                timeout: 20s
                initialDelay: 30s
            network:
              minRouterCost: 12
              routeTimeoutSeconds: 7
              cycleSeconds: 30
              smart:
                rerouteFraction: 0.05
                rerouteCap: 6
            edge:
              api:
                sessionTimeout: 45m
                address: localhost:1280
              enrollment:
                signingCert:
                  cert: SIGNER
                  key: SIGNER_KEY
                edgeIdentity:
                  duration: 200m
                edgeRouter:
                  duration: 1m
            web:
              - name: client-management
                bindPoints:
                  - interface: 0.0.0.0:1280
                    address: localhost:1280
                identity:
                  ca: "CA"
                  key: "KEY"
                  server_cert: "CERT"
                  cert: "CERT"
                options:
                  idleTimeout: 5000ms
                  readTimeout: 4000ms
                  writeTimeout: 100000ms
                  minTLSVersion: TLS1.2
                  maxTLSVersion: TLS1.3
                apis:
                  - binding: edge-management
                    options: { }
                  - binding: edge-client
                    options: { }
                  - binding: fabric
                    options: { }
                  - binding: zac
                    options: {location: /opt/zac, indexFile: index.html}
            """;

    @TempDir
    Path folder;

    @BeforeAll
    static void makeCertificates() {
        pki = new NodePki(pkiFolder);
    }

    private ControllerFile read(String yaml) throws IOException {
        Path file = NodePki.write(folder, "controller.yml", pki.fill("ctrl1", yaml));
        return ControllerFileReader.read(file, Map.of("DATA", "/var/lib/ziti")::get);
    }

    private void refused(String yaml, String... parts) {
        assertThatThrownBy(() -> read(yaml))
                .isInstanceOf(ConfigException.class)
                .satisfies(e -> assertThat(e.getMessage()).contains(parts).doesNotContain("\n"));
    }

    @Test
    void aFullFileIsRead() throws IOException {
        ControllerFile file = read(FULL);

        ControllerSettings settings = file.settings();
        assertThat(settings.nodeId()).isEqualTo("ctrl1");
        assertThat(settings.trustDomain()).isEqualTo(NodePki.TRUST_DOMAIN);
        assertThat(file.dataDir()).isEqualTo(Path.of("/var/lib/ziti/raft"));
        assertThat(settings.control())
                .isEqualTo(new ControllerSettings.Control("0.0.0.0", 6262, TransportAddress.tls("localhost", 6262)));
        assertThat(settings.edgeApi().hostAndPort()).isEqualTo("localhost:1280");
        assertThat(settings.edgeApi().apiAddresses().get("edge-client"))
                .containsExactly(new ControllerSettings.ApiAddress("https://localhost:1280/edge/client/v1", "v1"));
        assertThat(settings.apiSessionTimeout()).isEqualTo(Duration.ofMinutes(45));
        assertThat(settings.enrollment().identity()).isEqualTo(Duration.ofMinutes(200));
        assertThat(settings.enrollment().router()).as("too short").isEqualTo(Duration.ofMinutes(180));
        assertThat(settings.network().minRouterCost()).isEqualTo(12);
        assertThat(settings.network().routeTimeout()).isEqualTo(Duration.ofSeconds(7));
        assertThat(settings.network().smartRerouteCap()).isEqualTo(6);
        assertThat(settings.network().createCircuitRetries()).isEqualTo(NetworkTuning.DEFAULT.createCircuitRetries());
        assertThat(file.cluster()).isEqualTo(ControllerFile.Cluster.LONE);
        ControllerFile.WebServer web = file.web().get(0);
        assertThat(web.bindings()).containsExactly("edge-management", "edge-client", "fabric");
        assertThat(web.bindPoints()).containsExactly(new ControllerFile.BindPoint("0.0.0.0", 1280, "localhost:1280"));
        assertThat(web.timeouts())
                .isEqualTo(new ControllerFile.Timeouts(
                        Duration.ofSeconds(4), Duration.ofSeconds(5), Duration.ofSeconds(100)));
    }

    @Test
    void whatHasNoEffectIsAWarningThatNamesIt() throws IOException {
        ControllerFile file =
                read(FULL.replace("sessionTimeout: 45m", "sessionTimeout: 10s") + "colour: red\nmgmt: {listener: x}\n");

        assertThat(file.warnings())
                .anyMatch(w -> w.contains("colour has no effect"))
                .anyMatch(w -> w.contains("healthChecks has no effect"))
                .anyMatch(w -> w.contains("zac is not offered"))
                .anyMatch(w -> w.contains("edge.api.sessionTimeout"))
                .noneMatch(w -> w.contains("mgmt"))
                .allMatch(w -> w.contains("controller.yml"));
        assertThat(file.settings().apiSessionTimeout()).isEqualTo(Duration.ofMinutes(30));
    }

    @Test
    void whatIsWrongIsOneLineThatNamesTheKey() {
        refused(FULL.replace("v: 3\n", "v: 2\n"), "v: 2", "expected: 3");
        refused(FULL.replace("v: 3\n", ""), "v is missing");
        refused(FULL.replaceAll("(?m)^identity:", "identities:"), "identity is missing");
        refused(
                FULL.replace("cert: SIGNER\n", "cert: /no/such/file\n"),
                "edge.enrollment.signingCert.cert",
                "/no/such");
        refused(
                FULL.replace("cert: SIGNER\n", "cert: KEY\n"),
                "edge.enrollment.signingCert.cert",
                "no certificates can be read");
        refused(
                FULL.replace("address: localhost:1280\n  enrollment", "address: here\n  enrollment"),
                "edge.api.address");
        refused(
                FULL.replace("tls:localhost:6262", "tls:example.org:6262"),
                "ctrl.options.advertiseAddress",
                "example.org");
        refused(
                FULL.replace(
                        "        address: localhost:1280\n    identity",
                        "        address: example.org:1280\n    identity"),
                "web[0].bindPoints[0].address",
                "example.org");
        refused(FULL.replace("binding: fabric", "binding: fabrik"), "web[0].apis[2].binding", "fabrik");
        refused(FULL.replace("minRouterCost: 12", "minRouterCost: many"), "network.minRouterCost", "many");
        refused(FULL.replace("cluster:\n  dataDir: $DATA/raft\n", ""), "neither db nor cluster.dataDir");
    }

    @Test
    void anotherImplementationsStoreIsNotTakenForAFolder() throws IOException {
        Path store = Files.writeString(folder.resolve("ctrl.db"), "store");

        refused(FULL.replace("cluster:\n  dataDir: $DATA/raft\n", "db: " + store + "\n"), "db: " + store, "folder");
    }

    @Test
    void theSectionEventsSaysWhatIsWrittenWhere() throws IOException {
        ControllerFile file = read(
                FULL
                        + """
                events:
                  audit:
                    subscriptions:
                      - type: entityChange
                        include: [services]
                      - type: edge.authentications
                        include: fail
                      - type: metrics
                        sourceFilter: .*
                    handler: {type: file, format: json, path: /var/log/audit.json, maxsizemb: 5, maxbackups: 3}
                  screen:
                    subscriptions: [{type: circuit}]
                    handler: {type: stdout, format: json, bufferSize: 10}
                  queue:
                    subscriptions: [{type: circuit}]
                    handler: {type: amqp, url: "amqp://x", queue: q}
                  comment: nothing
                """);

        assertThat(file.events())
                .containsExactly(
                        new EventOutputSettings(
                                "audit",
                                List.of(
                                        new EventSubscription("entityChange", Set.of("services")),
                                        new EventSubscription("edge.authentications", Set.of("fail"))),
                                new EventOutputSettings.LogFile(Path.of("/var/log/audit.json"), 5 << 20, 3)),
                        new EventOutputSettings(
                                "screen",
                                List.of(new EventSubscription("circuit", Set.of())),
                                new EventOutputSettings.StandardOutput()));
        assertThat(file.warnings())
                .anyMatch(w -> w.contains("events.audit.subscriptions[2].type") && w.contains("'metrics'"))
                .anyMatch(w -> w.contains("events.queue.handler.type") && w.contains("amqp"))
                .anyMatch(w -> w.contains("events.comment has no effect"));
    }

    @Test
    void anAuditThatCouldNotBeWrittenIsRefused() {
        String audit = FULL + "events:\n  a:\n    subscriptions: [{type: circuit}]\n    handler: ";

        refused(audit + "{type: file, format: json}\n", "events.a.handler.path is missing");
        refused(audit + "{type: file, format: plain, path: x}\n", "events.a.handler.format", "plain");
        refused(audit + "{type: syslog, format: json}\n", "events.a.handler.type", "syslog");
        refused(
                FULL + "events:\n  a:\n    handler: {type: stdout, format: json}\n",
                "events.a.subscriptions is missing");
        refused(FULL + "events:\n  a:\n    subscriptions: [{type: circuit}]\n", "events.a.handler is missing");
    }

    @Test
    void theSectionPekkoMakesAMemberOfACluster() throws IOException {
        ControllerFile file =
                read(FULL + "pekko:\n  host: c1.example.org\n  port: 6264\n  seeds: [c1.example.org:6264]\n");

        assertThat(file.cluster().host()).contains("c1.example.org");
        assertThat(file.cluster().port()).isEqualTo(6264);
        assertThat(file.cluster().seeds()).containsExactly("c1.example.org:6264");
        assertThat(file.warnings()).anyMatch(w -> w.contains("pekko has no effect yet"));
    }

    @Test
    void aMemberOfSeveralIsRefusedInsteadOfStartedAlone() {
        refused(
                FULL
                        + "pekko:\n  host: c1.example.org\n  port: 6264\n  seeds: [c1.example.org:6264, c2.example.org:6264]\n",
                "pekko.seeds",
                "c2.example.org:6264",
                "alone");
    }
}
