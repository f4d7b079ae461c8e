package io.zitipekko.config;

import io.zitipekko.actors.model.id.RouterId;
import io.zitipekko.actors.router.RouterSettings;
import io.zitipekko.node.ProductVersion;
import io.zitipekko.transport.address.TransportAddress;
import io.zitipekko.transport.channel.ChannelOptions;
import io.zitipekko.transport.identity.Identity;
import io.zitipekko.transport.identity.IdentityConfig;
import io.zitipekko.transport.identity.ReloadingIdentity;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/** Reads a router's node file. Whatever is wrong is one {@link ConfigException}; whatever has no effect here is a warning. */
public final class RouterFileReader {
    private final Path file;
    private final Section root;
    private final List<String> warnings = new ArrayList<>();

    private RouterFileReader(Path file, Section root) {
        this.file = file;
        this.root = root;
    }

    /** What enrolment needs: works without any certificate. */
    public static RouterFile readForEnrollment(Path file) {
        RouterFileReader reader = new RouterFileReader(file, YamlFile.load(file, System.getenv()::get));
        NodeFiles.requireVersion(reader.root, file);
        return reader.basics();
    }

    /** What running needs: the certificates must be there. Warnings are added to {@code warnings}. */
    public static RouterSettings readForRun(Path file, List<String> warnings) {
        return readForRun(file, System.getenv()::get, warnings);
    }

    static RouterSettings readForRun(Path file, Function<String, String> environment, List<String> warnings) {
        RouterFileReader reader = new RouterFileReader(file, YamlFile.load(file, environment));
        RouterSettings settings = reader.settings();
        reader.root.unread().forEach(key -> reader.warnings.add(file + ": " + key + " has no effect"));
        warnings.addAll(reader.warnings);
        return settings;
    }

    private RouterFile basics() {
        Section ctrl = root.requiredSection("ctrl");
        List<TransportAddress> endpoints = ctrl.has("endpoint")
                ? List.of(ctrl.requiredAddress("endpoint"))
                : ctrl.texts("endpoints").stream().map(TransportAddress::parse).toList();
        Path endpointsFile = ctrl.text("endpointsFile").map(Path::of).orElseGet(() -> file.toAbsolutePath()
                .resolveSibling("endpoints.yml"));
        return new RouterFile(
                file,
                Identities.read(root.requiredSection("identity")),
                csr(),
                endpoints,
                endpointsFile,
                List.copyOf(warnings));
    }

    private RouterSettings settings() {
        NodeFiles.requireVersion(root, file);
        RouterFile basics = basics();
        IdentityConfig config = basics.identity();
        if (config.serverCert() == null) {
            throw new ConfigException(
                    "identity.server_cert is missing: enroll the router first (ziti-pekko router enroll " + file
                            + " --jwt FILE)");
        }
        Identity identity = Identities.load(config, "identity");
        Section ctrl = root.requiredSection("ctrl");
        ctrl.tolerate("endpoint", "endpoints", "endpointsFile", "dataDir");
        ChannelOptions control = ChannelSection.read(ctrl.section("options"), ChannelOptions.CONTROL);
        Duration unresponsive = ctrl.section("heartbeats")
                .flatMap(h -> h.duration("closeUnresponsiveTimeout"))
                .orElse(control.closeUnresponsive());
        RouterSettings.Controllers controllers = new RouterSettings.Controllers(
                basics.endpoints(),
                basics.endpointsFile(),
                new ChannelOptions(
                        control.helloTimeout(),
                        control.maxMessageBytes(),
                        control.laneBytes(),
                        unresponsive,
                        Duration.ZERO,
                        control.startupDelay()),
                ctrl.duration("defaultRequestTimeout").orElse(Duration.ofSeconds(5)),
                ctrl.duration("startupTimeout").orElse(Duration.ofSeconds(30)));
        RouterSettings settings = new RouterSettings(
                new RouterId(identity.token()),
                ReloadingIdentity.start(config),
                ProductVersion.router().toString(),
                controllers,
                root.section("link")
                        .map(link -> new LinkSection(link, identity).links())
                        .orElse(new RouterSettings.Links(List.of(), List.of())),
                edge(identity),
                transportDial(),
                forwarding(),
                basics.csr(),
                file.toAbsolutePath().getParent(),
                root.section("metrics")
                        .flatMap(m -> m.duration("reportInterval"))
                        .orElse(Duration.ofMinutes(1)));
        root.tolerate("profile", "trace", "plugins", "enableDebugOps");
        return settings;
    }

