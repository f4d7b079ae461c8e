package io.zitipekko.api.management.system;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.zitipekko.actors.model.ModelView;
import io.zitipekko.actors.model.entity.PostureCheck;
import io.zitipekko.actors.model.entity.PostureCheck.OsType;
import io.zitipekko.actors.model.type.ApiSessionCertificates;
import io.zitipekko.actors.model.type.ApiSessions;
import io.zitipekko.actors.model.type.AuthPolicies;
import io.zitipekko.actors.model.type.Authenticators;
import io.zitipekko.actors.model.type.Cas;
import io.zitipekko.actors.model.type.ConfigTypes;
import io.zitipekko.actors.model.type.Configs;
import io.zitipekko.actors.model.type.EdgeRouterPolicies;
import io.zitipekko.actors.model.type.EdgeRouters;
import io.zitipekko.actors.model.type.Enrollments;
import io.zitipekko.actors.model.type.Identities;
import io.zitipekko.actors.model.type.PostureChecks;
import io.zitipekko.actors.model.type.ServiceEdgeRouterPolicies;
import io.zitipekko.actors.model.type.ServicePolicies;
import io.zitipekko.actors.model.type.Services;
import io.zitipekko.actors.model.type.Sessions;
import io.zitipekko.api.entity.Lists;
import io.zitipekko.api.entity.Shapes;
import io.zitipekko.api.http.Access;
import io.zitipekko.api.http.ApiErrors;
import io.zitipekko.api.http.ApiHandler;
import io.zitipekko.api.http.ApiResponse;
import io.zitipekko.api.http.ApiRoutes;
import io.zitipekko.api.http.Json;
import io.zitipekko.api.http.RequestContext;
import io.zitipekko.api.management.entity.ManagementContext;
import io.zitipekko.api.query.SymbolTable;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;
import java.util.function.Function;

/**
 * The routes that no entity stands behind: counts, fixed lists, and lists of kinds of which this controller has none (certificate authorities,
 * external signers, revocations, other controllers). protocol/06 sections 6.12, 6.13 and 6.16.
 */
public final class SystemRoutes {
    private static final SymbolTable<String> NOTHING = SymbolTable.<String>of(Function.identity())
            .string("name", Function.identity())
            .build();
    private static final List<String> IDENTITY_TYPES = List.of("Default", "Router");
    private static final List<OsType> COMPUTERS =
            List.of(OsType.WINDOWS, OsType.WINDOWS_SERVER, OsType.LINUX, OsType.MAC_OS);
    /** With the operating systems on which clients can answer them. */
    private static final Map<String, List<OsType>> POSTURE_CHECK_TYPES = new TreeMap<>(Map.of(
            PostureCheck.Domains.TYPE_ID, List.of(OsType.WINDOWS, OsType.WINDOWS_SERVER),
            PostureCheck.MacAddresses.TYPE_ID, COMPUTERS,
            PostureCheck.OperatingSystems.TYPE_ID, List.of(OsType.values()),
            PostureCheck.SingleProcess.TYPE_ID, COMPUTERS,
            PostureCheck.ProcessMulti.TYPE_ID, COMPUTERS));

    private final ManagementContext context;
    private final Instant started;
    /** One for the life of the process. */
    private final String networkToken;

    public SystemRoutes(ManagementContext context) {
        this.context = context;
        this.started = context.api().clock().instant();
        this.networkToken = context.tokens().network(UUID.randomUUID().toString());
    }

    public void addTo(ApiRoutes.Builder routes) {
        routes.get("summary", Access.ADMIN, ApiHandler.direct(this::summary))
                .get("network-jwts", Access.ANONYMOUS, ApiHandler.direct(this::networkTokens))
                .get(
                        "enumerated-router-capabilities",
                        Access.AUTHENTICATED,
                        ApiHandler.direct(request -> ApiResponse.ok(Shapes.texts(List.of(
                                "MULTI_CHANNEL",
                                "CONNECT_V2",
                                "SERVICE_SUBSCRIPTIONS",
                                "POSTURE_CHECKS",
                                "BIND_SUCCESS")))));
        addFixed(routes, "identity-types", IDENTITY_TYPES);
        addFixed(routes, "posture-check-types", List.copyOf(POSTURE_CHECK_TYPES.keySet()));
        addNothing(routes, "external-jwt-signers", Access.permission("external-jwt-signer", Access.Action.READ));
        addNothing(routes, "revocations", Access.permission("revocation", Access.Action.READ));
        addNothing(routes, "controllers", Access.permission("controllers", Access.Action.READ));
    }

