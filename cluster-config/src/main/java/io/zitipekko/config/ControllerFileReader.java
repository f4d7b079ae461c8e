package io.zitipekko.config;

import io.zitipekko.actors.controller.ControllerSettings;
import io.zitipekko.actors.controller.NetworkTuning;
import io.zitipekko.actors.event.output.EventOutputSettings;
import io.zitipekko.config.ControllerFile.BindPoint;
import io.zitipekko.config.ControllerFile.Cluster;
import io.zitipekko.config.ControllerFile.Timeouts;
import io.zitipekko.config.ControllerFile.WebServer;
import io.zitipekko.node.ProductVersion;
import io.zitipekko.transport.address.TransportAddress;
import io.zitipekko.transport.identity.CertificateNames;
import io.zitipekko.transport.identity.Fingerprint;
import io.zitipekko.transport.identity.Identity;
import io.zitipekko.transport.identity.IdentityConfig;
import io.zitipekko.transport.identity.InvalidIdentityException;
import io.zitipekko.transport.identity.Pem;
import io.zitipekko.transport.identity.ReloadingIdentity;
import io.zitipekko.transport.identity.ServerChain;
import io.zitipekko.transport.identity.SpiffeId;
import io.zitipekko.transport.identity.UntrustedPeerException;
import io.zitipekko.transport.pki.CertificateAuthority;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Supplier;

/** Reads a controller's node file. Whatever is wrong is one {@link ConfigException}; whatever has no effect here is a warning. */
public final class ControllerFileReader {
    private static final Map<String, String> API_PATHS = Map.of(
            "edge-client", "/edge/client/v1",
            "edge-management", "/edge/management/v1",
            "fabric", "/fabric/v1",
            "health-checks", "/health-checks/v1",
            "edge-oidc", "/oidc");
    private static final Set<String> SERVED = Set.of("edge-client", "edge-management", "fabric", "health-checks");
    private static final Set<String> KNOWN_BINDINGS =
            Set.of("edge-client", "edge-management", "fabric", "health-checks", "edge-oidc", "metrics", "spa", "zac");
    private static final Duration SHORTEST_ENROLLMENT = Duration.ofMinutes(5);

    private final Path file;
    private final Section root;
    private final List<String> warnings = new ArrayList<>();

    private ControllerFileReader(Path file, Section root) {
        this.file = file;
        this.root = root;
    }

    public static ControllerFile read(Path file) {
        return read(file, System.getenv()::get);
    }

    static ControllerFile read(Path file, Function<String, String> environment) {
        return new ControllerFileReader(file, YamlFile.load(file, environment)).read();
    }

    private ControllerFile read() {
        NodeFiles.requireVersion(root, file);
        Section identitySection = root.requiredSection("identity");
        IdentityConfig config = Identities.read(identitySection);
        if (config.serverCert() == null && config.serverKey() == null) {
            config = config.withClientCertAsServerCert();
        }
        Identity identity = Identities.load(config, "identity");
        Supplier<Identity> reloading = ReloadingIdentity.start(config);

        Path dataDir = dataDir();
        Section edge = root.requiredSection("edge");
        Section api = edge.requiredSection("api");
        Section enrollment = edge.requiredSection("enrollment");
        ControllerSettings.Trust trust = trust(enrollment, identity);
        String trustDomain = trustDomain(identity);
        ControllerSettings.Control control = control(identity);
        String apiAddress = hostAndPort(api, "address");
        List<WebServer> web = web(reloading, identity);
        ControllerSettings settings = ControllerSettings.of(
                        identity.token(),
                        reloading,
                        trustDomain,
                        control,
                        new ControllerSettings.EdgeApi(apiAddress, apiAddresses(web, apiAddress)),
                        trust,
                        ProductVersion.controller())
                .withEnrollment(new ControllerSettings.EnrollmentDurations(
                        enrollmentDuration(enrollment, "edgeIdentity"), enrollmentDuration(enrollment, "edgeRouter")))
                .withApiSessionTimeout(sessionTimeout(api))
                .withNetwork(network());
        Cluster cluster = cluster();
        List<EventOutputSettings> events = events();
        tolerated(edge, api);
        root.unread().forEach(key -> warnings.add(file + ": " + key + " has no effect"));
        return new ControllerFile(settings, dataDir, web, cluster, events, List.copyOf(warnings));
    }

