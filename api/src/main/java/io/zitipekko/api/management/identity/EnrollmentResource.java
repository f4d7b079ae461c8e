package io.zitipekko.api.management.identity;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.zitipekko.actors.model.Change;
import io.zitipekko.actors.model.ModelView;
import io.zitipekko.actors.model.entity.EdgeRouter;
import io.zitipekko.actors.model.entity.Enrollment;
import io.zitipekko.actors.model.entity.Identity;
import io.zitipekko.actors.model.id.IdentityId;
import io.zitipekko.actors.model.type.EdgeRouters;
import io.zitipekko.actors.model.type.Enrollments;
import io.zitipekko.actors.model.type.Identities;
import io.zitipekko.actors.model.view.Leftovers;
import io.zitipekko.api.entity.Shapes;
import io.zitipekko.api.entity.Symbols;
import io.zitipekko.api.http.Access;
import io.zitipekko.api.http.ApiError;
import io.zitipekko.api.http.ApiErrors;
import io.zitipekko.api.http.ApiResponse;
import io.zitipekko.api.http.ApiRoutes;
import io.zitipekko.api.http.Caller;
import io.zitipekko.api.http.Json;
import io.zitipekko.api.http.RequestContext;
import io.zitipekko.api.management.entity.EntityResource;
import io.zitipekko.api.management.entity.Fields;
import io.zitipekko.api.management.entity.ManagementContext;
import io.zitipekko.api.management.entity.Reading;
import io.zitipekko.api.query.Query;
import io.zitipekko.api.query.SymbolTable;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/** Rights to enroll. There is no PUT and no PATCH. protocol/06 section 6.10. */
public final class EnrollmentResource extends EntityResource<Enrollment> {
    private static final String COLLECTION = "enrollments";

    private static final SymbolTable<Enrollment> SYMBOLS = Symbols.<Enrollment>base()
            .string("token", Enrollment::token)
            .string(
                    "identity",
                    e -> e.identityId() == null ? null : e.identityId().value())
            .string(
                    "edgeRouter",
                    e -> e.routerId() == null ? null : e.routerId().value())
            .string("transitRouter", e -> null)
            .string("caId", e -> e.caId() == null ? null : e.caId().value())
            .build();

    public EnrollmentResource(ManagementContext context) {
        super(context, COLLECTION, "enrollment", Enrollments.TYPE, SYMBOLS, List.of());
    }

    @Override
    public void addTo(ApiRoutes.Builder routes) {
        addReadsTo(routes);
        routes.post(COLLECTION, may(Access.Action.CREATE), this::make)
                .delete(COLLECTION + "/{id}", may(Access.Action.DELETE), this::delete)
                .post(COLLECTION + "/{id}/refresh", may(Access.Action.UPDATE), this::refresh);
    }

    /**
     * Enrollments of administrators are an administrator's business: who holds the token becomes one. So are those of nobody, which make
     * routers.
     */
    @Override
    protected Query<Enrollment> narrowed(Query<Enrollment> query, RequestContext request, Reading reading) {
        return query.and((enrollment, view) -> mayRead(enrollment, reading));
    }

    @Override
    protected boolean mayRead(Enrollment enrollment, Reading reading) {
        return reading.caller().filter(Caller::admin).isPresent() || isOfPlainIdentity(enrollment, reading);
    }

    private static boolean isOfPlainIdentity(Enrollment enrollment, Reading reading) {
        @Nullable IdentityId identity = enrollment.identityId();
        return identity != null
                && reading.view()
                        .get(Identities.TYPE, identity)
                        .filter(i -> !i.admin())
                        .isPresent();
    }

    @Override
    protected void checkWrite(RequestContext request, @Nullable Enrollment before, @Nullable Enrollment after) {
        if (before != null && !mayRead(before, context.reading(request))) {
            throw ApiErrors.unauthorized();
        }
    }

