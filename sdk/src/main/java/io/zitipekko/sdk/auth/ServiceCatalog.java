package io.zitipekko.sdk.auth;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.zitipekko.sdk.ZitiException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;

/**
 * What the controllers say about services, edge routers and service sessions. Services by name and service sessions are remembered
 * until {@link #forget}, or until there is a new API session.
 */
public final class ServiceCatalog {
    private static final int PAGE = 100;
    private static final int MAX_SERVICES = 100_000;

    private record SessionKey(String serviceId, ServiceSession.Type type) {}

    private final ControllerClient client;
    private final SessionKeeper keeper;
    private final ServiceNames names;
    private final ConcurrentHashMap<String, CompletionStage<ServiceDetail>> services = new ConcurrentHashMap<>();
    private final ConcurrentHashMap<SessionKey, CompletionStage<ServiceSession>> sessions = new ConcurrentHashMap<>();

    public ServiceCatalog(ControllerClient client, SessionKeeper keeper) {
        this.client = client;
        this.keeper = keeper;
        this.names = new ServiceNames(filter -> keeper.authenticated(session -> client.get(
                "/services?limit=" + ServiceNames.MOST_TOGETHER + "&filter="
                        + URLEncoder.encode(filter, StandardCharsets.UTF_8),
                session.token())));
    }

    /** Everything that may be dialed or bound. */
    public CompletionStage<List<ServiceDetail>> services() {
        return page(new ArrayList<>());
    }

    private CompletionStage<List<ServiceDetail>> page(List<ServiceDetail> before) {
        return keeper.authenticated(
                        session -> client.get("/services?limit=" + PAGE + "&offset=" + before.size(), session.token()))
                .thenCompose(data -> {
                    data.forEach(item -> before.add(ServiceDetail.of(item)));
                    boolean last = data.size() < PAGE || before.size() >= MAX_SERVICES;
                    return last ? CompletableFuture.completedStage(List.copyOf(before)) : page(before);
                });
    }

    /** The service of this name; empty when there is none that this identity may use. */
    public CompletionStage<Optional<ServiceDetail>> service(String name) {
        return names.find(name);
    }

    /** As {@link #service}, remembered; fails with a clear text when there is none. */
    public CompletionStage<ServiceDetail> knownService(String name) {
        return remembered(services, name, () -> service(name)
                .thenApply(found -> found.orElseThrow(() -> new ZitiException(
                        "service '" + name + "' does not exist, or no policy lets this identity dial or bind it"))));
    }

    /** The session for using a service. */
    public CompletionStage<ServiceSession> session(ServiceDetail service, ServiceSession.Type type) {
        return remembered(sessions, new SessionKey(service.id(), type), () -> create(service, type));
    }

    private CompletionStage<ServiceSession> create(ServiceDetail service, ServiceSession.Type type) {
        ObjectNode body = JsonNodeFactory.instance
                .objectNode()
                .put("serviceId", service.id())
                .put("type", type.wire());
        ApiSession[] used = new ApiSession[1];
        return keeper.authenticated(session -> {
                    used[0] = session;
                    return client.post("/sessions", body, session.token());
                })
                .handle((data, failure) -> {
                    if (failure != null) {
                        Throwable cause = ZitiException.unwrapped(failure);
                        throw new ZitiException(
                                "no " + type.wire() + " session for service '" + service.name() + "': "
                                        + cause.getMessage(),
                                cause);
                    }
                    return ServiceSession.of(type, data, used[0]);
                });
    }

    private static <K, V> CompletionStage<V> remembered(
            ConcurrentHashMap<K, CompletionStage<V>> map, K key, Supplier<CompletionStage<V>> source) {
        CompletionStage<V> known = map.get(key);
        if (known != null) {
            return known;
        }
        CompletableFuture<V> promised = new CompletableFuture<>();
        CompletionStage<V> raced = map.putIfAbsent(key, promised);
        if (raced != null) {
            return raced;
        }
        source.get().whenComplete((value, failure) -> {
            if (failure == null) {
                promised.complete(value);
            } else {
                map.remove(key, promised);
                promised.completeExceptionally(ZitiException.unwrapped(failure));
            }
        });
        return promised;
    }

    /** The edge routers that this identity may use at all. */
    public CompletionStage<List<EdgeRouterDetail>> edgeRouters() {
        return keeper.authenticated(session -> client.get("/current-identity/edge-routers", session.token()))
                .thenApply(EdgeRouterDetail::listOf);
    }

    /** What is remembered of a service is not right any more. */
    public void forget(ServiceDetail service, ServiceSession.Type type) {
        services.remove(service.name());
        sessions.remove(new SessionKey(service.id(), type));
    }

    /** A new API session: service sessions of the old one are of no use. */
    public void forgetAll() {
        services.clear();
        sessions.clear();
    }

    /** Who this is. */
    public CompletionStage<JsonNode> currentIdentity() {
        return keeper.authenticated(session -> client.get("/current-identity", session.token()));
    }
}
