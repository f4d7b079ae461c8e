package io.zitipekko.config;

import java.nio.file.Path;

/** What controller and router files have in common. */
final class NodeFiles {
    private static final int VERSION = 3;

    private NodeFiles() {}

    static void requireVersion(Section root, Path file) {
        int v = root.integer("v", 0, Integer.MAX_VALUE)
                .orElseThrow(() -> new ConfigException(file + ": v is missing (expected: v: " + VERSION + ")"));
        if (v != VERSION) {
            throw new ConfigException(file + ": v: " + v + " (expected: " + VERSION + ")");
        }
    }
}