    @Override
    protected void describe(Enrollment enrollment, ObjectNode out, Reading reading) {
        out.put("method", enrollment.method());
        out.put("token", enrollment.token());
        out.put("expiresAt", Json.date(enrollment.expiresAt()));
        out.put("jwt", enrollment.jwt());
        if (enrollment.identityId() != null) {
            String name = reading.view()
                    .get(Identities.TYPE, enrollment.identityId())
                    .map(Identity::name)
                    .orElse(null);
            out.put("identityId", enrollment.identityId().value());
            out.set("identity", Shapes.ref(IdentityResource.COLLECTION, enrollment.identityId(), name));
        }
        if (enrollment.routerId() != null) {
            String name = reading.view()
                    .get(EdgeRouters.TYPE, enrollment.routerId())
                    .map(EdgeRouter::name)
                    .orElse(null);
            out.put("edgeRouterId", enrollment.routerId().value());
            out.set("edgeRouter", Shapes.ref("edge-routers", enrollment.routerId(), name));
        }
        if (enrollment.caId() != null) {
            out.put("caId", enrollment.caId().value());
        }
        if (enrollment.username() != null) {
            out.put("username", enrollment.username());
        }
    }

    /** What is handed out is made by {@code Enrollments}, not read from a body. */
    @Override
    protected Enrollment read(Fields<Enrollment> fields, String id, Instant now) {
        throw new UnsupportedOperationException("enrollments are made by make()");
    }

    private CompletionStage<ApiResponse> make(RequestContext request) {
        Fields<Enrollment> fields = Fields.create(request.jsonObject());
        String method = fields.requiredText("method", Enrollment::method);
        Instant expiresAt = Expiry.of(request.jsonObject(), request.now());
        Identity identity = identity(request, fields.requiredText("identityId", e -> ""));
        ModelView view = context.model().view();
        boolean exists = view
                .findAll(
                        Enrollments.TYPE, Enrollments.BY_IDENTITY, identity.id().value())
                .stream()
                .anyMatch(other -> other.method().equals(method) && Leftovers.stands(view, Enrollments.TYPE, other));
        if (exists) {
            throw ApiError.of("ENROLLMENT_EXISTS", 409, "The identity has an enrollment of that method already")
                    .because("method", "an enrollment of this method exists", method);
        }
        Enrollment enrollment = prepare(method, identity.id(), fields, expiresAt);
        return context.writes()
                .put(request.author(), List.of(new Change.Put<>(Enrollments.TYPE, enrollment, null)))
                .thenApply(commit ->
                        ApiResponse.created(COLLECTION, enrollment.id().value()));
    }

    private Identity identity(RequestContext request, String id) {
        try {
            return IdentityResource.administered(context.reading(request), request, id);
        } catch (ApiError e) {
            throw e.status() == 404 ? ApiErrors.couldNotValidate("identityId", "no identity has that id", id) : e;
        }
    }

    private Enrollment prepare(String method, IdentityId identity, Fields<Enrollment> fields, Instant expiresAt) {
        switch (method) {
            case "ott":
                return context.enrollments().prepareOtt(identity, expiresAt);
            case "updb":
                String username = fields.requiredText("username", e -> "");
                Usernames.check("username", username);
                return context.enrollments().prepareUpdb(identity, username, expiresAt);
            case "ottca":
                return context.enrollments()
                        .prepareOttCa(
                                identity,
                                IdentityEnrollment.authority(
                                        "caId",
                                        fields.requiredText("caId", e -> ""),
                                        context.model().view()),
                                expiresAt);
            default:
                throw ApiErrors.couldNotValidate("method", "method in body should be one of [ott ottca updb]", method);
        }
    }

    /** The old token ends, the new one is shown by the enrollment. */
    private CompletionStage<ApiResponse> refresh(RequestContext request) {
        Instant expiresAt = Expiry.of(request.jsonObject(), request.now());
        String id = request.variable("id");
        return change(request, before -> {
                    checkWrite(request, before, before);
                    return List.of(new Change.Put<>(
                            Enrollments.TYPE, context.enrollments().refresh(before, expiresAt), before));
                })
                .thenApply(done -> ApiResponse.created(COLLECTION, id).withStatus(200));
    }
}
