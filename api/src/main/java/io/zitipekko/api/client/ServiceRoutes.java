package io.zitipekko.api.client;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.zitipekko.actors.fabric.TerminatorStatus;
import io.zitipekko.actors.model.ModelView;
import io.zitipekko.actors.model.entity.Identity;
import io.zitipekko.actors.model.entity.PolicyType;
import io.zitipekko.actors.model.entity.Service;
import io.zitipekko.actors.model.entity.Session;
import io.zitipekko.actors.model.id.IdentityId;
import io.zitipekko.actors.model.id.RouterId;
import io.zitipekko.actors.model.id.ServiceId;
import io.zitipekko.actors.model.type.Services;
import io.zitipekko.actors.session.AuthenticatedSession;
import io.zitipekko.actors.session.token.InvalidTokenException;
import io.zitipekko.actors.session.token.ServiceSessionClaims;
import io.zitipekko.api.client.json.RouterJson;
import io.zitipekko.api.client.json.ServiceJson;
import io.zitipekko.api.entity.Lists;
import io.zitipekko.api.entity.Shapes;
import io.zitipekko.api.http.Access;
import io.zitipekko.api.http.ApiErrors;
import io.zitipekko.api.http.ApiHandler;
import io.zitipekko.api.http.ApiResponse;
import io.zitipekko.api.http.ApiRoutes;
import io.zitipekko.api.http.Json;
import io.zitipekko.api.http.RequestContext;
import io.zitipekko.api.query.Query;
import io.zitipekko.api.query.SymbolTable;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Services that the caller may dial or bind, administrators included (protocol/05 sections 8.3 to 8.5). */
final class ServiceRoutes {
    private static final SymbolTable<Service> SERVICES = SymbolTable.of(
                    (Service service) -> service.id().value())
            .string("name", Service::name)
            .string("terminatorStrategy", Service::terminatorStrategy)
            .bool("encryptionRequired", Service::encryptionRequired)
            .integer("maxIdleTimeMillis", Service::maxIdleTimeMillis)
            .strings("roleAttributes", Service::roleAttributes)
            .datetime("createdAt", service -> service.meta().createdAt())
            .datetime("updatedAt", service -> service.meta().updatedAt())
            .bool("isSystem", service -> service.meta().system())
            .keyed("tags", service -> service.meta().tags())
            .build();

    private static final SymbolTable<TerminatorStatus> TERMINATORS = SymbolTable.of(
                    (TerminatorStatus status) -> status.terminator().id().value())
            .string("identity", status -> status.terminator().instanceId())
            .string("router", status -> status.terminator().routerId().value())
            .string("binding", status -> status.terminator().binding())
            .build();

    private static final Comparator<Service> BY_ID =
            Comparator.comparing(service -> service.id().value());

    private final ClientContext context;

    ServiceRoutes(ClientContext context) {
        this.context = context;
    }

    void addTo(ApiRoutes.Builder routes) {
        routes.get("services", Access.AUTHENTICATED, ApiHandler.direct(this::list));
        routes.get("services/{id}", Access.AUTHENTICATED, ApiHandler.direct(this::detail));
        routes.get("services/{id}/terminators", Access.AUTHENTICATED, ApiHandler.direct(this::terminators));
        routes.get("services/{id}/edge-routers", Access.AUTHENTICATED, ApiHandler.direct(this::routers));
    }

    private ApiResponse list(RequestContext request) {
        AuthenticatedSession session = context.session(request);
        ModelView view = context.view();
        Identity identity = session.identity();
        Set<String> types = configTypes(request, session);
        Query<Service> query = Lists.query(request, SERVICES);
        return Lists.answer(
                request,
                query,
                candidates(query, identity.id(), view),
                SERVICES,
                view,
                service -> ServiceJson.of(service, identity, types, view));
    }

    private ApiResponse detail(RequestContext request) {
        AuthenticatedSession session = context.session(request);
        ModelView view = context.view();
        Service service = visible(request, session, view);
        return ApiResponse.ok(ServiceJson.of(service, session.identity(), configTypes(request, session), view));
    }

