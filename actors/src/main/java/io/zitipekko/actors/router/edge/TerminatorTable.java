package io.zitipekko.actors.router.edge;

import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/** The terminators that SDKs host here, by id. Written by {@link HostedServices} alone, read by dials without waiting for it. */
final class TerminatorTable {
    private final ConcurrentHashMap<String, HostedTerminator> terminators = new ConcurrentHashMap<>();

    void put(HostedTerminator terminator) {
        terminators.put(terminator.id(), terminator);
    }

    void remove(String id) {
        terminators.remove(id);
    }

    Optional<HostedTerminator> find(String id) {
        return Optional.ofNullable(terminators.get(id));
    }

    Collection<HostedTerminator> all() {
        return List.copyOf(terminators.values());
    }

    int size() {
        return terminators.size();
    }
}
