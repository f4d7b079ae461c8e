package io.zitipekko.actors.router.edge;

import io.zitipekko.actors.model.id.ApiSessionId;
import io.zitipekko.actors.model.id.IdentityId;
import io.zitipekko.actors.model.id.ServiceId;
import io.zitipekko.actors.router.edge.session.EdgeSession;
import io.zitipekko.actors.router.edge.session.Grant;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;

/**
 * The SDK channels that are open and authenticated, found by whose they are and by what their connections were granted, so that a lost
 * right costs what it touches and not what is open. Thread-safe.
 */
final class EdgeRegistry {
    private final Set<EdgeConnection> open = ConcurrentHashMap.newKeySet();
    private final Map<IdentityId, Set<EdgeConnection>> byIdentity = new ConcurrentHashMap<>();
    private final Map<ApiSessionId, Set<EdgeConnection>> byApiSession = new ConcurrentHashMap<>();
    /** Services, and service sessions by id and by token, to the channels with connections by them, and how many. */
    private final Map<Object, Map<EdgeConnection, Integer>> byGrant = new ConcurrentHashMap<>();

    private final Consumer<EdgeConnection> changed;

    /** @param changed called with each channel that came or went, on the thread that added or removed it */
    EdgeRegistry(Consumer<EdgeConnection> changed) {
        this.changed = changed;
    }

    /** The channel must know its session. */
    void add(EdgeConnection connection) {
        if (open.add(connection)) {
            EdgeSession session = connection.session().orElseThrow();
            put(byIdentity, session.identityId(), connection);
            put(byApiSession, session.apiSessionId(), connection);
            changed.accept(connection);
        }
    }

    void remove(EdgeConnection connection) {
        if (open.remove(connection)) {
            EdgeSession session = connection.session().orElseThrow();
            take(byIdentity, session.identityId(), connection);
            take(byApiSession, session.apiSessionId(), connection);
            changed.accept(connection);
        }
    }

    /** What is known of its session is different now. */
    void renewed(EdgeConnection connection) {
        changed.accept(connection);
    }

    private static <K> void put(Map<K, Set<EdgeConnection>> index, K key, EdgeConnection connection) {
        index.compute(key, (k, all) -> {
            Set<EdgeConnection> connections = all == null ? ConcurrentHashMap.newKeySet(1) : all;
            connections.add(connection);
            return connections;
        });
    }

    private static <K> void take(Map<K, Set<EdgeConnection>> index, K key, EdgeConnection connection) {
        index.computeIfPresent(key, (k, all) -> {
            all.remove(connection);
            return all.isEmpty() ? null : all;
        });
    }

    /** A connection by this grant is open, or about to be. */
    void granted(EdgeConnection connection, Grant grant) {
        for (Object key : keys(grant)) {
            byGrant.compute(key, (k, all) -> {
                Map<EdgeConnection, Integer> connections = all == null ? new ConcurrentHashMap<>(1) : all;
                connections.merge(connection, 1, Integer::sum);
                return connections;
            });
        }
    }

    /** One connection by this grant is gone. */
    void released(EdgeConnection connection, Grant grant) {
        for (Object key : keys(grant)) {
            byGrant.computeIfPresent(key, (k, all) -> {
                all.computeIfPresent(connection, (c, n) -> n <= 1 ? null : n - 1);
                return all.isEmpty() ? null : all;
            });
        }
    }

    private static List<Object> keys(Grant grant) {
        return List.of(grant.service(), grant.session().value(), grant.token());
    }

    Collection<EdgeConnection> of(IdentityId identity) {
        return List.copyOf(byIdentity.getOrDefault(identity, Set.of()));
    }

    Collection<EdgeConnection> of(ApiSessionId apiSession) {
        return List.copyOf(byApiSession.getOrDefault(apiSession, Set.of()));
    }

    /** Channels with connections to or from the service. */
    Collection<EdgeConnection> of(ServiceId service) {
        return List.copyOf(byGrant.getOrDefault(service, Map.of()).keySet());
    }

    /** Channels with connections by a service session, named by its id or its token. */
    Collection<EdgeConnection> ofServiceSession(String idOrToken) {
        return List.copyOf(byGrant.getOrDefault(idOrToken, Map.of()).keySet());
    }

    boolean contains(EdgeConnection connection) {
        return open.contains(connection);
    }

    List<EdgeConnection> all() {
        return List.copyOf(open);
    }

    int size() {
        return open.size();
    }

    /** How many keys lead to connections: none when none is open. */
    int grantKeys() {
        return byGrant.size();
    }
}