    private void addFixed(ApiRoutes.Builder routes, String path, List<String> names) {
        routes.get(
                        path,
                        Access.AUTHENTICATED,
                        ApiHandler.direct(request -> Lists.answer(
                                request, names, NOTHING, context.model().view(), name -> named(path, name))))
                .get(path + "/{id}", Access.AUTHENTICATED, ApiHandler.direct(request -> {
                    String id = request.variable("id");
                    if (!names.contains(id)) {
                        throw ApiErrors.notFound();
                    }
                    return ApiResponse.ok(named(path, id));
                }));
    }

    private JsonNode named(String collection, String name) {
        ObjectNode out = Shapes.base(name, started, started, Map.of(), collection, List.of());
        out.put("name", name);
        if (collection.equals("posture-check-types")) {
            ArrayNode systems = out.putArray("operatingSystems");
            POSTURE_CHECK_TYPES.get(name).forEach(system -> systems.addObject()
                    .put("type", system.wireName())
                    .putArray("versions"));
            out.put("version", 1);
        }
        return out;
    }

    private void addNothing(ApiRoutes.Builder routes, String path, Access access) {
        routes.get(
                        path,
                        access,
                        ApiHandler.direct(request ->
                                Lists.empty(request, NOTHING, context.model().view())))
                .get(path + "/{id}", access, ApiHandler.direct(request -> {
                    throw ApiErrors.notFound();
                }));
    }

    private ApiResponse networkTokens(RequestContext request) {
        ArrayNode data = Json.array();
        data.addObject().put("name", "default").put("token", networkToken);
        return Lists.whole(data);
    }

    private ApiResponse summary(RequestContext request) {
        ModelView view = context.model().view();
        ObjectNode out = Json.object()
                .put("apiSessionCertificates", view.count(ApiSessionCertificates.TYPE))
                .put("apiSessions", view.count(ApiSessions.TYPE))
                .put("authPolicies", view.count(AuthPolicies.TYPE))
                .put("authenticators", view.count(Authenticators.TYPE))
                .put("cas", view.count(Cas.TYPE))
                .put("configTypes", view.count(ConfigTypes.TYPE))
                .put("configs", view.count(Configs.TYPE))
                .put("controllers", 0)
                .put("edgeRouterPolicies", view.count(EdgeRouterPolicies.TYPE))
                .put("enrollments", view.count(Enrollments.TYPE))
                .put("eventualEvents", 0)
                .put("externalJwtSigners", 0)
                .put("identities", view.count(Identities.TYPE))
                .put("identityTypes", IDENTITY_TYPES.size())
                .put("mfas", 0)
                .put("postureCheckTypes", POSTURE_CHECK_TYPES.size())
                .put("postureChecks", view.count(PostureChecks.TYPE))
                .put("revocations", 0)
                .put("routers", view.count(EdgeRouters.TYPE))
                .put("routers.edge", view.count(EdgeRouters.TYPE))
                .put("serviceEdgeRouterPolicies", view.count(ServiceEdgeRouterPolicies.TYPE))
                .put("servicePolicies", view.count(ServicePolicies.TYPE))
                .put("services", view.count(Services.TYPE))
                .put("services.edge", view.count(Services.TYPE))
                .put("sessions", view.count(Sessions.TYPE))
                .put("terminators", context.fabric().terminators().size());
        ObjectNode answer = Json.object();
        answer.set("data", out);
        answer.putNull("meta");
        return ApiResponse.json(200, answer);
    }
}
