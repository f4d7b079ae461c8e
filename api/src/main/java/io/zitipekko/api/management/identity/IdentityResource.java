package io.zitipekko.api.management.identity;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.zitipekko.actors.model.Change;
import io.zitipekko.actors.model.entity.Identity;
import io.zitipekko.actors.model.entity.Precedence;
import io.zitipekko.actors.model.id.AuthPolicyId;
import io.zitipekko.actors.model.id.IdentityId;
import io.zitipekko.actors.model.type.AuthPolicies;
import io.zitipekko.actors.model.type.Identities;
import io.zitipekko.api.client.json.IdentityJson;
import io.zitipekko.api.entity.Symbols;
import io.zitipekko.api.entity.Words;
import io.zitipekko.api.http.ApiErrors;
import io.zitipekko.api.http.Caller;
import io.zitipekko.api.http.RequestContext;
import io.zitipekko.api.management.entity.EntityResource;
import io.zitipekko.api.management.entity.Fields;
import io.zitipekko.api.management.entity.ManagementContext;
import io.zitipekko.api.management.entity.Reading;
import io.zitipekko.api.management.entity.RoleFilter;
import io.zitipekko.api.query.Query;
import io.zitipekko.api.query.SymbolTable;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** Identities. protocol/06 section 6.1. */
public final class IdentityResource extends EntityResource<Identity> {
    public static final String COLLECTION = "identities";

    private static final SymbolTable<Identity> SYMBOLS = Symbols.<Identity>base()
            .string("name", Identity::name)
            .string("externalId", Identity::externalId)
            .string("type", Identity::type)
            .string("authPolicyId", identity -> identity.authPolicyId().value())
            .bool("isAdmin", Identity::admin)
            .bool("isDefaultAdmin", Identity::defaultAdmin)
            .strings("roleAttributes", Identity::roleAttributes)
            .build();

    private static final List<String> LINKS = List.of(
            "edge-router-policies",
            "edge-routers",
            "service-policies",
            "services",
            "posture-data",
            "failed-service-requests",
            "authenticators",
            "enrollments",
            "service-configs",
            "auth-policies");

    private static final Map<String, String> TYPES = Map.of(
            "User", "Default", "Device", "Default", "Service", "Default", "Default", "Default", "Router", "Router");

    public IdentityResource(ManagementContext context) {
        super(context, COLLECTION, "identity", Identities.TYPE, SYMBOLS, LINKS);
    }

    @Override
    protected Query<Identity> narrowed(Query<Identity> query, RequestContext request, Reading reading) {
        return RoleFilter.narrow(query, request, Identity::roleAttributes);
    }

    @Override
    protected void describe(Identity identity, ObjectNode out, Reading reading) {
        ObjectNode own = IdentityJson.of(identity, reading.view(), reading.fabric(), reading.now());
        own.remove("_links");
        if (identity.admin() && reading.caller().filter(Caller::admin).isEmpty()) {
            // Who holds the token becomes that administrator.
            own.putObject("enrollment");
        }
        out.setAll(own);
    }

