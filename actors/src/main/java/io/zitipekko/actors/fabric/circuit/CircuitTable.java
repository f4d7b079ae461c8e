package io.zitipekko.actors.fabric.circuit;

import io.zitipekko.actors.fabric.CircuitStatus;
import io.zitipekko.actors.fabric.terminator.HostedBy;
import io.zitipekko.actors.model.id.EntityId;
import io.zitipekko.actors.model.id.IdentityId;
import io.zitipekko.actors.model.id.RouterId;
import io.zitipekko.actors.policy.LostRights;
import io.zitipekko.transport.xgress.CircuitId;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.pekko.actor.typed.ActorRef;
import org.jspecify.annotations.Nullable;

/**
 * Every circuit of this controller, opened or being opened: who owns it, what it looks like to readers, and which of them a change of the
 * model concerns. Thread-safe.
 */
public final class CircuitTable {
    /**
     * Where a circuit ends at its host.
     *
     * @param router its last one
     * @param host empty for terminators that nobody hosts
     * @param hostedBy empty for terminators that no SDK hosts
     */
    record HostEnd(RouterId router, Optional<IdentityId> host, Optional<HostedBy> hostedBy) {}

    /** One circuit. Only its {@link CircuitActor} changes it. */
    static final class Entry {
        private final ActorRef<CircuitActor.Command> actor;
        private final RouterId ingress;
        private final CircuitDial dial;
        private volatile @Nullable CircuitStatus status;
        private volatile @Nullable HostEnd hostEnd;

        /** @param ingress the router that asked for it */
        Entry(ActorRef<CircuitActor.Command> actor, RouterId ingress, CircuitDial dial) {
            this.actor = actor;
            this.ingress = ingress;
            this.dial = dial;
        }

        ActorRef<CircuitActor.Command> actor() {
            return actor;
        }

        RouterId ingress() {
            return ingress;
        }

        CircuitDial dial() {
            return dial;
        }

        /** Empty until the circuit is open. */
        Optional<CircuitStatus> status() {
            return Optional.ofNullable(status);
        }

        /** Empty until the circuit is open. */
        Optional<HostEnd> hostEnd() {
            return Optional.ofNullable(hostEnd);
        }

        /** The circuit took another path between the same ends. */
        void moved(CircuitStatus newStatus) {
            status = newStatus;
        }

        private List<EntityId> concerns() {
            List<EntityId> ids = new ArrayList<>();
            ids.add(ingress);
            ids.add(dial.service().id());
            dial.identity().ifPresent(ids::add);
            dial.apiSession().ifPresent(ids::add);
            dial.session().ifPresent(ids::add);
            HostEnd end = hostEnd;
            if (end != null) {
                ids.add(end.router());
                end.host().ifPresent(ids::add);
                end.hostedBy().ifPresent(by -> {
                    ids.add(by.apiSession());
                    ids.add(by.session());
                });
            }
            return ids;
        }
    }

    private final Map<CircuitId, Entry> byId = new ConcurrentHashMap<>();
    /** Who or what a circuit depends on, to the circuits: found without looking at the others. */
    private final Map<EntityId, Set<Entry>> byConcern = new ConcurrentHashMap<>();

    /** @return false when the id is in use */
    boolean reserve(CircuitId id, Entry entry) {
        if (byId.putIfAbsent(id, entry) != null) {
            return false;
        }
        index(entry);
        return true;
    }

    /** From now on it is shown, and its host's rights count too. */
    void opened(Entry entry, CircuitStatus status, HostEnd end) {
        entry.hostEnd = end;
        index(entry);
        entry.status = status;
    }

    void release(CircuitId id, Entry entry) {
        byId.remove(id, entry);
        for (EntityId concern : entry.concerns()) {
            byConcern.computeIfPresent(concern, (key, circuits) -> {
                circuits.remove(entry);
                return circuits.isEmpty() ? null : circuits;
            });
        }
    }

    private void index(Entry entry) {
        for (EntityId concern : entry.concerns()) {
            byConcern.compute(concern, (key, circuits) -> {
                Set<Entry> all = circuits == null ? ConcurrentHashMap.newKeySet(1) : circuits;
                all.add(entry);
                return all;
            });
        }
    }

    /** The circuits that the lost rights may concern, each once. */
    Collection<Entry> concerning(LostRights lost) {
        if (lost.everything()) {
            return List.copyOf(byId.values());
        }
        Set<Entry> found = new LinkedHashSet<>();
        for (EntityId concern : lost.concerned()) {
            found.addAll(byConcern.getOrDefault(concern, Set.of()));
        }
        return found;
    }

    /** How many ids lead to circuits: as many as circuits need, none when there are none. */
    int concerns() {
        return byConcern.size();
    }

    Optional<Entry> get(CircuitId id) {
        return Optional.ofNullable(byId.get(id));
    }

    Map<CircuitId, Entry> entries() {
        return Collections.unmodifiableMap(byId);
    }

    /** The actor that owns the circuit. */
    public Optional<ActorRef<CircuitActor.Command>> owner(CircuitId id) {
        return get(id).map(Entry::actor);
    }

    /** The circuit, if it is open. */
    public Optional<CircuitStatus> status(CircuitId id) {
        return get(id).flatMap(Entry::status);
    }

    /** Every open circuit. */
    public Collection<CircuitStatus> open() {
        return byId.values().stream().flatMap(e -> e.status().stream()).toList();
    }
}
