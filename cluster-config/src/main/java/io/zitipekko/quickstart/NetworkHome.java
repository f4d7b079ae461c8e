package io.zitipekko.quickstart;

import io.zitipekko.pki.PkiFolder;
import io.zitipekko.transport.identity.SpiffeId;
import io.zitipekko.transport.pki.CertificateAuthority;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * The folder of a local network: certificates and node files, all in the schema that any node reads. What is there already is kept.
 *
 * @param folder absolute
 * @param portBase port of the controller; routers follow
 * @param routers how many
 * @param advertisedBase likewise, by which others are told to reach them: the same ports, unless something stands in between
 */
public record NetworkHome(Path folder, int portBase, int routers, int advertisedBase) {
    static final String TRUST_DOMAIN = "quickstart";
    static final String CONTROLLER = "ctrl1";
    private static final String ROOT = "root-ca";
    private static final String INTERMEDIATE = "intermediate-ca";

    public NetworkHome {
        folder = folder.toAbsolutePath().normalize();
        if (portBase < 1 || portBase + routers > 65535) {
            throw new IllegalArgumentException(
                    "--port-base " + portBase + " (expected: 1 to " + (65535 - routers) + ")");
        }
        if (routers < 1 || routers > 16) {
            throw new IllegalArgumentException("--routers " + routers + " (expected: 1 to 16)");
        }
    }

    /** Nodes that are reached at their own ports. */
    public NetworkHome(Path folder, int portBase, int routers) {
        this(folder, portBase, routers, portBase);
    }

    /** Whether a network was set up here before. */
    public boolean exists() {
        return Files.exists(controllerFile()) && Files.exists(marker());
    }

    /** Makes certificates and files that are missing. */
    public void prepare() {
        PkiFolder pki = new PkiFolder(folder.resolve("pki"));
        if (!pki.hasAuthority(ROOT)) {
            pki.createRoot(ROOT, TRUST_DOMAIN);
        }
        if (!pki.hasAuthority(INTERMEDIATE)) {
            pki.createIntermediate(ROOT, INTERMEDIATE, TRUST_DOMAIN);
        }
        if (!Files.exists(pki.chainFile(INTERMEDIATE, CONTROLLER))) {
            pki.createNode(
                    INTERMEDIATE,
                    CONTROLLER,
                    CONTROLLER,
                    List.of("localhost"),
                    List.of("127.0.0.1", "::1"),
                    Optional.of(SpiffeId.controller(TRUST_DOMAIN, CONTROLLER)));
        }
        PkiFolder.write(controllerFile(), controllerYaml(pki), "rw-r--r--");
        for (int i = 0; i < routers; i++) {
            PkiFolder.write(routerFile(i), routerYaml(i), "rw-r--r--");
        }
    }

    /** Says that everything was set up, so that the next start only starts. */
    void complete() {
        PkiFolder.write(marker(), "set up\n", "rw-r--r--");
    }

    private Path marker() {
        return folder.resolve("complete");
    }

    public Path controllerFile() {
        return folder.resolve("controller.yml");
    }

    public Path routerFile(int i) {
        return folder.resolve(routerName(i) + ".yml");
    }

    public Path identityFile(String name) {
        return folder.resolve("identities").resolve(name + ".json");
    }

    /** router-a, router-b, … */
    public static String routerName(int i) {
        return "router-" + (char) ('a' + i);
    }

    /** The role attribute of a router: a, b, … */
    public static String routerAttribute(int i) {
        return String.valueOf((char) ('a' + i));
    }

    public String apiAddress() {
        return "localhost:" + portBase;
    }

    public String apiUrl() {
        return "https://" + apiAddress();
    }

    public int routerPort(int i) {
        return portBase + 1 + i;
    }

    /** What signs the certificates that the network issues. */
    public CertificateAuthority authority() {
        return new PkiFolder(folder.resolve("pki")).authority(INTERMEDIATE);
    }

    private int advertised(int port) {
        return port - portBase + advertisedBase;
    }

    /** The certificates to trust. */
    public Path authorities() {
        return new PkiFolder(folder.resolve("pki")).chainFile(INTERMEDIATE, INTERMEDIATE);
    }

    private String controllerYaml(PkiFolder pki) {
        return """
                v: 3
                cluster:
                  dataDir: %s
                identity:
                  cert: %s
                  server_cert: %s
                  key: %s
                  ca: %s
                # Routers and HTTP clients share one port; ALPN tells them apart.
                ctrl:
                  listener: tls:127.0.0.1:%d
                  options:
                    advertiseAddress: tls:localhost:%d
                edge:
                  api:
                    address: localhost:%d
                    sessionTimeout: 30m
                  enrollment:
                    signingCert:
                      cert: %s
                      key: %s
                    edgeIdentity:
                      duration: 180m
                    edgeRouter:
                      duration: 180m
                web:
                  - name: apis
                    bindPoints:
                      - interface: 127.0.0.1:%d
                        address: localhost:%d
                    apis:
                      - binding: edge-client
                      - binding: edge-management
                      - binding: fabric
                """
                .formatted(
                        quoted(folder.resolve("controller")),
                        quoted(pki.chainFile(INTERMEDIATE, CONTROLLER)),
                        quoted(pki.chainFile(INTERMEDIATE, CONTROLLER)),
                        quoted(pki.keyFile(INTERMEDIATE, CONTROLLER)),
                        quoted(pki.chainFile(ROOT, ROOT)),
                        portBase,
                        advertisedBase,
                        advertisedBase,
                        quoted(pki.chainFile(INTERMEDIATE, INTERMEDIATE)),
                        quoted(pki.keyFile(INTERMEDIATE, INTERMEDIATE)),
                        portBase,
                        advertisedBase);
    }

    private String routerYaml(int i) {
        Path files = folder.resolve("routers").resolve(routerName(i));
        return """
                v: 3
                identity:
                  cert: %s
                  server_cert: %s
                  key: %s
                  ca: %s
                ctrl:
                  endpoint: tls:localhost:%d
                  endpointsFile: %s
                # Links and SDKs share one port; ALPN tells them apart.
                link:
                  dialers:
                    - binding: transport
                  listeners:
                    - binding: transport
                      bind: tls:127.0.0.1:%d
                      advertise: tls:localhost:%d
                listeners:
                  - binding: edge
                    address: tls:127.0.0.1:%d
                    options:
                      advertise: localhost:%d
                dialers:
                  - binding: edge
                  - binding: transport
                edge:
                  csr:
                    sans:
                      dns: [localhost]
                      ip: [127.0.0.1]
                """
                .formatted(
                        quoted(files.resolve("client.cert")),
                        quoted(files.resolve("server.cert")),
                        quoted(files.resolve("key")),
                        quoted(files.resolve("ca")),
                        advertisedBase,
                        quoted(files.resolve("endpoints.yml")),
                        routerPort(i),
                        advertised(routerPort(i)),
                        routerPort(i),
                        advertised(routerPort(i)));
    }

    private static String quoted(Path path) {
        return '"' + path.toString().replace("\\", "\\\\").replace("\"", "\\\"") + '"';
    }
}
