package io.zitipekko.api.management.service;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.zitipekko.actors.fabric.TerminatorStatus;
import io.zitipekko.actors.model.Change;
import io.zitipekko.actors.model.ModelView;
import io.zitipekko.actors.model.entity.EdgeRouter;
import io.zitipekko.actors.model.entity.Entity;
import io.zitipekko.actors.model.entity.Precedence;
import io.zitipekko.actors.model.entity.Service;
import io.zitipekko.actors.model.entity.Terminator;
import io.zitipekko.actors.model.id.RouterId;
import io.zitipekko.actors.model.id.ServiceId;
import io.zitipekko.actors.model.id.TerminatorId;
import io.zitipekko.actors.model.type.EdgeRouters;
import io.zitipekko.actors.model.type.Services;
import io.zitipekko.actors.model.type.Terminators;
import io.zitipekko.api.entity.Lists;
import io.zitipekko.api.entity.Shapes;
import io.zitipekko.api.entity.Words;
import io.zitipekko.api.http.Access;
import io.zitipekko.api.http.ApiErrors;
import io.zitipekko.api.http.ApiHandler;
import io.zitipekko.api.http.ApiResponse;
import io.zitipekko.api.http.ApiRoutes;
import io.zitipekko.api.http.RequestContext;
import io.zitipekko.api.management.entity.Fields;
import io.zitipekko.api.management.entity.ManagementContext;
import io.zitipekko.api.management.entity.Reading;
import io.zitipekko.api.query.SymbolTable;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;

/**
 * Terminators: the configured ones of the model, and the soft ones that routers announce for what SDKs host. Soft ones can be read, changed in
 * cost and precedence, and removed; they are made by hosting. protocol/06 sections 6.6 and 7.
 */
public final class TerminatorResource {
    private static final String COLLECTION = "terminators";

    private static final SymbolTable<TerminatorStatus> SYMBOLS = SymbolTable.<TerminatorStatus>of(
                    status -> status.terminator().id().value())
            .datetime("createdAt", status -> status.terminator().meta().createdAt())
            .datetime("updatedAt", status -> status.terminator().meta().updatedAt())
            .keyed("tags", status -> status.terminator().meta().tags())
            .bool("isSystem", status -> status.terminator().meta().system())
            .string("binding", status -> status.terminator().binding())
            .string("address", status -> status.terminator().address())
            .string("instanceId", status -> status.terminator().instanceId())
            .string("hostId", status -> host(status.terminator()))
            .string("service", status -> status.terminator().serviceId().value())
            .string("router", status -> status.terminator().routerId().value())
            .composite("service.name", (status, view) -> serviceName(status.terminator(), view))
            .composite("router.name", (status, view) -> routerName(status.terminator(), view))
            .build();

    /** How the instance is named in JSON: the two APIs differ. */
    public enum Dialect {
        MANAGEMENT("identity", "identitySecret"),
        FABRIC("instanceId", "instanceSecret");

        private final String instance;
        private final String secret;

        Dialect(String instance, String secret) {
            this.instance = instance;
            this.secret = secret;
        }
    }

    private final ManagementContext context;
    private final Dialect dialect;
    private final Function<Access.Action, Access> may;

    /** @param may what each action demands */
    public TerminatorResource(ManagementContext context, Dialect dialect, Function<Access.Action, Access> may) {
        this.context = context;
        this.dialect = dialect;
        this.may = may;
    }

    public void addTo(ApiRoutes.Builder routes) {
        Access read = may.apply(Access.Action.READ);
        routes.get(
                        COLLECTION,
                        read,
                        ApiHandler.direct(
                                request -> answer(request, context.fabric().terminators())))
                .get(COLLECTION + "/{id}", read, ApiHandler.direct(this::detail))
                .post(COLLECTION, may.apply(Access.Action.CREATE), this::create)
                .put(COLLECTION + "/{id}", may.apply(Access.Action.UPDATE), request -> update(request, false))
                .patch(COLLECTION + "/{id}", may.apply(Access.Action.UPDATE), request -> update(request, true))
                .delete(COLLECTION + "/{id}", may.apply(Access.Action.DELETE), this::delete)
                .get(
                        "services/{id}/terminators",
                        read,
                        ApiHandler.direct(request -> answer(
                                request,
                                context.fabric()
                                        .terminators(Fields.id("id", request.variable("id"), ServiceId::new)))));
        if (dialect == Dialect.FABRIC) {
            routes.get(
                    "routers/{id}/terminators",
                    read,
                    ApiHandler.direct(request -> answer(
                            request,
                            context.fabric().terminators(Fields.id("id", request.variable("id"), RouterId::new)))));
        }
    }

    private ApiResponse answer(RequestContext request, List<TerminatorStatus> statuses) {
        Reading reading = context.reading(request);
        return Lists.answer(request, statuses, SYMBOLS, reading.view(), status -> json(status, reading));
    }

    private ApiResponse detail(RequestContext request) {
        Reading reading = context.reading(request);
        return ApiResponse.ok(json(existing(request, reading.view()), reading));
    }

    private TerminatorStatus existing(RequestContext request, ModelView view) {
        TerminatorId id = Fields.id("id", request.variable("id"), TerminatorId::new);
        return context.fabric()
                .terminator(id)
                .or(() -> view.get(Terminators.TYPE, id).map(configured -> new TerminatorStatus(configured, 0, false)))
                .orElseThrow(ApiErrors::notFound);
    }

