package io.zitipekko.api;

import io.zitipekko.api.client.ClientApi;
import io.zitipekko.api.client.ClientContext;
import io.zitipekko.api.fabric.DataIntegrityRoutes;
import io.zitipekko.api.fabric.FabricApi;
import io.zitipekko.api.http.ApiRoutes;
import io.zitipekko.api.http.ApiServer;
import io.zitipekko.api.management.ManagementApi;
import io.zitipekko.api.management.entity.ManagementContext;
import io.zitipekko.transport.tls.TlsPeer;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.Function;
import org.apache.pekko.NotUsed;
import org.apache.pekko.stream.javadsl.Flow;
import org.apache.pekko.util.ByteString;

/** Everything that a controller offers over HTTP: client, management and fabric API on one listener. */
public final class ControllerApi {
    private ControllerApi() {}

    /**
     * What a {@code TlsServerProtocol} attaches to each connection.
     *
     * @param controllerId the controller's own, as inspections name it
     * @param bindings which APIs this listener offers, by their names in a node file: {@code edge-client}, {@code edge-management},
     *     {@code fabric}; nothing else is reachable through it
     */
    public static Function<TlsPeer, Flow<ByteString, ByteString, NotUsed>> handler(
            ClientContext context, String controllerId, Set<String> bindings) {
        return ApiServer.handler(context.api(), routes(context, controllerId, bindings));
    }

    static List<ApiRoutes> routes(ClientContext context, String controllerId, Set<String> bindings) {
        ManagementContext management = ManagementContext.of(context.api(), context.sessions(), context.fabric());
        List<ApiRoutes> routes = new ArrayList<>();
        if (bindings.contains("edge-client")) {
            routes.add(ClientApi.routes(context));
        }
        if (bindings.contains("edge-management")) {
            ApiRoutes.Builder integrity = ApiRoutes.under(ManagementApi.BASE);
            new DataIntegrityRoutes(context.api().model()).addTo(integrity);
            routes.add(integrity.build());
            routes.add(ClientApi.managementRoutes(context));
            routes.add(ManagementApi.routes(management));
        }
        if (bindings.contains("fabric")) {
            routes.add(FabricApi.routes(management, controllerId));
        }
        return routes;
    }
}
