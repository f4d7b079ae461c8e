package io.zitipekko.actors.router.edge;

import io.zitipekko.actors.model.entity.PolicyType;
import io.zitipekko.actors.model.id.IdentityId;
import io.zitipekko.actors.model.id.RouterId;
import io.zitipekko.actors.model.id.ServiceId;
import io.zitipekko.actors.router.Registration;
import io.zitipekko.actors.router.datamodel.RouterDataModel;
import io.zitipekko.transport.identity.TrustAnchors;
import java.security.PublicKey;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;

/** A data model that a test changes at will. */
final class TestModel implements RouterDataModel {
    private final Map<IdentityId, IdentityEntry> identities = new ConcurrentHashMap<>();
    private final Map<ServiceId, ServiceEntry> services = new ConcurrentHashMap<>();
    private final Set<List<Object>> rights = ConcurrentHashMap.newKeySet();
    private final Map<String, PublicKey> keys = new ConcurrentHashMap<>();
    private final Set<String> revoked = ConcurrentHashMap.newKeySet();
    private final Set<RouterId> disabledRouters = ConcurrentHashMap.newKeySet();
    private final List<Consumer<Change>> listeners = new CopyOnWriteArrayList<>();
    private volatile TrustAnchors anchors = TrustAnchors.none();

    void identity(String id, boolean disabled) {
        IdentityId identity = new IdentityId(id);
        identities.put(identity, new IdentityEntry(identity, "name of " + id, disabled));
        changed(new Change(false, Set.of(identity), Set.of()));
    }

    void removeIdentity(String id) {
        identities.remove(new IdentityId(id));
        changed(new Change(false, Set.of(new IdentityId(id)), Set.of()));
    }

    void disable(RouterId router) {
        disabledRouters.add(router);
        changed(new Change(false, Set.of(), Set.of(), Set.of(router), Set.of()));
    }

    void service(String id, boolean encrypted) {
        services.put(new ServiceId(id), new ServiceEntry(new ServiceId(id), "name of " + id, encrypted));
    }

    void allow(String identity, String service, PolicyType type) {
        rights.add(List.of(new IdentityId(identity), new ServiceId(service), type));
        changed(new Change(false, Set.of(new IdentityId(identity)), Set.of(new ServiceId(service))));
    }

    void forbid(String identity, String service, PolicyType type) {
        rights.remove(List.of(new IdentityId(identity), new ServiceId(service), type));
        changed(new Change(false, Set.of(), Set.of(new ServiceId(service))));
    }

    void jwtKey(String kid, PublicKey key) {
        keys.put(kid, key);
    }

    void removeJwtKey(String kid) {
        keys.remove(kid);
    }

    void revokeApiSession(String id) {
        revoked.add(id);
        changed(Change.EVERYTHING);
    }

    void anchors(TrustAnchors newAnchors) {
        anchors = newAnchors;
    }

    void changed(Change change) {
        listeners.forEach(listener -> listener.accept(change));
    }

    @Override
    public Optional<IdentityEntry> identity(IdentityId id) {
        return Optional.ofNullable(identities.get(id));
    }

    @Override
    public Optional<ServiceEntry> service(ServiceId id) {
        return Optional.ofNullable(services.get(id));
    }

    @Override
    public Optional<ServiceEntry> serviceByName(String name) {
        return services.values().stream().filter(s -> s.name().equals(name)).findFirst();
    }

    @Override
    public boolean isDisabled(RouterId router) {
        return disabledRouters.contains(router);
    }

    @Override
    public Access access(IdentityId identity, ServiceId service, PolicyType type) {
        return rights.contains(List.of(identity, service, type))
                ? new Access.Granted()
                : new Access.Denied(Access.Reason.NO_POLICY);
    }

    @Override
    public TrustAnchors clientAnchors() {
        return anchors;
    }

    @Override
    public Optional<PublicKey> jwtKey(String kid) {
        return Optional.ofNullable(keys.get(kid));
    }

    @Override
    public boolean isApiSessionRevoked(String apiSessionId) {
        return revoked.contains(apiSessionId);
    }

    @Override
    public Optional<Instant> identityRevokedBefore(IdentityId identity) {
        return Optional.empty();
    }

    @Override
    public Registration onChange(Consumer<Change> listener) {
        listeners.add(listener);
        return () -> listeners.remove(listener);
    }
}
