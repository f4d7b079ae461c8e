package io.zitipekko.actors.router.edge.host;

import io.zitipekko.actors.model.id.IdentityId;
import io.zitipekko.actors.model.id.ServiceId;
import io.zitipekko.actors.router.datamodel.RouterDataModel;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.pekko.util.ByteString;
import org.jspecify.annotations.Nullable;

/**
 * The listeners of a router's SDKs with the state of their terminators, found by whatever may end them without a look at the others. Not
 * thread-safe: it is {@link HostedServices}' own.
 */
final class Hostings {
    /** A listener and how far its terminator is. */
    static final class Hosting {
        HostedTerminator terminator;
        /** A creation is under way, or waits for its retry. */
        boolean asked;
        /** A controller has it, as far as known. */
        boolean established;

        int refusals;
        int inspections;
        long inspectingSince;

        Hosting(HostedTerminator terminator) {
            this.terminator = terminator;
        }
    }

    private record Listener(ByteString id, IdentityId identity, ServiceId service) {}

    private final Map<String, Hosting> byId = new LinkedHashMap<>();
    /** Channels, identities, services, service sessions by id and token, and listeners, to the terminators' ids. */
    private final Map<Object, Set<String>> byConcern = new HashMap<>();

    @Nullable
    Hosting get(String id) {
        return byId.get(id);
    }

    /** Takes the place of whatever had its id. */
    void put(HostedTerminator terminator) {
        remove(terminator.id());
        byId.put(terminator.id(), new Hosting(terminator));
        concerns(terminator).forEach(concern -> byConcern
                .computeIfAbsent(concern, k -> new LinkedHashSet<>())
                .add(terminator.id()));
    }

    void remove(String id) {
        Hosting removed = byId.remove(id);
        if (removed != null) {
            concerns(removed.terminator)
                    .forEach(concern -> byConcern.computeIfPresent(concern, (k, ids) -> {
                        ids.remove(id);
                        return ids.isEmpty() ? null : ids;
                    }));
        }
    }

    private static List<Object> concerns(HostedTerminator t) {
        List<Object> concerns = new ArrayList<>(List.of(
                t.connection(),
                t.owner().identityId(),
                t.grant().service(),
                t.grant().session().value(),
                t.grant().token()));
        if (t.listenerId() != null) {
            concerns.add(listener(t, t.listenerId()));
        }
        return concerns;
    }

    private static Listener listener(HostedTerminator t, ByteString listenerId) {
        return new Listener(listenerId, t.owner().identityId(), t.grant().service());
    }

    Collection<Hosting> all() {
        return List.copyOf(byId.values());
    }

    /** What a channel hosts. */
    List<HostedTerminator> of(HostChannel connection) {
        return concerning(Set.of(connection));
    }

    /** What a channel hosts under this connection id. */
    List<HostedTerminator> of(HostChannel connection, int connId) {
        return of(connection).stream().filter(t -> t.connId() == connId).toList();
    }

    int count(HostChannel connection) {
        return byConcern.getOrDefault(connection, Set.of()).size();
    }

    /** What is hosted by these service sessions, named by id or token. */
    List<HostedTerminator> ofSessions(Set<String> idsOrTokens) {
        return concerning(idsOrTokens);
    }

    /** What a change of the model may concern. */
    List<HostedTerminator> concerning(RouterDataModel.Change change) {
        if (change.everything()) {
            return byId.values().stream().map(hosting -> hosting.terminator).toList();
        }
        Set<Object> concerns = new LinkedHashSet<>(change.identities());
        concerns.addAll(change.services());
        return concerning(concerns);
    }

    /** The listener that a bind is for once more; null for a new one. */
    @Nullable
    Hosting sameListener(HostedTerminator wanted) {
        ByteString id = wanted.listenerId();
        if (id == null) {
            return null;
        }
        for (String known : byConcern.getOrDefault(listener(wanted, id), Set.of())) {
            return byId.get(known);
        }
        return null;
    }

    private List<HostedTerminator> concerning(Set<?> concerns) {
        Map<String, HostedTerminator> found = new LinkedHashMap<>();
        for (Object concern : concerns) {
            for (String id : byConcern.getOrDefault(concern, Set.of())) {
                Hosting hosting = byId.get(id);
                if (hosting != null) {
                    found.put(id, hosting.terminator);
                }
            }
        }
        return List.copyOf(found.values());
    }
}