    private Optional<RouterSettings.Edge> edge(Identity identity) {
        Optional<Section> edge = root.section("edge");
        List<RouterSettings.EdgeListener> listeners = new ArrayList<>();
        for (Section s : root.sections("listeners")) {
            String binding = s.requiredText("binding");
            if (!binding.equals("edge")) {
                if (!List.of("tunnel", "transport", "transport_udp", "proxy", "proxy_udp")
                        .contains(binding)) {
                    throw new ConfigException(s.at("binding") + ": '" + binding
                            + "' (expected: edge, tunnel, transport, transport_udp, proxy or proxy_udp)");
                }
                s.tolerate("binding", "address", "service", "options");
                warnings.add(file + ": " + s.at("binding") + ": a " + binding
                        + " listener is not offered yet, it is left out");
                continue;
            }
            if (edge.isEmpty()) {
                s.tolerate("binding", "address", "options");
                warnings.add(file + ": " + s.at("binding") + ": without a section 'edge' this listener is left out");
                continue;
            }
            listeners.add(edgeListener(s, identity));
        }
        if (edge.isEmpty()) {
            return Optional.empty();
        }
        if (listeners.isEmpty()) {
            throw new ConfigException("listeners has no entry with binding: edge, but there is a section 'edge'");
        }
        edge.get().tolerate("csr", "db", "dbSaveIntervalSeconds");
        int heartbeat = edge.get()
                .integer("heartbeatIntervalSeconds", 0, Integer.MAX_VALUE)
                .orElse(60);
        if (heartbeat < 10 || heartbeat > 60) {
            warnings.add(
                    file + ": edge.heartbeatIntervalSeconds: " + heartbeat + " is not within 10 to 60, 60 is used");
            heartbeat = 60;
        }
        RouterSettings.SessionValidation d = RouterSettings.SessionValidation.DEFAULT;
        return Optional.of(new RouterSettings.Edge(
                listeners,
                Duration.ofSeconds(heartbeat),
                new RouterSettings.SessionValidation(
                        edge.get()
                                .integer("sessionValidateChunkSize", 1, 1_000_000)
                                .orElse(d.chunkSize()),
                        edge.get().duration("sessionValidateMinInterval").orElse(d.minPause()),
                        edge.get().duration("sessionValidateMaxInterval").orElse(d.maxPause()))));
    }

    private RouterSettings.EdgeListener edgeListener(Section s, Identity identity) {
        TransportAddress bind = s.requiredAddress("address");
        Section options = s.requiredSection("options");
        TransportAddress advertise = options.parsed(
                        "advertise", "host:port", t -> TransportAddress.parse(bind.type() + ":" + t))
                .orElseThrow(() -> options.missing("advertise"));
        Identities.requireCovered(identity, advertise.host(), options.at("advertise"));
        options.tolerate("getSessionTimeout", "lookupSessionTimeout");
        RouterSettings.EdgeListener d = RouterSettings.EdgeListener.of(bind, advertise);
        return new RouterSettings.EdgeListener(
                bind,
                advertise,
                ChannelSection.read(Optional.of(options), ChannelOptions.EDGE),
                options.duration("lookupApiSessionTimeout").orElse(d.lookupApiSessionTimeout()),
                d.dialTimeout(),
                XgressSection.read(options));
    }

    private RouterSettings.TransportDial transportDial() {
        RouterSettings.TransportDial dial = RouterSettings.TransportDial.DEFAULT;
        for (Section s : root.sections("dialers")) {
            String binding = s.requiredText("binding");
            Optional<Section> options = s.section("options");
            if (binding.equals("transport") && options.isPresent()) {
                dial = new RouterSettings.TransportDial(
                        options.get()
                                .duration("connectTimeout")
                                .filter(t -> !t.isZero())
                                .orElse(dial.connectTimeout()),
                        XgressSection.read(options.get()));
            } else if (binding.equals("edge") && options.isPresent()) {
                options.get().tolerate("connectTimeout", "getCircuitTimeout");
            } else if (!binding.equals("edge") && !binding.equals("transport")) {
                warnings.add(file + ": " + s.at("binding") + ": terminators of binding " + binding
                        + " are not dialled by this router yet");
            }
        }
        return dial;
    }

    private RouterSettings.Forwarding forwarding() {
        RouterSettings.Forwarding d = RouterSettings.Forwarding.DEFAULT;
        Optional<Section> section = root.section("forwarder");
        if (section.isEmpty()) {
            return d;
        }
        Section f = section.get();
        f.tolerate(
                "latencyProbeInterval",
                "linkDialQueueLength",
                "linkDialWorkerCount",
                "rateLimitedQueueLength",
                "rateLimitedWorkerCount",
                "unresponsiveLinkTimeout",
                "xgressDialDwellTime",
                "faultTxInterval");
        return new RouterSettings.Forwarding(
                d.faultInterval(),
                millis(f, "idleTxInterval", d.idleInterval()),
                millis(f, "idleCircuitTimeout", d.idleCircuitTimeout()),
                millis(f, "xgressCloseCheckInterval", d.closeCheckInterval()),
                d.circuitTimeout(),
                f.integer("xgressDialQueueLength", 1, 10_000).orElse(1000)
                        + f.integer("xgressDialWorkerCount", 1, 10_000).orElse(128));
    }

    private static Duration millis(Section s, String key, Duration otherwise) {
        return s.integer(key, 1, Integer.MAX_VALUE).map(Duration::ofMillis).orElse(otherwise);
    }

    private RouterSettings.Csr csr() {
        Section csr = root.section("csr")
                .or(() -> root.section("edge").flatMap(e -> e.section("csr")))
                .orElseThrow(() -> new ConfigException("csr is missing (expected: a section csr, or edge.csr)"));
        Section sans = csr.requiredSection("sans");
        return new RouterSettings.Csr(
                csr.text("country").orElse(""),
                csr.text("province").orElse(""),
                csr.text("locality").orElse(""),
                csr.text("organization").orElse(""),
                csr.text("organizationalUnit").orElse(""),
                sans.texts("dns"),
                sans.texts("ip"),
                sans.texts("email"),
                sans.texts("uri"));
    }
}