    private ApiResponse terminators(RequestContext request) {
        ModelView view = context.view();
        Service service = visible(request, context.session(request), view);
        return Lists.answer(request, context.fabric().terminators(service.id()), TERMINATORS, view, status -> {
            ObjectNode out = Shapes.base(status.terminator(), "terminators", List.of());
            out.put("identity", status.terminator().instanceId());
            out.put("routerId", status.terminator().routerId().value());
            out.put("serviceId", service.id().value());
            out.set("service", Shapes.ref("services", service.id().value(), service.name()));
            return out;
        });
    }

    private ApiResponse routers(RequestContext request) {
        AuthenticatedSession session = context.session(request);
        ModelView view = context.view();
        request.header("session-token").ifPresent(token -> checkToken(token, request.variable("id"), session));
        Service service = visible(request, session, view);
        List<RouterId> shared = view.policies().routers(session.identity().id()).stream()
                .filter(router -> view.policies().mayUse(session.identity().id(), service.id(), router))
                .toList();
        ObjectNode out = Json.object();
        out.set("edgeRouters", RouterJson.all(shared, view, context.fabric()));
        return ApiResponse.ok(out);
    }

    /** A token that is not good must be answered 401, so that the SDK makes a new session (protocol/05 section 12). */
    private void checkToken(String token, String service, AuthenticatedSession session) {
        try {
            ServiceSessionClaims claims =
                    context.sessions().serviceSessionTokens().verify(token);
            @Nullable
            Session stored = context.sessions()
                    .serviceSessions()
                    .find(session, claims.sessionId())
                    .orElse(null);
            if (stored == null
                    || !claims.apiSessionId().equals(session.session().id())
                    || !stored.serviceId().equals(claims.serviceId())
                    || !claims.serviceId().value().equals(service)) {
                throw ApiErrors.unauthorized();
            }
        } catch (InvalidTokenException e) {
            throw ApiErrors.unauthorized();
        }
    }

    /** What may match: all that the identity sees, or of it what the query names, as SDKs do before they dial or bind. */
    private static List<Service> candidates(Query<Service> query, IdentityId identity, ModelView view) {
        Optional<Set<String>> names = query.pinned("name");
        return names.isEmpty()
                ? visible(identity, view)
                : names.get().stream()
                        .flatMap(name -> view.find(Services.TYPE, Services.BY_NAME, name).stream())
                        .filter(service -> sees(identity, service.id(), view))
                        .sorted(BY_ID)
                        .toList();
    }

    private static boolean sees(IdentityId identity, ServiceId service, ModelView view) {
        return view.policies().allows(identity, service, PolicyType.DIAL)
                || view.policies().allows(identity, service, PolicyType.BIND);
    }

    private static List<Service> visible(IdentityId identity, ModelView view) {
        List<Service> seen = new ArrayList<>();
        Set<ServiceId> dial = view.policies().services(identity, PolicyType.DIAL);
        dial.forEach(id -> view.get(Services.TYPE, id).ifPresent(seen::add));
        for (ServiceId id : view.policies().services(identity, PolicyType.BIND)) {
            if (!dial.contains(id)) {
                view.get(Services.TYPE, id).ifPresent(seen::add);
            }
        }
        seen.sort(BY_ID);
        return seen;
    }

    private static Service visible(RequestContext request, AuthenticatedSession session, ModelView view) {
        ServiceId id = new ServiceId(request.variable("id"));
        IdentityId identity = session.identity().id();
        return view.get(Services.TYPE, id)
                .filter(service -> sees(identity, id, view))
                .orElseThrow(ApiErrors::notFound);
    }

    /** What the request asks for, else what the log-in asked for. */
    private static Set<String> configTypes(RequestContext request, AuthenticatedSession session) {
        List<String> asked = request.parameters("configTypes");
        if (asked.isEmpty()) {
            return new HashSet<>(session.session().configTypes());
        }
        Set<String> types = new HashSet<>();
        asked.forEach(value -> types.addAll(List.of(value.split(","))));
        return types;
    }
}
