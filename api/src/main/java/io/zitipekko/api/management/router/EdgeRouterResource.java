package io.zitipekko.api.management.router;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.zitipekko.actors.model.Change;
import io.zitipekko.actors.model.ModelView;
import io.zitipekko.actors.model.entity.EdgeRouter;
import io.zitipekko.actors.model.entity.Enrollment;
import io.zitipekko.actors.model.id.ConfigId;
import io.zitipekko.actors.model.id.RouterId;
import io.zitipekko.actors.model.type.EdgeRouters;
import io.zitipekko.actors.model.type.Enrollments;
import io.zitipekko.api.entity.Shapes;
import io.zitipekko.api.entity.Symbols;
import io.zitipekko.api.http.Access;
import io.zitipekko.api.http.ApiErrors;
import io.zitipekko.api.http.ApiResponse;
import io.zitipekko.api.http.ApiRoutes;
import io.zitipekko.api.http.Json;
import io.zitipekko.api.http.RequestContext;
import io.zitipekko.api.management.entity.EntityResource;
import io.zitipekko.api.management.entity.Fields;
import io.zitipekko.api.management.entity.ManagementContext;
import io.zitipekko.api.management.entity.Reading;
import io.zitipekko.api.management.entity.RoleFilter;
import io.zitipekko.api.query.Query;
import io.zitipekko.api.query.SymbolTable;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.concurrent.CompletionStage;

/** Edge routers. Making one always makes the right to enroll it. protocol/06 section 6.4. */
public final class EdgeRouterResource extends EntityResource<EdgeRouter> {
    public static final String COLLECTION = "edge-routers";

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
            .strings(
                    "configs",
                    router -> router.configs().stream().map(ConfigId::value).toList())
            .strings("roleAttributes", EdgeRouter::roleAttributes)
            .bool("isVerified", EdgeRouter::verified)
            .bool("isTunnelerEnabled", EdgeRouter::tunnelerEnabled)
            .build();

    public EdgeRouterResource(ManagementContext context) {
        super(context, COLLECTION, "router", EdgeRouters.TYPE, SYMBOLS, List.of("edge-router-policies"));
    }

    @Override
    public void addTo(ApiRoutes.Builder routes) {
        super.addTo(routes);
        routes.post(COLLECTION + "/{id}/re-enroll", may(Access.Action.UPDATE), this::reEnroll);
    }

    @Override
    protected Query<EdgeRouter> narrowed(Query<EdgeRouter> query, RequestContext request, Reading reading) {
        return RoleFilter.narrow(query, request, EdgeRouter::roleAttributes);
    }

    @Override
    protected void describe(EdgeRouter router, ObjectNode out, Reading reading) {
        RouterShape.describe(router, out, reading);
        out.set("roleAttributes", Shapes.texts(router.roleAttributes()));
        out.put("isTunnelerEnabled", router.tunnelerEnabled());
        out.set("appData", Json.tree(router.appData()));
    }

    @Override
    protected EdgeRouter read(Fields<EdgeRouter> fields, String id, Instant now) {
        EdgeRouter before = fields.before();
        return new EdgeRouter(
                new RouterId(id),
                fields.meta(now),
                fields.requiredText("name", EdgeRouter::name),
                new TreeSet<>(fields.texts("roleAttributes", router -> List.copyOf(router.roleAttributes()))),
                fields.bool("isTunnelerEnabled", EdgeRouter::tunnelerEnabled, false),
                fields.cost("cost", EdgeRouter::cost),
                fields.bool("noTraversal", EdgeRouter::noTraversal, false),
                fields.bool("disabled", EdgeRouter::disabled, false),
                fields.map("appData", EdgeRouter::appData),
                fields
                        .texts("configs", router -> router.configs().stream()
                                .map(ConfigId::value)
                                .toList())
                        .stream()
                        .distinct()
                        .map(config -> Fields.id("configs", config, ConfigId::new))
                        .toList(),
                fields.get("ctrlChanListeners", EdgeRouterResource::listeners, EdgeRouter::ctrlChanListeners, Map.of()),
                before != null && before.verified(),
                before == null ? null : before.fingerprint(),
                before == null ? null : before.certPem(),
                before == null ? null : before.unverifiedFingerprint(),
                before == null ? null : before.unverifiedCertPem());
    }

    private static Map<String, List<String>> listeners(JsonNode value) {
        Fields.map("ctrlChanListeners", value);
        Map<String, List<String>> out = new LinkedHashMap<>();
        value.fields()
                .forEachRemaining(field -> out.put(
                        field.getKey(),
                        field.getValue().isNull() ? List.of() : Fields.texts("ctrlChanListeners", field.getValue())));
        return out;
    }

    @Override
    protected List<Change> creation(EdgeRouter router, RequestContext request) {
        return List.of(
                new Change.Put<>(EdgeRouters.TYPE, router, null),
                new Change.Put<>(Enrollments.TYPE, context.enrollments().prepareRouter(router.id(), null), null));
    }

    /** Its certificate counts no more; a new token takes the place of any old one. */
    private CompletionStage<ApiResponse> reEnroll(RequestContext request) {
        return context.writes()
                .derived(request.author(), view -> reEnrolling(view, request))
                .thenApply(commit -> ApiResponse.empty());
    }

    private List<Change> reEnrolling(ModelView view, RequestContext request) {
        EdgeRouter before = view.get(EdgeRouters.TYPE, Fields.id("id", request.variable("id"), RouterId::new))
                .orElseThrow(ApiErrors::notFound);
        List<Change> changes = new ArrayList<>();
        for (Enrollment old : view.findAll(
                Enrollments.TYPE, Enrollments.BY_ROUTER, before.id().value())) {
            changes.add(new Change.Delete(Enrollments.TYPE, old.id()));
        }
        changes.add(new Change.Put<>(EdgeRouters.TYPE, unverified(before, request.now()), before));
        changes.add(new Change.Put<>(Enrollments.TYPE, context.enrollments().prepareRouter(before.id(), null), null));
        return changes;
    }

    private static EdgeRouter unverified(EdgeRouter router, Instant now) {
        return new EdgeRouter(
                router.id(),
                router.meta().touched(now),
                router.name(),
                router.roleAttributes(),
                router.tunnelerEnabled(),
                router.cost(),
                router.noTraversal(),
                router.disabled(),
                router.appData(),
                router.configs(),
                router.ctrlChanListeners(),
                false,
                null,
                null,
                null,
                null);
    }
}
