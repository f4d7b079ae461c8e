package io.zitipekko.api.fabric;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.zitipekko.actors.model.entity.EdgeRouter;
import io.zitipekko.actors.model.id.RouterId;
import io.zitipekko.actors.model.type.EdgeRouters;
import io.zitipekko.api.entity.Symbols;
import io.zitipekko.api.http.ApiErrors;
import io.zitipekko.api.http.Json;
import io.zitipekko.api.management.entity.EntityResource;
import io.zitipekko.api.management.entity.Fields;
import io.zitipekko.api.management.entity.ManagementContext;
import io.zitipekko.api.management.entity.Reading;
import io.zitipekko.api.management.router.RouterShape;
import io.zitipekko.api.query.SymbolTable;
import io.zitipekko.transport.identity.Fingerprint;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Routers as the fabric sees them. One that is made here has a given id, and a certificate that was issued elsewhere. */
final class FabricRouterResource extends EntityResource<EdgeRouter> {
    /** Names no permission that anybody can hold: administrators only, who read also as {@code admin_readonly}. */
    static final String ADMIN_ONLY = "fabric";

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
            .build();

    FabricRouterResource(ManagementContext context) {
        super(context, "routers", ADMIN_ONLY, EdgeRouters.TYPE, SYMBOLS, List.of("terminators"));
    }

    @Override
    protected String newId(ObjectNode body) {
        JsonNode id = body.get("id");
        if (id == null || id.isNull()) {
            throw ApiErrors.required("id");
        }
        return Fields.id("id", Fields.text("id", id), RouterId::new).value();
    }

    @Override
    protected void describe(EdgeRouter router, ObjectNode out, Reading reading) {
        RouterShape.describe(router, out, reading);
        if (router.fingerprint() == null) {
            out.putNull("fingerprint");
        }
        out.remove(List.of("enrollmentToken", "enrollmentJwt", "enrollmentCreatedAt", "enrollmentExpiresAt"));
        out.put("connected", reading.fabric().router(router.id()).isPresent());
        ArrayNode listeners = out.putArray("listenerAddresses");
        reading.fabric().router(router.id()).ifPresent(status -> status.linkListeners()
                .forEach(listener -> listeners.add(
                        Json.object().put("address", listener.address()).put("protocol", listener.protocol()))));
    }

    @Override
    protected EdgeRouter read(Fields<EdgeRouter> fields, String id, Instant now) {
        @Nullable EdgeRouter before = fields.before();
        @Nullable
        Fingerprint fingerprint =
                fields.get("fingerprint", FabricRouterResource::fingerprint, EdgeRouter::fingerprint, null);
        boolean sameCertificate = before != null && fingerprint != null && fingerprint.equals(before.fingerprint());
        return new EdgeRouter(
                new RouterId(id),
                fields.meta(now),
                fields.requiredText("name", EdgeRouter::name),
                before == null ? Set.of() : before.roleAttributes(),
                before != null && before.tunnelerEnabled(),
                fields.cost("cost", EdgeRouter::cost),
                fields.bool("noTraversal", EdgeRouter::noTraversal, false),
                fields.bool("disabled", EdgeRouter::disabled, false),
                before == null ? Map.of() : before.appData(),
                before == null ? List.of() : before.configs(),
                before == null ? Map.of() : before.ctrlChanListeners(),
                fingerprint != null,
                fingerprint,
                sameCertificate ? before.certPem() : null,
                sameCertificate ? before.unverifiedFingerprint() : null,
                sameCertificate ? before.unverifiedCertPem() : null);
    }

    private static Fingerprint fingerprint(JsonNode value) {
        return Fields.id("fingerprint", Fields.text("fingerprint", value), Fingerprint::new);
    }
}
