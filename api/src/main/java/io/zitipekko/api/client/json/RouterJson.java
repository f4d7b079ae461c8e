package io.zitipekko.api.client.json;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.zitipekko.actors.fabric.FabricDirectory;
import io.zitipekko.actors.fabric.RouterStatus;
import io.zitipekko.actors.fabric.RouterStatus.SyncStatus;
import io.zitipekko.actors.model.ModelView;
import io.zitipekko.actors.model.entity.EdgeRouter;
import io.zitipekko.actors.model.id.RouterId;
import io.zitipekko.actors.model.type.EdgeRouters;
import io.zitipekko.api.entity.Shapes;
import io.zitipekko.api.http.Json;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/**
 * Routers as SDKs see them. Name and {@code supportedProtocols} must be the same, byte for byte, wherever a router appears, because SDKs join
 * by them (protocol/05 sections 8.2 and 13): hence made in one place.
 */
public final class RouterJson {
    private RouterJson() {}

    /** As {@code /current-identity/edge-routers} lists it. */
    public static ObjectNode listed(EdgeRouter router, FabricDirectory fabric) {
        ObjectNode out = Shapes.base(router, "edge-routers", List.of());
        out.setAll(common(router, fabric));
        out.set("appData", Json.tree(router.appData()));
        return out;
    }

    /** As sessions and {@code /services/{id}/edge-routers} list routers, by name. */
    public static ArrayNode all(Collection<RouterId> ids, ModelView view, FabricDirectory fabric) {
        ArrayNode out = Json.array();
        byName(ids, view).forEach(router -> {
            ObjectNode one = common(router, fabric);
            one.set("urls", one.get("supportedProtocols"));
            out.add(one);
        });
        return out;
    }

    /** Those of the routers that have enrolled. */
    public static List<EdgeRouter> byName(Collection<RouterId> ids, ModelView view) {
        return ids.stream()
                .map(id -> view.get(EdgeRouters.TYPE, id))
                .flatMap(Optional::stream)
                .filter(EdgeRouter::verified)
                .sorted(Comparator.comparing(EdgeRouter::name))
                .toList();
    }

    private static ObjectNode common(EdgeRouter router, FabricDirectory fabric) {
        // A router that did not tell its listeners yet has no address that an SDK could use: to SDKs it is not there.
        Optional<RouterStatus> status = fabric.router(router.id())
                .filter(known -> !known.supportedProtocols().isEmpty());
        ObjectNode out = Json.object();
        out.put("name", router.name());
        out.put("hostname", status.map(RouterStatus::hostname).orElse(""));
        out.put("isOnline", status.isPresent() && !router.disabled());
        ObjectNode protocols = out.putObject("supportedProtocols");
        status.ifPresent(known -> known.supportedProtocols().forEach(protocols::put));
        out.put(
                "syncStatus",
                status.map(RouterStatus::syncStatus).orElse(SyncStatus.UNKNOWN).json());
        out.put("cost", router.cost());
        out.put("noTraversal", router.noTraversal());
        out.put("disabled", router.disabled());
        ArrayNode capabilities = out.putArray("capabilities");
        status.ifPresent(known -> known.capabilities().forEach(capabilities::add));
        status.ifPresent(known -> out.put("version", known.version().version()));
        return out;
    }
}