    private ObjectNode json(TerminatorStatus status, Reading reading) {
        Terminator terminator = status.terminator();
        Entity.Meta meta = terminator.meta();
        ObjectNode out = Shapes.base(
                terminator.id().value(), meta.createdAt(), meta.updatedAt(), meta.tags(), COLLECTION, List.of());
        out.put("serviceId", terminator.serviceId().value());
        out.set("service", Shapes.ref("services", terminator.serviceId(), serviceName(terminator, reading.view())));
        out.put("routerId", terminator.routerId().value());
        String routers = dialect == Dialect.MANAGEMENT ? "transit-routers" : "routers";
        out.set("router", Shapes.ref(routers, terminator.routerId(), routerName(terminator, reading.view())));
        out.put("binding", terminator.binding());
        out.put("address", terminator.address());
        out.put(dialect.instance, terminator.instanceId());
        out.put("cost", terminator.cost());
        out.put("dynamicCost", status.dynamicCost());
        out.put("precedence", Words.of(terminator.precedence()));
        if (dialect == Dialect.FABRIC) {
            out.put("hostId", Optional.ofNullable(host(terminator)).orElse(""));
        }
        return out;
    }

    private CompletionStage<ApiResponse> create(RequestContext request) {
        String id = context.ids().next();
        Terminator terminator = read(Fields.create(request.jsonObject()), id, request.now());
        return context.writes()
                .put(request.author(), List.of(new Change.Put<>(Terminators.TYPE, terminator, null)))
                .thenApply(commit -> ApiResponse.created(COLLECTION, id));
    }

    private CompletionStage<ApiResponse> update(RequestContext request, boolean patch) {
        ObjectNode body = request.jsonObject();
        TerminatorStatus found = existing(request, context.model().view());
        if (found.soft()) {
            Terminator after = read(
                    fields(body, found.terminator(), patch),
                    found.terminator().id().value(),
                    request.now());
            if (!context.fabric().updateSoftTerminator(found.terminator().id(), after.cost(), after.precedence())) {
                throw ApiErrors.notFound();
            }
            return CompletableFuture.completedFuture(ApiResponse.empty());
        }
        return context.writes()
                .derived(request.author(), view -> {
                    Terminator before =
                            view.get(Terminators.TYPE, found.terminator().id()).orElseThrow(ApiErrors::notFound);
                    if (before.meta().system()) {
                        throw ApiErrors.canNotBeUpdated("terminator '" + before.id() + "' is built in");
                    }
                    Terminator after =
                            read(fields(body, before, patch), before.id().value(), request.now());
                    return List.of(new Change.Put<>(Terminators.TYPE, after, before));
                })
                .thenApply(commit -> ApiResponse.empty());
    }

    private static Fields<Terminator> fields(ObjectNode body, Terminator before, boolean patch) {
        return patch ? Fields.patch(body, before) : Fields.replace(body, before);
    }

    private CompletionStage<ApiResponse> delete(RequestContext request) {
        TerminatorStatus found = existing(request, context.model().view());
        if (found.soft()) {
            if (!context.fabric().removeSoftTerminator(found.terminator().id())) {
                throw ApiErrors.notFound();
            }
            return CompletableFuture.completedFuture(ApiResponse.empty());
        }
        return context.writes()
                .put(
                        request.author(),
                        List.of(new Change.Delete(
                                Terminators.TYPE, found.terminator().id())))
                .thenApply(commit -> ApiResponse.empty());
    }

    /** Service and instance are fixed once made; other values are ignored. */
    private Terminator read(Fields<Terminator> fields, String id, Instant now) {
        Terminator before = fields.before();
        return new Terminator(
                new TerminatorId(id),
                fields.meta(now),
                before != null
                        ? before.serviceId()
                        : Fields.id("service", fields.requiredText("service", t -> ""), ServiceId::new),
                Fields.id(
                        "router",
                        fields.requiredText("router", t -> t.routerId().value()),
                        RouterId::new),
                fields.requiredText("binding", Terminator::binding),
                fields.requiredText("address", Terminator::address),
                before != null ? before.instanceId() : fields.text(dialect.instance, t -> "", ""),
                before != null
                        ? before.instanceSecret()
                        : fields.get(dialect.secret, this::secret, Terminator::instanceSecret, new byte[0]),
                fields.cost("cost", Terminator::cost),
                fields.get(
                        "precedence",
                        value -> Fields.oneOf("precedence", value, Words.PRECEDENCES),
                        Terminator::precedence,
                        Precedence.DEFAULT),
                before != null ? before.peerData() : Map.of(),
                before != null ? before.hostId() : null);
    }

    private byte[] secret(JsonNode value) {
        try {
            return Base64.getDecoder().decode(Fields.text(dialect.secret, value));
        } catch (IllegalArgumentException e) {
            throw ApiErrors.couldNotParseBody("field '" + dialect.secret + "' should be base64");
        }
    }

    private static @org.jspecify.annotations.Nullable String host(Terminator terminator) {
        return terminator.hostId() == null ? null : terminator.hostId().value();
    }

    private static @org.jspecify.annotations.Nullable String serviceName(Terminator terminator, ModelView view) {
        return view.get(Services.TYPE, terminator.serviceId())
                .map(Service::name)
                .orElse(null);
    }

    private static @org.jspecify.annotations.Nullable String routerName(Terminator terminator, ModelView view) {
        return view.get(EdgeRouters.TYPE, terminator.routerId())
                .map(EdgeRouter::name)
                .orElse(null);
    }
}
