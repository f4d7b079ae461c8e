package io.zitipekko.actors.router.edge;

import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** The SDK channels that are open and authenticated. Thread-safe. */
final class EdgeRegistry {
    private final Set<EdgeConnection> open = ConcurrentHashMap.newKeySet();

    void add(EdgeConnection connection) {
        open.add(connection);
    }

    void remove(EdgeConnection connection) {
        open.remove(connection);
    }

    List<EdgeConnection> all() {
        return List.copyOf(open);
    }

    int size() {
        return open.size();
    }
}
