package io.zitipekko.api.management.session;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.zitipekko.actors.fabric.RouterStatus;
import io.zitipekko.actors.model.entity.EdgeRouter;
import io.zitipekko.actors.model.entity.Service;
import io.zitipekko.actors.model.entity.ServicePolicy;
import io.zitipekko.actors.model.entity.Session;
import io.zitipekko.actors.model.id.RouterId;
import io.zitipekko.actors.model.type.EdgeRouters;
import io.zitipekko.actors.model.type.ServicePolicies;
import io.zitipekko.actors.model.type.Services;
import io.zitipekko.actors.model.type.Sessions;
import io.zitipekko.api.entity.Shapes;
import io.zitipekko.api.entity.Symbols;
import io.zitipekko.api.entity.Words;
import io.zitipekko.api.http.Access;
import io.zitipekko.api.http.ApiHandler;
import io.zitipekko.api.http.ApiResponse;
import io.zitipekko.api.http.ApiRoutes;
import io.zitipekko.api.http.Json;
import io.zitipekko.api.http.RequestContext;
import io.zitipekko.api.management.entity.EntityResource;
import io.zitipekko.api.management.entity.Fields;
import io.zitipekko.api.management.entity.ManagementContext;
import io.zitipekko.api.management.entity.Reading;
import io.zitipekko.api.query.SymbolTable;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Service sessions: seen and ended, never made here. protocol/06 section 6.14. */
public final class SessionResource extends EntityResource<Session> {
    private static final SymbolTable<Session> SYMBOLS = Symbols.<Session>base()
            .string("token", session -> session.id().value())
            .string("apiSession", session -> session.apiSessionId().value())
            .string("service", session -> session.serviceId().value())
            .string("type", session -> Words.of(session.type()))
            .build();

    public SessionResource(ManagementContext context) {
        super(context, "sessions", "ops", Sessions.TYPE, SYMBOLS, List.of("route-path"));
    }

    @Override
    public void addTo(ApiRoutes.Builder routes) {
        addReadsTo(routes);
        routes.delete("sessions/{id}", may(Access.Action.DELETE), this::delete)
                .get("sessions/{id}/route-path", may(Access.Action.READ), ApiHandler.direct(this::routePath));
    }

    /** The token itself is signed for whoever opened the session; here its id, the {@code jti}, stands for it. */
    @Override
    protected void describe(Session session, ObjectNode out, Reading reading) {
        out.put("type", Words.of(session.type()));
        out.put("token", session.id().value());
        out.put("apiSessionId", session.apiSessionId().value());
        out.set("apiSession", Shapes.ref("api-sessions", session.apiSessionId(), null));
        out.put("identityId", session.identityId().value());
        out.put("serviceId", session.serviceId().value());
        String name = reading.view()
                .get(Services.TYPE, session.serviceId())
                .map(Service::name)
                .orElse(null);
        out.set("service", Shapes.ref("services", session.serviceId(), name));
        ArrayNode policies = out.putArray("servicePolicies");
        reading.view()
                .policies()
                .grants(session.identityId(), session.serviceId(), session.type())
                .forEach(id -> policies.add(Shapes.ref(
                        "service-policies",
                        id,
                        reading.view()
                                .get(ServicePolicies.TYPE, id)
                                .map(ServicePolicy::name)
                                .orElse(null))));
        describeRouters(session, out.putArray("edgeRouters"), reading);
    }

    private static void describeRouters(Session session, ArrayNode out, Reading reading) {
        Set<RouterId> usable = new HashSet<>(reading.view().policies().routers(session.identityId()));
        usable.retainAll(reading.view().policies().routers(session.serviceId()));
        for (EdgeRouter router : reading.all(EdgeRouters.TYPE, usable)) {
            Optional<RouterStatus> status = reading.fabric().router(router.id());
            ObjectNode one = out.addObject()
                    .put("hostname", status.map(RouterStatus::hostname).orElse(""))
                    .put("isOnline", status.isPresent())
                    .put("name", router.name())
                    .put("cost", router.cost())
                    .put("noTraversal", router.noTraversal())
                    .put("disabled", router.disabled())
                    .put("syncStatus", status.map(s -> s.syncStatus().json()).orElse("SYNC_DISCONNECTED"));
            var protocols =
                    Json.tree(status.map(RouterStatus::supportedProtocols).orElse(java.util.Map.of()));
            one.set("supportedProtocols", protocols);
            one.set("urls", protocols);
        }
    }

    /** The routers of a circuit that the session opened; empty when there is none. */
    private ApiResponse routePath(RequestContext request) {
        Session session = existing(context.model().view(), request);
        ArrayNode path = Json.array();
        context.fabric().circuits().stream()
                .filter(circuit -> circuit.clientId().equals(session.id().value()))
                .findFirst()
                .ifPresent(circuit -> circuit.nodes().forEach(node -> path.add(node.value())));
        ObjectNode out = Json.object();
        out.set("routePath", path);
        return ApiResponse.ok(out);
    }

    /** No verb leads here. */
    @Override
    protected Session read(Fields<Session> fields, String id, Instant now) {
        throw new UnsupportedOperationException("sessions are made by the client API");
    }
}
