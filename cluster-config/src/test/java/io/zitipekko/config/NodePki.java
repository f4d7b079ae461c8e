package io.zitipekko.config;

import io.zitipekko.pki.PkiFolder;
import io.zitipekko.transport.identity.SpiffeId;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** Certificates for one controller {@code ctrl1} and one router {@code r1}, both reachable as {@code localhost}. */
final class NodePki {
    static final String TRUST_DOMAIN = "example";
    private final PkiFolder pki;

    NodePki(Path folder) {
        pki = new PkiFolder(folder);
        pki.createRoot("root", TRUST_DOMAIN);
        pki.createIntermediate("root", "intermediate", TRUST_DOMAIN);
        pki.createNode(
                "intermediate",
                "ctrl1",
                "ctrl1",
                List.of("localhost"),
                List.of("127.0.0.1"),
                Optional.of(SpiffeId.controller(TRUST_DOMAIN, "ctrl1")));
        pki.createNode("intermediate", "r1", "r1", List.of("localhost"), List.of("127.0.0.1"), Optional.empty());
    }

    /** The text with CERT, KEY, CA, SIGNER and SIGNER_KEY replaced by the files of the node of that name. */
    String fill(String node, String yaml) {
        return yaml.replace(
                        "SIGNER_KEY",
                        pki.keyFile("intermediate", "intermediate").toString())
                .replace("SIGNER", pki.chainFile("intermediate", "intermediate").toString())
                .replace("CERT", pki.chainFile("intermediate", node).toString())
                .replace("KEY", pki.keyFile("intermediate", node).toString())
                .replace("CA", pki.chainFile("root", "root").toString());
    }

    static Path write(Path folder, String name, String yaml) throws java.io.IOException {
        return Files.writeString(folder.resolve(name), yaml);
    }
}