    private List<EventOutputSettings> events() {
        Optional<EventsSection> section = root.section("events").map(EventsSection::new);
        List<EventOutputSettings> outputs = section.map(EventsSection::outputs).orElse(List.of());
        section.ifPresent(s -> s.warnings().forEach(warning -> warnings.add(file + ": " + warning)));
        return outputs;
    }

    /** Keys that old files carry and that no current controller reads, and those that are about internals we do not have. */
    private void tolerated(Section edge, Section api) {
        root.tolerate("mgmt", "terminator", "metrics", "profile", "trace", "example");
        api.tolerate("activityUpdateInterval", "activityUpdateBatchSize");
        edge.tolerate("identityStatusConfig");
    }

    private Path dataDir() {
        Optional<Section> cluster = root.section("cluster");
        if (cluster.isPresent()) {
            root.tolerate("db");
            return Path.of(cluster.get().requiredText("dataDir"));
        }
        Path db = Path.of(root.text("db")
                .orElseThrow(() -> new ConfigException(
                        file + ": neither db nor cluster.dataDir is given: where shall the store be?")));
        if (Files.isRegularFile(db)) {
            throw new ConfigException("db: " + db
                    + " is a file of another implementation's store (expected: a folder, made when missing)");
        }
        return db;
    }

    private ControllerSettings.Trust trust(Section enrollment, Identity identity) {
        Section signing = enrollment.requiredSection("signingCert");
        List<X509Certificate> chain = certificates(signing, "cert");
        IdentityConfig config = new IdentityConfig(
                signing.requiredText("cert"), signing.requiredText("key"), null, null, null, List.of());
        Identity signer = Identities.load(config, signing.at("cert"));
        Set<X509Certificate> bundle = new LinkedHashSet<>(identity.anchors().certificates());
        chain.stream().filter(c -> c.getBasicConstraints() >= 0).forEach(bundle::add);
        if (signing.has("ca")) {
            bundle.addAll(certificates(signing, "ca"));
        }
        return new ControllerSettings.Trust(new CertificateAuthority(chain, signer.clientKey()), List.copyOf(bundle));
    }

    private List<X509Certificate> certificates(Section s, String key) {
        String value = s.requiredText(key);
        try {
            if (value.startsWith("pem:")) {
                return Pem.certificates(value.substring(4));
            }
            if (value.startsWith("-----BEGIN")) {
                return Pem.certificates(value);
            }
            String path = value.startsWith("file://")
                    ? value.substring(7)
                    : value.startsWith("file:") ? value.substring(5) : value;
            return Pem.certificates(Files.readString(Path.of(path)));
        } catch (IOException | InvalidPathException | InvalidIdentityException e) {
            String source = value.contains("-----BEGIN") ? "the PEM text in it" : "'" + value + "'";
            throw new ConfigException(
                    s.at(key) + ": no certificates can be read from " + source + ": " + e.getMessage(), e);
        }
    }

    private String trustDomain(Identity identity) {
        List<X509Certificate> search = new ArrayList<>();
        identity.serverChains().stream().map(ServerChain::chain).forEach(search::addAll);
        search.addAll(identity.clientChain());
        search.addAll(identity.anchors().certificates());
        Optional<String> configured = root.text("trustDomain").map(s -> s.replaceFirst("^spiffe://", ""));
        for (X509Certificate c : search) {
            try {
                Optional<SpiffeId> id = CertificateNames.spiffeId(c);
                if (id.isPresent()) {
                    return id.get().trustDomain();
                }
            } catch (UntrustedPeerException e) {
                throw new ConfigException("identity: " + e.getMessage(), e);
            }
        }
        if (configured.isPresent()) {
            return configured.get();
        }
        String made = identity.anchors().certificates().stream()
                .filter(c -> c.getSubjectX500Principal().equals(c.getIssuerX500Principal()))
                .findFirst()
                .map(c -> Fingerprint.of(c).hex())
                .orElseThrow(
                        () -> new ConfigException(
                                "trustDomain is missing, and neither identity nor its ca names one: add trustDomain, or a root CA to identity.ca"));
        warnings.add(
                file + ": no trust domain is given, " + made + " is used: add trustDomain, it must not change later");
        return made;
    }

