package io.zitipekko.api.management.identity;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.zitipekko.actors.model.Change;
import io.zitipekko.actors.model.ModelView;
import io.zitipekko.actors.model.entity.EdgeRouter;
import io.zitipekko.actors.model.entity.Identity;
import io.zitipekko.actors.model.entity.PolicyType;
import io.zitipekko.actors.model.entity.Service;
import io.zitipekko.actors.model.id.RouterId;
import io.zitipekko.actors.model.id.ServiceId;
import io.zitipekko.actors.model.type.ApiSessions;
import io.zitipekko.actors.model.type.EdgeRouters;
import io.zitipekko.actors.model.type.Identities;
import io.zitipekko.actors.model.type.Services;
import io.zitipekko.api.entity.Shapes;
import io.zitipekko.api.http.Access;
import io.zitipekko.api.http.ApiErrors;
import io.zitipekko.api.http.ApiHandler;
import io.zitipekko.api.http.ApiResponse;
import io.zitipekko.api.http.ApiRoutes;
import io.zitipekko.api.http.Json;
import io.zitipekko.api.http.RequestContext;
import io.zitipekko.api.management.entity.Fields;
import io.zitipekko.api.management.entity.ManagementContext;
import io.zitipekko.api.management.entity.Reading;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/** What is done with an identity beside changing its fields: disable, enable, ask what it may reach. protocol/06 section 6.1. */
public final class IdentityActions {
    private static final String IDENTITY = IdentityResource.COLLECTION + "/{id}/";
    private static final Access UPDATE = Access.permission("identity", Access.Action.UPDATE);
    /** Nobody's change waits for more. */
    private static final int ENDED_AT_ONCE = 100;

    private static final long LONGEST_MINUTES = Duration.ofDays(36_500).toMinutes();

    private final ManagementContext context;

    public IdentityActions(ManagementContext context) {
        this.context = context;
    }

    public void addTo(ApiRoutes.Builder routes) {
        routes.post(IDENTITY + "disable", UPDATE, this::disable)
                .post(IDENTITY + "enable", UPDATE, this::enable)
                .get(
                        IDENTITY + "policy-advice/{serviceId}",
                        Access.permission("service", Access.Action.READ),
                        ApiHandler.direct(this::advise))
                .get(
                        IDENTITY + "failed-service-requests",
                        Access.permission("identity", Access.Action.READ),
                        ApiHandler.direct(this::noFailures))
                .delete(IDENTITY + "mfa", UPDATE, this::noMfa);
    }

    private CompletionStage<ApiResponse> disable(RequestContext request) {
        ObjectNode body = request.jsonObject();
        if (!body.hasNonNull("durationMinutes")) {
            throw ApiErrors.required("durationMinutes");
        }
        long minutes = Math.min(LONGEST_MINUTES, Fields.integer("durationMinutes", body.get("durationMinutes")));
        @Nullable Instant until = minutes > 0 ? request.now().plus(Duration.ofMinutes(minutes)) : null;
        return context.writes()
                .derived(request.author(), view -> disabling(view, request, until))
                .thenApply(commit -> ApiResponse.empty());
    }

    /**
     * Its API sessions end in the same change, unless there are very many: the others are refused from then on, and end in small batches when
     * the model's followers see that it is disabled.
     */
    private List<Change> disabling(ModelView view, RequestContext request, @Nullable Instant until) {
        Identity before = administered(request);
        if (before.defaultAdmin()) {
            throw ApiErrors.canNotBeUpdated("the default administrator cannot be disabled");
        }
        List<Change> changes = new ArrayList<>();
        changes.add(new Change.Put<>(Identities.TYPE, before.withDisabled(request.now(), until), before));
        view.findAll(ApiSessions.TYPE, ApiSessions.BY_IDENTITY, before.id().value()).stream()
                .limit(ENDED_AT_ONCE)
                .forEach(session -> changes.add(new Change.Delete(ApiSessions.TYPE, session.id())));
        return changes;
    }

    private CompletionStage<ApiResponse> enable(RequestContext request) {
        return context.writes()
                .derived(request.author(), view -> {
                    Identity before = administered(request);
                    return List.of(new Change.Put<>(Identities.TYPE, before.withDisabled(null, null), before));
                })
                .thenApply(commit -> ApiResponse.empty());
    }

    private Identity administered(RequestContext request) {
        return IdentityResource.administered(context.reading(request), request, request.variable("id"));
    }

    private ApiResponse advise(RequestContext request) {
        Reading reading = context.reading(request);
        ModelView view = reading.view();
        Identity identity = IdentityLookup.existing(view, request.variable("id"));
        Service service = view.get(Services.TYPE, Fields.id("serviceId", request.variable("serviceId"), ServiceId::new))
                .orElseThrow(ApiErrors::notFound);
        Set<RouterId> ofIdentity = view.policies().routers(identity.id());
        Set<RouterId> ofService = view.policies().routers(service.id());
        Set<String> common = new TreeSet<>();
        ofIdentity.stream().filter(ofService::contains).forEach(router -> common.add(router.value()));
        ObjectNode out = Json.object();
        out.put("identityId", identity.id().value());
        out.set("identity", Shapes.ref(IdentityResource.COLLECTION, identity.id(), identity.name()));
        out.put("serviceId", service.id().value());
        out.set("service", Shapes.ref("services", service.id(), service.name()));
        out.put("isBindAllowed", view.policies().allows(identity.id(), service.id(), PolicyType.BIND));
        out.put("isDialAllowed", view.policies().allows(identity.id(), service.id(), PolicyType.DIAL));
        out.put("identityRouterCount", ofIdentity.size());
        out.put("serviceRouterCount", ofService.size());
        var routers = out.putArray("commonRouters");
        for (String id : common) {
            RouterId routerId = new RouterId(id);
            String name =
                    view.get(EdgeRouters.TYPE, routerId).map(EdgeRouter::name).orElse(id);
            routers.add(Shapes.ref("edge-routers", routerId, name)
                    .put("isOnline", reading.fabric().router(routerId).isPresent()));
        }
        ObjectNode answer = Json.object();
        answer.set("data", out);
        answer.putNull("meta");
        return ApiResponse.json(200, answer);
    }

    /** Which requests were denied for posture is not kept: the answer to the request itself has named the checks. */
    private ApiResponse noFailures(RequestContext request) {
        IdentityLookup.existing(context.model().view(), request.variable("id"));
        JsonNode none = Json.array();
        return ApiResponse.ok(none);
    }

    private CompletionStage<ApiResponse> noMfa(RequestContext request) {
        administered(request);
        throw io.zitipekko.api.http.ApiError.of("MFA_NOT_ENROLLED", 409, "The identity is not enrolled in MFA");
    }
}
