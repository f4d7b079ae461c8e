package io.zitipekko.sdk;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.zitipekko.transport.identity.IdentityConfig;
import java.io.IOException;
import java.net.URI;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * An SDK's identity: where its controllers are, and its key, certificate and trust (protocol/01 section 11, protocol/07 section 16).
 * Reads what OpenZiti's SDKs in Go, Java and C write, and writes what they read.
 *
 * @param controllers base URLs, with or without path; at least one
 * @param configTypes config types to ask for with services; empty for none
 * @param cert client chain in one of the forms of {@link IdentityConfig}; null when the application logs in otherwise
 * @param key private key, likewise
 * @param ca trust bundle; null for the system's roots
 */
public record ZitiIdentityFile(
        List<URI> controllers,
        List<String> configTypes,
        @Nullable String cert,
        @Nullable String key,
        @Nullable String ca) {
    private static final String CLIENT_API = "/edge/client/v1";
    private static final long MAX_BYTES = 4L << 20;
    private static final ObjectMapper JSON = new ObjectMapper().enable(SerializationFeature.INDENT_OUTPUT);

    public ZitiIdentityFile {
        if (controllers.isEmpty()) {
            throw new IllegalArgumentException("identity without a controller (expected: ztAPI or ztAPIs)");
        }
        if ((cert == null) != (key == null)) {
            throw new IllegalArgumentException("identity with only one of id.cert and id.key (expected: both or none)");
        }
        controllers = controllers.stream().map(ZitiIdentityFile::checked).toList();
        configTypes = List.copyOf(configTypes);
    }

    private static URI checked(URI controller) {
        if (!"https".equals(controller.getScheme()) || controller.getHost() == null) {
            throw new IllegalArgumentException("controller '" + controller + "' (expected: https://host:port)");
        }
        return controller;
    }

    /**
     * Reads a file. Blocks.
     *
     * @throws IOException when it cannot be read
     * @throws IllegalArgumentException when it is no identity file, saying why
     */
    public static ZitiIdentityFile read(Path file) throws IOException {
        if (Files.size(file) > MAX_BYTES) {
            throw new IllegalArgumentException("identity file " + file + " of " + Files.size(file)
                    + " bytes (expected: at most " + MAX_BYTES + ")");
        }
        try {
            return parse(Files.readString(file));
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException("identity file " + file + ": " + e.getMessage(), e);
        }
    }

    /** Reads the JSON. @throws IllegalArgumentException saying what is wrong; never carries the key */
    public static ZitiIdentityFile parse(String json) {
        JsonNode root;
        try {
            root = JSON.readTree(json);
        } catch (JsonProcessingException e) {
            // Its own message quotes the source, which holds a private key.
            throw new IllegalArgumentException(
                    e.getLocation() == null
                            ? "not JSON that can be read (nested too deep, or with a too long number)"
                            : "not JSON (line " + e.getLocation().getLineNr() + ")");
        }
        if (root == null || !root.isObject()) {
            throw new IllegalArgumentException("not a JSON object");
        }
        Set<URI> controllers = new LinkedHashSet<>();
        texts(root.path("ztAPIs")).forEach(url -> controllers.add(URI.create(url)));
        text(root, "ztAPI").ifPresent(url -> controllers.add(URI.create(url)));
        JsonNode id = root.path("id");
        return new ZitiIdentityFile(
                List.copyOf(controllers),
                texts(root.path("configTypes")),
                text(id, "cert").orElse(null),
                text(id, "key").orElse(null),
                text(id, "ca").orElse(null));
    }

    private static Optional<String> text(JsonNode node, String field) {
        return Optional.ofNullable(node.path(field).asText(null)).filter(s -> !s.isBlank());
    }

    private static List<String> texts(JsonNode array) {
        List<String> out = new ArrayList<>();
        array.forEach(item -> out.add(item.asText()));
        return out;
    }

    /** The base URL of the client API at this controller, without a slash at its end. */
    public static URI clientApi(URI controller) {
        String path = controller.getPath() == null ? "" : controller.getPath();
        String trimmed = path.endsWith("/") ? path.substring(0, path.length() - 1) : path;
        return controller.resolve(trimmed.isEmpty() ? CLIENT_API : trimmed);
    }

    /** The key material, when the file has any. */
    public Optional<IdentityConfig> identityConfig() {
        return cert == null || key == null ? Optional.empty() : Optional.of(IdentityConfig.client(cert, key, ca));
    }

    /** The form in which it is written. Holds the private key. */
    public String toJson() {
        ObjectNode root = JSON.createObjectNode();
        root.put("ztAPI", clientApi(controllers.get(0)).toString());
        ArrayNode all = root.putArray("ztAPIs");
        controllers.forEach(controller -> all.add(clientApi(controller).toString()));
        if (configTypes.isEmpty()) {
            root.putNull("configTypes");
        } else {
            configTypes.forEach(root.putArray("configTypes")::add);
        }
        ObjectNode id = root.putObject("id");
        if (cert != null) {
            id.put("cert", cert);
            id.put("key", key);
        }
        if (ca != null) {
            id.put("ca", ca);
        }
        return root.toString();
    }

    /** Writes the file, readable by its owner only, replacing an older one at once. Blocks. */
    public void write(Path file) throws IOException {
        Path folder = file.toAbsolutePath().getParent();
        Path fresh = Files.createTempFile(folder, "." + file.getFileName(), ".new", ownerOnly());
        try {
            Files.writeString(fresh, toJson(), StandardOpenOption.TRUNCATE_EXISTING);
            Files.move(fresh, file, StandardCopyOption.REPLACE_EXISTING, StandardCopyOption.ATOMIC_MOVE);
        } finally {
            Files.deleteIfExists(fresh);
        }
    }

    private static FileAttribute<?>[] ownerOnly() {
        if (!FileSystems.getDefault().supportedFileAttributeViews().contains("posix")) {
            return new FileAttribute<?>[0];
        }
        return new FileAttribute<?>[] {
            PosixFilePermissions.asFileAttribute(
                    Set.of(PosixFilePermission.OWNER_READ, PosixFilePermission.OWNER_WRITE))
        };
    }

    /** Without the key. */
    @Override
    public String toString() {
        return "ZitiIdentityFile[" + controllers + (cert == null ? ", no certificate" : "") + "]";
    }
}
