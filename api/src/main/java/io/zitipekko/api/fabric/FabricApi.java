package io.zitipekko.api.fabric;

import io.zitipekko.api.http.Access;
import io.zitipekko.api.http.ApiRoutes;
import io.zitipekko.api.management.entity.ManagementContext;
import io.zitipekko.api.management.service.TerminatorResource;

/** Puts the fabric API together. protocol/06 section 7. */
public final class FabricApi {
    private static final String BASE = "/fabric/v1";

    private FabricApi() {}

    /** @param controllerId the controller's own, as inspections name it */
    public static ApiRoutes routes(ManagementContext context, String controllerId) {
        ApiRoutes.Builder routes = ApiRoutes.under(BASE);
        new FabricServiceResource(context).addTo(routes);
        new FabricRouterResource(context).addTo(routes);
        new TerminatorResource(context, TerminatorResource.Dialect.FABRIC, action -> Access.ADMIN).addTo(routes);
        new LinkRoutes(context).addTo(routes);
        new CircuitRoutes(context).addTo(routes);
        new InspectionRoutes(context, controllerId).addTo(routes);
        new ClusterRoutes().addTo(routes);
        new DataIntegrityRoutes(context.model()).addTo(routes);
        return routes.build();
    }
}
