package io.zitipekko.api.management.identity;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.zitipekko.actors.model.Change;
import io.zitipekko.actors.model.ModelView;
import io.zitipekko.actors.model.entity.Config;
import io.zitipekko.actors.model.entity.Identity;
import io.zitipekko.actors.model.entity.Service;
import io.zitipekko.actors.model.id.ConfigId;
import io.zitipekko.actors.model.id.ServiceId;
import io.zitipekko.actors.model.type.Configs;
import io.zitipekko.actors.model.type.Identities;
import io.zitipekko.actors.model.type.Services;
import io.zitipekko.api.entity.Shapes;
import io.zitipekko.api.http.Access;
import io.zitipekko.api.http.ApiErrors;
import io.zitipekko.api.http.ApiHandler;
import io.zitipekko.api.http.ApiResponse;
import io.zitipekko.api.http.ApiRoutes;
import io.zitipekko.api.http.Envelope;
import io.zitipekko.api.http.Json;
import io.zitipekko.api.http.RequestContext;
import io.zitipekko.api.management.entity.Fields;
import io.zitipekko.api.management.entity.ManagementContext;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.CompletionStage;
import java.util.function.BiConsumer;

/**
 * Configs that an identity uses in place of a service's own: one for each service and config type. protocol/06 section 6.1,
 * {@code /service-configs}.
 */
public final class IdentityServiceConfigs {
    private static final String PATH = IdentityResource.COLLECTION + "/{id}/service-configs";
    private static final int MAX_ROWS = 10_000;

    private final ManagementContext context;

    public IdentityServiceConfigs(ManagementContext context) {
        this.context = context;
    }

    /** What one row names, both found. */
    private record Row(Service service, Config config) {}

    public void addTo(ApiRoutes.Builder routes) {
        Access update = Access.permission("identity", Access.Action.UPDATE);
        routes.get(PATH, Access.permission("identity", Access.Action.READ), ApiHandler.direct(this::list))
                .post(PATH, update, request -> change(request, IdentityServiceConfigs::put))
                .delete(PATH, update, request -> change(request, IdentityServiceConfigs::remove));
    }

    private ApiResponse list(RequestContext request) {
        ModelView view = context.model().view();
        Identity identity = IdentityLookup.existing(view, request.variable("id"));
        ArrayNode rows = Json.array();
        new TreeMap<>(identity.serviceConfigs())
                .forEach((service, overrides) -> overrides.values().forEach(config -> {
                    String serviceName = view.get(Services.TYPE, new ServiceId(service))
                            .map(Service::name)
                            .orElse(null);
                    String configName = view.get(Configs.TYPE, new ConfigId(config))
                            .map(Config::name)
                            .orElse(null);
                    ObjectNode row = rows.addObject().put("serviceId", service).put("configId", config);
                    row.set("service", Shapes.ref("services", service, serviceName));
                    row.set("config", Shapes.ref("configs", config, configName));
                }));
        return ApiResponse.json(200, Envelope.list(rows, rows.size(), 0, rows.size(), List.of()));
    }

    private CompletionStage<ApiResponse> change(
            RequestContext request, BiConsumer<Map<String, Map<String, String>>, Row> edit) {
        JsonNode body = request.json();
        return context.writes()
                .derived(request.author(), view -> {
                    Identity before =
                            IdentityResource.administered(context.reading(request), request, request.variable("id"));
                    Map<String, Map<String, String>> overrides = new TreeMap<>();
                    before.serviceConfigs().forEach((service, own) -> overrides.put(service, new TreeMap<>(own)));
                    rows(body, view).forEach(row -> edit.accept(overrides, row));
                    return List.of(new Change.Put<>(
                            Identities.TYPE, withServiceConfigs(before, overrides, request.now()), before));
                })
                .thenApply(commit -> ApiResponse.empty());
    }

    private static void put(Map<String, Map<String, String>> overrides, Row row) {
        overrides
                .computeIfAbsent(row.service().id().value(), s -> new TreeMap<>())
                .put(row.config().configTypeId().value(), row.config().id().value());
    }

    private static void remove(Map<String, Map<String, String>> overrides, Row row) {
        overrides
                .getOrDefault(row.service().id().value(), new TreeMap<>())
                .remove(row.config().configTypeId().value());
    }

    private static List<Row> rows(JsonNode body, ModelView view) {
        if (body.isMissingNode() || body.isNull()) {
            return List.of();
        }
        if (!body.isArray() || body.size() > MAX_ROWS) {
            throw ApiErrors.couldNotParseBody("expected a list of at most " + MAX_ROWS + " rows {serviceId, configId}");
        }
        List<Row> rows = new ArrayList<>(body.size());
        for (JsonNode row : body) {
            if (!row.hasNonNull("serviceId") || !row.hasNonNull("configId")) {
                throw ApiErrors.required(row.hasNonNull("serviceId") ? "configId" : "serviceId");
            }
            String service = Fields.text("serviceId", row.get("serviceId"));
            String config = Fields.text("configId", row.get("configId"));
            rows.add(new Row(
                    find(
                            service,
                            "serviceId",
                            view.get(Services.TYPE, Fields.id("serviceId", service, ServiceId::new))),
                    find(config, "configId", view.get(Configs.TYPE, Fields.id("configId", config, ConfigId::new)))));
        }
        return rows;
    }

    private static <T> T find(String id, String field, Optional<T> found) {
        return found.orElseThrow(() -> ApiErrors.notFound().because(field, "nothing has that id", id));
    }

    private static Identity withServiceConfigs(
            Identity identity, Map<String, Map<String, String>> serviceConfigs, Instant now) {
        return new Identity(
                identity.id(),
                identity.meta().touched(now),
                identity.name(),
                identity.type(),
                identity.admin(),
                identity.defaultAdmin(),
                identity.roleAttributes(),
                identity.externalId(),
                identity.authPolicyId(),
                identity.appData(),
                identity.defaultHostingPrecedence(),
                identity.defaultHostingCost(),
                identity.serviceHostingCosts(),
                identity.serviceHostingPrecedences(),
                serviceConfigs,
                identity.disabledAt(),
                identity.disabledUntil(),
                identity.envInfo(),
                identity.sdkInfo(),
                identity.permissions());
    }
}
