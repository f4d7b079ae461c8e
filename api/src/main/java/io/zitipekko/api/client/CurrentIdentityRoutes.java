package io.zitipekko.api.client;

import com.fasterxml.jackson.databind.node.ArrayNode;
import io.zitipekko.actors.model.ModelView;
import io.zitipekko.actors.model.entity.Authenticator;
import io.zitipekko.actors.model.entity.EdgeRouter;
import io.zitipekko.actors.model.entity.Identity;
import io.zitipekko.actors.model.id.AuthenticatorId;
import io.zitipekko.actors.model.id.RouterId;
import io.zitipekko.actors.model.type.Authenticators;
import io.zitipekko.actors.model.type.EdgeRouters;
import io.zitipekko.api.client.json.AuthenticatorJson;
import io.zitipekko.api.client.json.IdentityJson;
import io.zitipekko.api.client.json.RouterJson;
import io.zitipekko.api.entity.Lists;
import io.zitipekko.api.http.Access;
import io.zitipekko.api.http.ApiErrors;
import io.zitipekko.api.http.ApiHandler;
import io.zitipekko.api.http.ApiResponse;
import io.zitipekko.api.http.ApiRoutes;
import io.zitipekko.api.http.Json;
import io.zitipekko.api.http.RequestContext;
import io.zitipekko.api.query.SymbolTable;
import java.util.Collection;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/** What an identity learns of itself, and what it may change of its own credentials (protocol/05 sections 7.6, 8.1 and 8.2). */
final class CurrentIdentityRoutes {
    private static final String AUTHENTICATORS = "current-identity/authenticators";

    private static final SymbolTable<Authenticator> SYMBOLS = SymbolTable.of(
                    (Authenticator authenticator) -> authenticator.id().value())
            .string("method", a -> a.credential() instanceof Authenticator.Certificate ? "cert" : "updb")
            .datetime("createdAt", a -> a.meta().createdAt())
            .datetime("updatedAt", a -> a.meta().updatedAt())
            .build();

    private final ClientContext context;

    CurrentIdentityRoutes(ClientContext context) {
        this.context = context;
    }

    record ExtendBody(@Nullable String clientCertCsr) {}

    record VerifyBody(@Nullable String clientCert) {}

    /** A new user name or password, with the current password as proof. */
    record PasswordBody(@Nullable String username, @Nullable String password, @Nullable String currentPassword) {
        @Override
        public String toString() {
            return "PasswordBody[***]";
        }
    }

    void addTo(ApiRoutes.Builder routes) {
        routes.get("current-identity", Access.AUTHENTICATED, ApiHandler.direct(this::identity));
        routes.get("current-identity/edge-routers", Access.AUTHENTICATED, ApiHandler.direct(this::routers));
        routes.get(AUTHENTICATORS, Access.AUTHENTICATED, ApiHandler.direct(this::authenticators));
        routes.get(AUTHENTICATORS + "/{id}", Access.AUTHENTICATED, ApiHandler.direct(this::authenticator));
        routes.put(AUTHENTICATORS + "/{id}", Access.AUTHENTICATED, request -> changePassword(request, true));
        routes.patch(AUTHENTICATORS + "/{id}", Access.AUTHENTICATED, request -> changePassword(request, false));
        routes.post(AUTHENTICATORS + "/{id}/extend", Access.AUTHENTICATED, this::extend);
        routes.post(AUTHENTICATORS + "/{id}/extend-verify", Access.AUTHENTICATED, this::verify);
    }

    private ApiResponse identity(RequestContext request) {
        Identity identity = context.session(request).identity();
        return ApiResponse.ok(IdentityJson.of(identity, context.view(), context.fabric(), request.now()));
    }

    private ApiResponse routers(RequestContext request) {
        Identity identity = context.session(request).identity();
        ModelView view = context.view();
        Collection<RouterId> ids = identity.admin()
                ? view.all(EdgeRouters.TYPE).stream().map(EdgeRouter::id).toList()
                : view.policies().routers(identity.id());
        ArrayNode out = Json.array();
        RouterJson.byName(ids, view).forEach(router -> out.add(RouterJson.listed(router, context.fabric())));
        return Lists.whole(out);
    }

    private ApiResponse authenticators(RequestContext request) {
        Identity identity = context.session(request).identity();
        ModelView view = context.view();
        return Lists.answer(
                request,
                view.findAll(
                        Authenticators.TYPE,
                        Authenticators.BY_IDENTITY,
                        identity.id().value()),
                SYMBOLS,
                view,
                authenticator -> AuthenticatorJson.of(authenticator, identity));
    }

    private ApiResponse authenticator(RequestContext request) {
        Identity identity = context.session(request).identity();
        return ApiResponse.ok(AuthenticatorJson.of(own(request), identity));
    }

    /** @param whole user name and password are both needed (PUT) */
    private CompletionStage<ApiResponse> changePassword(RequestContext request, boolean whole) {
        Authenticator authenticator = own(request);
        PasswordBody body = request.jsonAs(PasswordBody.class);
        if (body.currentPassword() == null) {
            throw ApiErrors.required("currentPassword");
        }
        if (whole && (body.username() == null || body.password() == null)) {
            throw ApiErrors.required(body.username() == null ? "username" : "password");
        }
        return context.sessions()
                .authenticatorRenewals()
                .changePassword(
                        authenticator, body.currentPassword(), body.username(), body.password(), request.source())
                .thenApply(done -> ApiResponse.empty());
    }

    private CompletionStage<ApiResponse> extend(RequestContext request) {
        Authenticator authenticator = own(request);
        String csr = request.jsonAs(ExtendBody.class).clientCertCsr();
        if (csr == null) {
            throw ApiErrors.required("clientCertCsr");
        }
        return context.sessions()
                .authenticatorRenewals()
                .extend(authenticator, request.peer().certificates(), csr, request.source())
                .thenApply(renewal -> ApiResponse.ok(
                        Json.object().put("clientCert", renewal.clientCertPem()).put("ca", renewal.caPem())));
    }

    private CompletionStage<ApiResponse> verify(RequestContext request) {
        Authenticator authenticator = own(request);
        String pem = request.jsonAs(VerifyBody.class).clientCert();
        if (pem == null) {
            throw ApiErrors.required("clientCert");
        }
        return context.sessions()
                .authenticatorRenewals()
                .verify(authenticator, pem, request.source())
                .thenApply(done -> ApiResponse.empty());
    }

    private Authenticator own(RequestContext request) {
        return context.view()
                .get(Authenticators.TYPE, new AuthenticatorId(request.variable("id")))
                .filter(found ->
                        found.identityId().equals(request.requireCaller().identityId()))
                .orElseThrow(ApiErrors::notFound);
    }
}