    @Override
    protected Identity read(Fields<Identity> fields, String id, Instant now) {
        Identity before = fields.before();
        String type = fields.required("type", value -> Fields.oneOf("type", value, TYPES), Identity::type);
        if (!fields.isCreate()
                && type.equals("Router")
                && before != null
                && !before.type().equals(type)) {
            throw ApiErrors.couldNotValidate("type", "identities of routers are made with their routers", type);
        }
        return new Identity(
                new IdentityId(id),
                fields.meta(now),
                fields.requiredText("name", Identity::name),
                fields.isCreate() ? Identities.TYPE_DEFAULT : type,
                fields.requiredBool("isAdmin", Identity::admin),
                before != null && before.defaultAdmin(),
                new TreeSet<>(fields.texts("roleAttributes", identity -> List.copyOf(identity.roleAttributes()))),
                fields.nullableText("externalId", Identity::externalId),
                authPolicy(fields),
                fields.map("appData", Identity::appData),
                fields.get(
                        "defaultHostingPrecedence",
                        value -> Fields.oneOf("defaultHostingPrecedence", value, Words.PRECEDENCES),
                        Identity::defaultHostingPrecedence,
                        Precedence.DEFAULT),
                fields.cost("defaultHostingCost", Identity::defaultHostingCost),
                fields.get("serviceHostingCosts", IdentityResource::costs, Identity::serviceHostingCosts, Map.of()),
                fields.get(
                        "serviceHostingPrecedences",
                        IdentityResource::precedences,
                        Identity::serviceHostingPrecedences,
                        Map.of()),
                before == null ? Map.of() : before.serviceConfigs(),
                before == null ? null : before.disabledAt(),
                before == null ? null : before.disabledUntil(),
                before == null ? Map.of() : before.envInfo(),
                before == null ? Map.of() : before.sdkInfo(),
                permissions(fields));
    }

    private static AuthPolicyId authPolicy(Fields<Identity> fields) {
        String id =
                fields.text("authPolicyId", identity -> identity.authPolicyId().value(), "");
        return id.isBlank() ? AuthPolicies.DEFAULT : Fields.id("authPolicyId", id, AuthPolicyId::new);
    }

    private static Set<String> permissions(Fields<Identity> fields) {
        Set<String> permissions =
                new TreeSet<>(fields.texts("permissions", identity -> List.copyOf(identity.permissions())));
        for (String permission : permissions) {
            if (!Permissions.isKnown(permission)) {
                throw ApiErrors.couldNotValidate("permissions", "unknown permission", permission);
            }
        }
        return permissions;
    }

    private static Map<String, Integer> costs(JsonNode value) {
        Map<String, Integer> out = new HashMap<>();
        Fields.map("serviceHostingCosts", value);
        value.fields()
                .forEachRemaining(
                        field -> out.put(field.getKey(), Fields.cost("serviceHostingCosts", field.getValue())));
        return out;
    }

    private static Map<String, Precedence> precedences(JsonNode value) {
        Map<String, Precedence> out = new HashMap<>();
        Fields.map("serviceHostingPrecedences", value);
        value.fields()
                .forEachRemaining(field -> out.put(
                        field.getKey(),
                        Fields.oneOf("serviceHostingPrecedences", field.getValue(), Words.PRECEDENCES)));
        return out;
    }

    @Override
    protected List<Change> creation(Identity identity, RequestContext request) {
        JsonNode wanted = request.jsonObject().path("enrollment");
        Change made = new Change.Put<>(Identities.TYPE, identity, null);
        return IdentityEnrollment.of(
                        wanted,
                        identity.id(),
                        context.enrollments(),
                        context.model().view())
                .map(enrollment -> List.of(made, enrollment))
                .orElse(List.of(made));
    }

    /** Who is no administrator may neither make nor touch one, nor hand out permissions. protocol/06 section 4. */
    @Override
    protected void checkWrite(RequestContext request, @Nullable Identity before, @Nullable Identity after) {
        Caller caller = request.requireCaller();
        if (caller.admin()) {
            return;
        }
        boolean touchesAdmin = (before != null && before.admin()) || (after != null && after.admin());
        boolean changesPermissions =
                after != null && !after.permissions().equals(before == null ? Set.of() : before.permissions());
        if (touchesAdmin || changesPermissions || request.method().equals("PUT")) {
            throw ApiErrors.unauthorized();
        }
    }

    /** An identity that this caller may administer. @throws ApiError 401, 404 */
    static Identity administered(Reading reading, RequestContext request, String id) {
        Identity identity = IdentityLookup.existing(reading.view(), id);
        if (identity.admin() && !request.requireCaller().admin()) {
            throw ApiErrors.unauthorized();
        }
        return identity;
    }
}
