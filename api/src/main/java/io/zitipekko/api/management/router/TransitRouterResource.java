package io.zitipekko.api.management.router;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.zitipekko.actors.model.Change;
import io.zitipekko.actors.model.entity.EdgeRouter;
import io.zitipekko.actors.model.type.EdgeRouters;
import io.zitipekko.api.entity.Symbols;
import io.zitipekko.api.http.Access;
import io.zitipekko.api.http.ApiError;
import io.zitipekko.api.http.ApiRoutes;
import io.zitipekko.api.management.entity.EntityResource;
import io.zitipekko.api.management.entity.Fields;
import io.zitipekko.api.management.entity.ManagementContext;
import io.zitipekko.api.management.entity.Reading;
import io.zitipekko.api.query.SymbolTable;
import java.time.Instant;
import java.util.List;

/**
 * Every router of the network, as {@code /transit-routers} and {@code /routers} show them. All are edge routers, which this view shows as
 * verified, without enrollment, and does not change. protocol/06 section 6.5.
 */
public final class TransitRouterResource extends EntityResource<EdgeRouter> {
    private static final SymbolTable<EdgeRouter> SYMBOLS = Symbols.<EdgeRouter>base()
            .string("name", EdgeRouter::name)
            .string(
                    "fingerprint",
                    router -> router.fingerprint() == null
                            ? null
                            : router.fingerprint().hex())
            .integer("cost", EdgeRouter::cost)
            .bool("noTraversal", EdgeRouter::noTraversal)
            .bool("disabled", EdgeRouter::disabled)
            .strings("ctrlChanListeners", router -> router.ctrlChanListeners().keySet())
            .build();

    /** @param collection {@code transit-routers} or {@code routers} */
    public TransitRouterResource(ManagementContext context, String collection) {
        super(context, collection, "router", EdgeRouters.TYPE, SYMBOLS, List.of());
    }

    @Override
    public void addTo(ApiRoutes.Builder routes) {
        addReadsTo(routes);
        String one = collection() + "/{id}";
        routes.put(one, may(Access.Action.UPDATE), request -> change(request, TransitRouterResource::refuse))
                .patch(one, may(Access.Action.UPDATE), request -> change(request, TransitRouterResource::refuse))
                .delete(one, may(Access.Action.DELETE), this::delete);
    }

    private static List<Change> refuse(EdgeRouter router) {
        throw ApiError.of("CAN_NOT_UPDATE_ROUTER", 409, "Edge routers are changed under /edge-routers")
                .because("id", "is an edge router", router.id());
    }

    @Override
    protected void describe(EdgeRouter router, ObjectNode out, Reading reading) {
        RouterShape.describe(router, out, reading);
        out.put("isVerified", true);
        out.remove(List.of("enrollmentToken", "enrollmentJwt", "enrollmentCreatedAt", "enrollmentExpiresAt"));
        if (router.fingerprint() == null) {
            out.putNull("fingerprint");
        }
    }

    /** No verb leads here. */
    @Override
    protected EdgeRouter read(Fields<EdgeRouter> fields, String id, Instant now) {
        throw new UnsupportedOperationException("routers are changed under /edge-routers");
    }
}
