package io.zitipekko.api.client;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.zitipekko.actors.event.AccessRefused;
import io.zitipekko.actors.model.ModelView;
import io.zitipekko.actors.model.entity.PolicyType;
import io.zitipekko.actors.model.entity.Session;
import io.zitipekko.actors.model.id.EntityId;
import io.zitipekko.actors.model.id.RouterId;
import io.zitipekko.actors.model.id.ServiceId;
import io.zitipekko.actors.model.id.SessionId;
import io.zitipekko.actors.session.AuthenticatedSession;
import io.zitipekko.actors.session.ServiceSessionResult;
import io.zitipekko.actors.session.token.ServiceSessionTokens;
import io.zitipekko.api.client.json.PostureQueries;
import io.zitipekko.api.client.json.SessionJson;
import io.zitipekko.api.entity.Lists;
import io.zitipekko.api.http.Access;
import io.zitipekko.api.http.ApiError;
import io.zitipekko.api.http.ApiErrors;
import io.zitipekko.api.http.ApiHandler;
import io.zitipekko.api.http.ApiResponse;
import io.zitipekko.api.http.ApiRoutes;
import io.zitipekko.api.http.Envelope;
import io.zitipekko.api.http.RequestContext;
import io.zitipekko.api.query.SymbolTable;
import java.util.List;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/** Service sessions of the caller's API session, and of no other (protocol/05 section 9). */
final class SessionRoutes {
    private static final SymbolTable<Session> SYMBOLS = SymbolTable.of(
                    (Session session) -> session.id().value())
            .string("type", session -> ServiceSessionTokens.wireName(session.type()))
            .string("service", session -> session.serviceId().value())
            .datetime("createdAt", session -> session.meta().createdAt())
            .datetime("updatedAt", session -> session.meta().updatedAt())
            .build();

    private final ClientContext context;

    SessionRoutes(ClientContext context) {
        this.context = context;
    }

    record SessionBody(@Nullable String serviceId, @Nullable String type) {}

    void addTo(ApiRoutes.Builder routes) {
        routes.post("sessions", Access.AUTHENTICATED, this::open);
        routes.get("sessions", Access.AUTHENTICATED, ApiHandler.direct(this::list));
        routes.get("sessions/{id}", Access.AUTHENTICATED, ApiHandler.direct(this::detail));
        routes.delete("sessions/{id}", Access.AUTHENTICATED, this::delete);
    }

    private CompletionStage<ApiResponse> open(RequestContext request) {
        SessionBody body = request.jsonAs(SessionBody.class);
        PolicyType type = type(body.type());
        if (body.serviceId() == null || body.serviceId().isBlank()) {
            throw ApiErrors.required("serviceId");
        }
        return context.sessions()
                .serviceSessions()
                .open(context.session(request), new ServiceId(body.serviceId()), type)
                .thenApply(result -> {
                    audit(request, body.serviceId(), type, result);
                    return answer(result);
                });
    }

    private void audit(RequestContext request, String service, PolicyType type, ServiceSessionResult result) {
        String reason = result instanceof ServiceSessionResult.ServiceNotVisible
                        || result instanceof ServiceSessionResult.NotPermitted
                ? "no policy grants it"
                : result instanceof ServiceSessionResult.PostureFailed ? "posture checks fail" : "";
        if (reason.isEmpty()) {
            return;
        }
        context.api()
                .events()
                .publish(new AccessRefused(
                        request.now(),
                        AccessRefused.Door.SERVICE,
                        "identity " + request.requireCaller().identityId(),
                        request.peer().remoteAddress(),
                        type + " service " + (service.length() > EntityId.MAX_LENGTH ? "(too long)" : service),
                        reason));
    }

    private ApiResponse answer(ServiceSessionResult result) {
        if (result instanceof ServiceSessionResult.Granted granted) {
            ObjectNode json = SessionJson.granted(granted, context.view(), context.fabric());
            return ApiResponse.json(201, Envelope.of(json));
        }
        if (result instanceof ServiceSessionResult.NotPermitted refused) {
            throw ApiErrors.couldNotValidate(
                    "ServiceId", "service not found", refused.serviceId().value());
        }
        if (result instanceof ServiceSessionResult.PostureFailed failed) {
            throw ApiError.of("INVALID_POSTURE", 409, "Posture checks are failing for the service requested")
                    .because(
                            "no policy that grants service '" + failed.serviceId()
                                    + "' has all its posture checks passing",
                            PostureQueries.failures(failed.failing(), context.view()));
        }
        if (result instanceof ServiceSessionResult.NoRouters) {
            throw ApiError.of(
                    "NO_EDGE_ROUTERS_AVAILABLE",
                    400,
                    "No edge routers are assigned and online to handle the requested connection");
        }
        throw ApiErrors.notFound();
    }

    private ApiResponse list(RequestContext request) {
        AuthenticatedSession session = context.session(request);
        ModelView view = context.view();
        return Lists.answer(
                request, context.sessions().serviceSessions().of(session), SYMBOLS, view, found -> json(found, view));
    }

    private ApiResponse detail(RequestContext request) {
        return ApiResponse.ok(json(own(request), context.view()));
    }

    private CompletionStage<ApiResponse> delete(RequestContext request) {
        return context.sessions()
                .serviceSessions()
                .delete(own(request).id(), request.author())
                .thenApply(existed -> {
                    if (!existed) {
                        throw ApiErrors.notFound();
                    }
                    return ApiResponse.empty();
                });
    }

    private Session own(RequestContext request) {
        return context.sessions()
                .serviceSessions()
                .find(context.session(request), new SessionId(request.variable("id")))
                .orElseThrow(ApiErrors::notFound);
    }

    private ObjectNode json(Session session, ModelView view) {
        List<RouterId> shared = view.policies().routers(session.identityId()).stream()
                .filter(router -> view.policies().mayUse(session.identityId(), session.serviceId(), router))
                .toList();
        return SessionJson.listed(session, shared, view, context.fabric());
    }

    private static PolicyType type(@Nullable String text) {
        if (text == null || text.equals("Dial")) {
            return PolicyType.DIAL;
        }
        if (text.equals("Bind")) {
            return PolicyType.BIND;
        }
        throw ApiErrors.couldNotValidate("type", "should be one of [Dial Bind]", text);
    }
}
