package io.zitipekko.actors.fabric.circuit;

import io.zitipekko.actors.fabric.CircuitStatus;
import io.zitipekko.transport.xgress.CircuitId;
import java.util.Collection;
import java.util.Collections;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.pekko.actor.typed.ActorRef;
import org.jspecify.annotations.Nullable;

/** Every circuit of this controller, opened or being opened: who owns it, and what it looks like to readers. */
public final class CircuitTable {
    /** One circuit. Only its {@link CircuitActor} changes it. */
    static final class Entry {
        private final ActorRef<CircuitActor.Command> actor;
        private final CircuitDial dial;
        private volatile @Nullable CircuitStatus status;

        Entry(ActorRef<CircuitActor.Command> actor, CircuitDial dial) {
            this.actor = actor;
            this.dial = dial;
        }

        ActorRef<CircuitActor.Command> actor() {
            return actor;
        }

        CircuitDial dial() {
            return dial;
        }

        /** Empty until the circuit is open. */
        Optional<CircuitStatus> status() {
            return Optional.ofNullable(status);
        }

        void opened(CircuitStatus newStatus) {
            status = newStatus;
        }
    }

    private final Map<CircuitId, Entry> byId = new ConcurrentHashMap<>();

    /** @return false when the id is in use */
    boolean reserve(CircuitId id, Entry entry) {
        return byId.putIfAbsent(id, entry) == null;
    }

    void release(CircuitId id, Entry entry) {
        byId.remove(id, entry);
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
