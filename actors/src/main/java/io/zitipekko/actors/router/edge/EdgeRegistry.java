package io.zitipekko.actors.router.edge;

import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;

/** The SDK channels that are open and authenticated. Thread-safe. */
final class EdgeRegistry {
    private final Set<EdgeConnection> open = ConcurrentHashMap.newKeySet();
    private final Consumer<EdgeConnection> changed;

    /** @param changed called with each channel that came or went, on the thread that added or removed it */
    EdgeRegistry(Consumer<EdgeConnection> changed) {
        this.changed = changed;
    }

    void add(EdgeConnection connection) {
        if (open.add(connection)) {
            changed.accept(connection);
        }
    }

    void remove(EdgeConnection connection) {
        if (open.remove(connection)) {
            changed.accept(connection);
        }
    }

    List<EdgeConnection> all() {
        return List.copyOf(open);
    }

    int size() {
        return open.size();
    }
}
