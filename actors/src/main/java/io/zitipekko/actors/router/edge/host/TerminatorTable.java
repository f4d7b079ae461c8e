package io.zitipekko.actors.router.edge.host;

import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/** The terminators that SDKs host here, by id. Written by {@link HostedServices} alone, read by dials without waiting for it. */
public final class TerminatorTable {
    private final ConcurrentHashMap<String, HostedTerminator> terminators = new ConcurrentHashMap<>();

    public void put(HostedTerminator terminator) {
        terminators.put(terminator.id(), terminator);
    }

    public void remove(String id) {
        terminators.remove(id);
    }

    public Optional<HostedTerminator> find(String id) {
        return Optional.ofNullable(terminators.get(id));
    }

    public Collection<HostedTerminator> all() {
        return List.copyOf(terminators.values());
    }

    public int size() {
        return terminators.size();
    }
}
