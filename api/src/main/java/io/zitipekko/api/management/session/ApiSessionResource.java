package io.zitipekko.api.management.session;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.zitipekko.actors.model.entity.ApiSession;
import io.zitipekko.actors.model.entity.Identity;
import io.zitipekko.actors.model.type.ApiSessions;
import io.zitipekko.actors.model.type.Identities;
import io.zitipekko.actors.session.AuthenticatedSession;
import io.zitipekko.api.entity.Shapes;
import io.zitipekko.api.entity.Symbols;
import io.zitipekko.api.http.Access;
import io.zitipekko.api.http.ApiResponse;
import io.zitipekko.api.http.ApiRoutes;
import io.zitipekko.api.http.Caller;
import io.zitipekko.api.http.Json;
import io.zitipekko.api.http.RequestContext;
import io.zitipekko.api.management.entity.EntityResource;
import io.zitipekko.api.management.entity.Fields;
import io.zitipekko.api.management.entity.ManagementContext;
import io.zitipekko.api.management.entity.Reading;
import io.zitipekko.api.query.SymbolTable;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CompletionStage;

/** Legacy API sessions: seen and ended, never made here. protocol/06 section 6.14. */
public final class ApiSessionResource extends EntityResource<ApiSession> {
    private static final SymbolTable<ApiSession> SYMBOLS = Symbols.<ApiSession>base()
            .string("identity", session -> session.identityId().value())
            .string(
                    "authenticator",
                    session -> session.authenticatorId() == null
                            ? null
                            : session.authenticatorId().value())
            .string("ipAddress", ApiSession::ipAddress)
            .bool("mfaComplete", session -> false)
            .bool("mfaRequired", session -> false)
            .bool("improperClientCertChain", ApiSession::improperClientCertChain)
            .build();

    public ApiSessionResource(ManagementContext context) {
        super(context, "api-sessions", "ops", ApiSessions.TYPE, SYMBOLS, List.of("sessions"));
    }

    @Override
    public void addTo(ApiRoutes.Builder routes) {
        addReadsTo(routes);
        routes.delete("api-sessions/{id}", may(Access.Action.DELETE), this::end);
    }

    private CompletionStage<ApiResponse> end(RequestContext request) {
        ApiSession session = existing(context.model().view(), request);
        return context.apiSessions().delete(session.id(), request.author()).thenApply(done -> ApiResponse.empty());
    }

    /** The token opens everything that its identity may do: only administrators, who may do everything, are shown it. */
    @Override
    protected void describe(ApiSession session, ObjectNode out, Reading reading) {
        String name = reading.view()
                .get(Identities.TYPE, session.identityId())
                .map(Identity::name)
                .orElse(null);
        Instant lastActivity = context.apiSessions()
                .find(session.id())
                .map(AuthenticatedSession::lastActivityAt)
                .orElse(session.meta().updatedAt());
        boolean mayUseIt = reading.caller().map(Caller::admin).orElse(false);
        out.put("token", mayUseIt ? session.token() : "");
        out.put("identityId", session.identityId().value());
        out.set("identity", Shapes.ref("identities", session.identityId(), name));
        out.put("ipAddress", session.ipAddress());
        out.set("configTypes", Shapes.texts(session.configTypes()));
        out.putArray("authQueries");
        out.put(
                "authenticatorId",
                session.authenticatorId() == null
                        ? ""
                        : session.authenticatorId().value());
        out.put("isMfaRequired", false);
        out.put("isMfaComplete", false);
        out.put("lastActivityAt", Json.date(lastActivity));
        out.put("cachedLastActivityAt", Json.date(lastActivity));
        out.put("isCertExtendable", false);
        out.put("isCertExtendRequested", false);
        out.put("isCertKeyRollRequested", false);
        out.put("improperClientCertChain", session.improperClientCertChain());
    }

    /** No verb leads here. */
    @Override
    protected ApiSession read(Fields<ApiSession> fields, String id, Instant now) {
        throw new UnsupportedOperationException("API sessions are made by logging in");
    }
}
