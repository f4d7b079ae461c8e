package io.zitipekko.node;

import io.zitipekko.pki.PkiFolder;
import io.zitipekko.transport.address.TransportAddress;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;
import org.yaml.snakeyaml.error.YAMLException;

/** The addresses of a router's controllers, kept in a YAML file beside the router's (protocol/07 section 15). */
public final class EndpointsFile {
    private static final Logger LOG = LoggerFactory.getLogger(EndpointsFile.class);

    private final Path file;

    public EndpointsFile(Path file) {
        this.file = file;
    }

    /** What the file says; empty when there is none, or when it cannot be read (the router file's addresses are used then). */
    public List<TransportAddress> read() {
        if (!Files.isRegularFile(file)) {
            return List.of();
        }
        try {
            Object document = new Yaml(new SafeConstructor(new LoaderOptions())).load(Files.readString(file));
            Set<TransportAddress> out = new LinkedHashSet<>();
            if (document instanceof Map<?, ?> map) {
                map.forEach((key, value) -> {
                    if ("endpoints".equalsIgnoreCase(String.valueOf(key)) && value instanceof List<?> list) {
                        list.forEach(a -> out.add(TransportAddress.parse(String.valueOf(a))));
                    }
                });
                if (out.isEmpty() && map.get("controllers") instanceof List<?> controllers) {
                    controllers.forEach(c -> addresses(c, out));
                }
            }
            return List.copyOf(out);
        } catch (IOException | YAMLException | IllegalArgumentException e) {
            LOG.warn("{} cannot be read, the controllers of the router's own file are used: {}", file, e.getMessage());
            return List.of();
        }
    }

    private static void addresses(Object controller, Set<TransportAddress> out) {
        if (controller instanceof Map<?, ?> c && c.get("endpoints") instanceof List<?> endpoints) {
            for (Object e : endpoints) {
                if (e instanceof Map<?, ?> endpoint && endpoint.get("address") != null) {
                    out.add(TransportAddress.parse(String.valueOf(endpoint.get("address"))));
                }
            }
        }
    }

    /** Replaces what the file says. */
    public void write(Collection<TransportAddress> addresses) {
        List<String> lines = new ArrayList<>();
        lines.add("endpoints:");
        addresses.stream().map(TransportAddress::toString).sorted().forEach(a -> lines.add("  - " + a));
        PkiFolder.write(file, String.join("\n", lines) + "\n", "rw-------");
    }
}
