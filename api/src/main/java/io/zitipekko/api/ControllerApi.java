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
import java.util.List;
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
     */
    public static Function<TlsPeer, Flow<ByteString, ByteString, NotUsed>> handler(
            ClientContext context, String controllerId) {
        return ApiServer.handler(context.api(), routes(context, controllerId));
    }

    static List<ApiRoutes> routes(ClientContext context, String controllerId) {
        ManagementContext management = ManagementContext.of(context.api(), context.sessions(), context.fabric());
        ApiRoutes.Builder integrity = ApiRoutes.under(ManagementApi.BASE);
        new DataIntegrityRoutes(context.api().model()).addTo(integrity);
        return List.of(
                integrity.build(),
                ClientApi.routes(context),
                ClientApi.managementRoutes(context),
                ManagementApi.routes(management),
                FabricApi.routes(management, controllerId));
    }
}
