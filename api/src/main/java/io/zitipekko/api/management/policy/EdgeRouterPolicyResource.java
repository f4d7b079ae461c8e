package io.zitipekko.api.management.policy;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.zitipekko.actors.model.entity.EdgeRouter;
import io.zitipekko.actors.model.entity.EdgeRouterPolicy;
import io.zitipekko.actors.model.entity.Identity;
import io.zitipekko.actors.model.id.EdgeRouterPolicyId;
import io.zitipekko.actors.model.type.EdgeRouterPolicies;
import io.zitipekko.actors.model.type.EdgeRouters;
import io.zitipekko.actors.model.type.Identities;
import io.zitipekko.api.entity.Symbols;
import io.zitipekko.api.entity.Words;
import io.zitipekko.api.management.entity.EntityResource;
import io.zitipekko.api.management.entity.Fields;
import io.zitipekko.api.management.entity.ManagementContext;
import io.zitipekko.api.management.entity.Reading;
import io.zitipekko.api.query.SymbolTable;
import java.time.Instant;
import java.util.Collection;
import java.util.List;

/** Which identities may use which edge routers. protocol/06 section 6.3. */
public final class EdgeRouterPolicyResource extends EntityResource<EdgeRouterPolicy> {
    private static final SymbolTable<EdgeRouterPolicy> SYMBOLS = Symbols.<EdgeRouterPolicy>base()
            .string("name", EdgeRouterPolicy::name)
            .string("semantic", policy -> Words.of(policy.semantic()))
            .strings("identityRoles", EdgeRouterPolicy::identityRoles)
            .strings("edgeRouterRoles", EdgeRouterPolicy::edgeRouterRoles)
            .build();

    public EdgeRouterPolicyResource(ManagementContext context) {
        super(
                context,
                "edge-router-policies",
                "edge-router-policy",
                EdgeRouterPolicies.TYPE,
                SYMBOLS,
                List.of("edge-routers", "identities"));
    }

    /** What the policy selects, in id order. */
    public static Collection<Identity> identities(EdgeRouterPolicy policy, Reading reading) {
        return RoleLists.selected(
                policy.identityRoles(), policy.semantic(), Identities.TYPE, Identity::roleAttributes, reading.view());
    }

    /** What the policy selects, in id order. */
    public static Collection<EdgeRouter> routers(EdgeRouterPolicy policy, Reading reading) {
        return RoleLists.selected(
                policy.edgeRouterRoles(),
                policy.semantic(),
                EdgeRouters.TYPE,
                EdgeRouter::roleAttributes,
                reading.view());
    }

    @Override
    protected void describe(EdgeRouterPolicy policy, ObjectNode out, Reading reading) {
        out.put("name", policy.name());
        out.put("semantic", Words.of(policy.semantic()));
        out.put("isSystem", policy.meta().system());
        RoleLists.describe(
                out, "identityRoles", policy.identityRoles(), Identities.TYPE, Identity::name, reading.view());
        RoleLists.describe(
                out, "edgeRouterRoles", policy.edgeRouterRoles(), EdgeRouters.TYPE, EdgeRouter::name, reading.view());
    }

    @Override
    protected EdgeRouterPolicy read(Fields<EdgeRouterPolicy> fields, String id, Instant now) {
        return new EdgeRouterPolicy(
                new EdgeRouterPolicyId(id),
                fields.meta(now),
                fields.requiredText("name", EdgeRouterPolicy::name),
                fields.required(
                        "semantic",
                        value -> Fields.oneOf("semantic", value, Words.SEMANTICS),
                        EdgeRouterPolicy::semantic),
                RoleLists.read(fields, "identityRoles", EdgeRouterPolicy::identityRoles),
                RoleLists.read(fields, "edgeRouterRoles", EdgeRouterPolicy::edgeRouterRoles));
    }
}