    private ControllerSettings.Control control(Identity identity) {
        Section ctrl = root.requiredSection("ctrl");
        TransportAddress bind = ctrl.requiredAddress("listener");
        Optional<TransportAddress> advertised = ctrl.section("options").flatMap(o -> o.address("advertiseAddress"));
        String host = bind.host().equals("0.0.0.0") || bind.host().equals("::")
                ? serverHosts(identity).stream().findFirst().orElse("localhost")
                : bind.host();
        TransportAddress advertise = advertised.orElse(TransportAddress.tls(host, bind.port()));
        if (advertised.isPresent() && !identity.coversHost(advertise.host())) {
            throw new ConfigException("ctrl.options.advertiseAddress: '" + advertise
                    + "' (expected: a host that the server certificate names, one of " + serverHosts(identity) + ")");
        }
        return new ControllerSettings.Control(bind.host(), bind.port(), advertise);
    }

    private static List<String> serverHosts(Identity identity) {
        return identity.serverChains().stream()
                .flatMap(c -> CertificateNames.hosts(c.chain().get(0)).stream())
                .toList();
    }

    private Duration sessionTimeout(Section api) {
        Duration timeout = api.duration("sessionTimeout").orElse(ControllerSettings.DEFAULT_API_SESSION_TIMEOUT);
        if (timeout.compareTo(Duration.ofMinutes(1)) < 0) {
            warnings.add(file + ": " + api.at("sessionTimeout") + ": " + timeout + " is shorter than 1m, 30m is used");
            return ControllerSettings.DEFAULT_API_SESSION_TIMEOUT;
        }
        return timeout;
    }

    private static Duration enrollmentDuration(Section enrollment, String key) {
        return enrollment
                .section(key)
                .flatMap(s -> s.duration("duration"))
                .filter(d -> d.compareTo(SHORTEST_ENROLLMENT) >= 0)
                .orElse(ControllerSettings.EnrollmentDurations.DEFAULT.identity());
    }

    private NetworkTuning network() {
        NetworkTuning d = NetworkTuning.DEFAULT;
        Optional<Section> section = root.section("network");
        if (section.isEmpty()) {
            return d;
        }
        Section n = section.get();
        Optional<Section> smart = n.section("smart");
        return new NetworkTuning(
                n.integer("minRouterCost", 0, 65535).orElse(d.minRouterCost()),
                n.duration("routerConnectChurnLimit").orElse(d.routerConnectChurnLimit()),
                n.integer("routeTimeoutSeconds", 1, 3600)
                        .map(Duration::ofSeconds)
                        .orElse(d.routeTimeout()),
                n.integer("createCircuitRetries", 0, 100).orElse(d.createCircuitRetries()),
                n.duration("initialLinkLatency").orElse(d.initialLinkLatency()),
                n.integer("cycleSeconds", 1, 86400).map(Duration::ofSeconds).orElse(d.cycle()),
                smart.flatMap(s -> s.decimal("rerouteFraction", 0, 1)).orElse(d.smartRerouteFraction()),
                smart.flatMap(s -> s.integer("rerouteCap", 0, 1_000_000)).orElse(d.smartRerouteCap()),
                smart.flatMap(s -> s.integer("minCostDelta", 0, 1_000_000)).orElse(d.smartMinCostDelta()));
    }

    private List<WebServer> web(Supplier<Identity> nodeIdentity, Identity identity) {
        List<WebServer> out = new ArrayList<>();
        for (Section w : root.sections("web")) {
            String name = w.requiredText("name");
            Supplier<Identity> own = nodeIdentity;
            Identity certificates = identity;
            Optional<Section> ownIdentity = w.section("identity");
            if (ownIdentity.isPresent()) {
                IdentityConfig config = Identities.read(ownIdentity.get());
                certificates = Identities.load(config, ownIdentity.get().at("cert"));
                own = ReloadingIdentity.start(config);
            }
            List<BindPoint> points = new ArrayList<>();
            for (Section b : w.sections("bindPoints")) {
                if (b.has("identity")) {
                    b.tolerate("identity");
                    warnings.add(file + ": " + b.at("identity")
                            + ": listening on the overlay is not offered, this bind point is left out");
                    continue;
                }
                TransportAddress at = TransportAddress.parse("tls:" + hostAndPort(b, "interface"));
                String address = hostAndPort(b, "address");
                String host = TransportAddress.parse("tls:" + address).host();
                if (!certificates.coversHost(host)) {
                    throw new ConfigException(b.at("address") + ": '" + address
                            + "' (expected: a host that the server certificate names, one of "
                            + serverHosts(certificates) + ")");
                }
                points.add(new BindPoint(at.host(), at.port(), address));
            }
            Optional<Section> options = w.section("options");
            options.ifPresent(o -> o.tolerate("minTLSVersion", "maxTLSVersion"));
            out.add(new WebServer(name, points, own, bindings(w), timeouts(options)));
        }
        return out;
    }

    private Set<String> bindings(Section w) {
        Set<String> out = new LinkedHashSet<>();
        for (Section a : w.sections("apis")) {
            String binding = a.requiredText("binding").replaceFirst("^edge$", "edge-client");
            if (!KNOWN_BINDINGS.contains(binding)) {
                throw new ConfigException(
                        a.at("binding") + ": '" + binding + "' (expected: one of " + KNOWN_BINDINGS + ")");
            }
            a.tolerate("options");
            if (SERVED.contains(binding)) {
                out.add(binding);
            } else {
                warnings.add(file + ": " + a.at("binding") + ": " + binding + " is not offered yet, it is left out");
            }
        }
        if (out.isEmpty()) {
            throw new ConfigException(w.at("apis") + " is empty (expected: at least one of " + SERVED + ")");
        }
        return out;
    }

    private static Timeouts timeouts(Optional<Section> options) {
        return new Timeouts(
                options.flatMap(o -> o.duration("readTimeout")).orElse(Duration.ofSeconds(5)),
                options.flatMap(o -> o.duration("idleTimeout")).orElse(Duration.ofSeconds(5)),
                options.flatMap(o -> o.duration("writeTimeout")).orElse(Duration.ofSeconds(10)));
    }

    private static Map<String, List<ControllerSettings.ApiAddress>> apiAddresses(List<WebServer> web, String first) {
        Map<String, List<ControllerSettings.ApiAddress>> out = new LinkedHashMap<>();
        for (WebServer server : web) {
            for (String binding : server.bindings()) {
                List<ControllerSettings.ApiAddress> at = out.computeIfAbsent(binding, b -> new ArrayList<>());
                for (BindPoint p : server.bindPoints()) {
                    var address =
                            new ControllerSettings.ApiAddress("https://" + p.address() + API_PATHS.get(binding), "v1");
                    at.add(p.address().equals(first) ? 0 : at.size(), address);
                }
            }
        }
        return out;
    }

    /** Nodes start alone yet: a member that went its own way beside the others would be two networks of one name. */
    private Cluster cluster() {
        Cluster cluster = root.section("pekko")
                .map(p ->
                        new Cluster(p.text("host"), p.integer("port", 0, 65535).orElse(0), p.texts("seeds")))
                .orElse(Cluster.LONE);
        List<String> others = cluster.others();
        if (!others.isEmpty()) {
            throw new ConfigException(file + ": pekko.seeds names other controllers (" + String.join(", ", others)
                    + "), but this version runs one controller alone: remove them");
        }
        if (!cluster.equals(Cluster.LONE)) {
            warnings.add(file + ": pekko has no effect yet: this controller stands alone");
        }
        return cluster;
    }

    private static String hostAndPort(Section s, String key) {
        return s.parsed(key, "host:port", text -> TransportAddress.parse("tls:" + text)
                        .hostAndPort())
                .orElseThrow(() -> s.missing(key));
    }
}
