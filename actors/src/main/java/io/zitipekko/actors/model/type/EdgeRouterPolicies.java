package io.zitipekko.actors.model.type;

import io.zitipekko.actors.model.Entities;
import io.zitipekko.actors.model.EntityType;
import io.zitipekko.actors.model.EntityType.Key;
import io.zitipekko.actors.model.Reference;
import io.zitipekko.actors.model.entity.EdgeRouterPolicy;
import io.zitipekko.actors.model.id.EdgeRouterPolicyId;
import io.zitipekko.actors.model.id.EntityId;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Edge-router policies. protocol/06 section 6.3. */
public final class EdgeRouterPolicies {
    public static final Key<EdgeRouterPolicy> BY_NAME = new Key<>("name", policy -> FieldRules.optional(policy.name()));
    /** By identities named with {@code @id}. */
    public static final Key<EdgeRouterPolicy> BY_NAMED_IDENTITY =
            new Key<>("identityRoles", policy -> PolicyRules.ids(policy.identityRoles()));
    /** By routers named with {@code @id}. */
    public static final Key<EdgeRouterPolicy> BY_NAMED_ROUTER =
            new Key<>("edgeRouterRoles", policy -> PolicyRules.ids(policy.edgeRouterRoles()));

    public static final EntityType<EdgeRouterPolicy> TYPE = EntityType.named(
                    "edge-router-policies", EdgeRouterPolicy.class, EdgeRouterPolicyId::new)
            .unique(BY_NAME)
            .reference(Reference.clean(BY_NAMED_IDENTITY, () -> Identities.TYPE, EdgeRouterPolicies::withoutIdentity)
                    .missingIsInvalid())
            .reference(Reference.clean(BY_NAMED_ROUTER, () -> EdgeRouters.TYPE, EdgeRouterPolicies::withoutRouter)
                    .missingIsInvalid())
            .rules(EdgeRouterPolicies::check)
            .build();

    private EdgeRouterPolicies() {}

    private static void check(EdgeRouterPolicy policy, @Nullable EdgeRouterPolicy before, Entities entities) {
        PolicyRules.check(policy.name(), policy.semantic());
        PolicyRules.checkRoles("identityRoles", policy.identityRoles());
        PolicyRules.checkRoles("edgeRouterRoles", policy.edgeRouterRoles());
    }

    private static EdgeRouterPolicy withoutIdentity(EdgeRouterPolicy policy, EntityId id) {
        return with(policy, PolicyRules.without(policy.identityRoles(), id), policy.edgeRouterRoles());
    }

    private static EdgeRouterPolicy withoutRouter(EdgeRouterPolicy policy, EntityId id) {
        return with(policy, policy.identityRoles(), PolicyRules.without(policy.edgeRouterRoles(), id));
    }

    private static EdgeRouterPolicy with(
            EdgeRouterPolicy policy, List<String> identityRoles, List<String> routerRoles) {
        return new EdgeRouterPolicy(
                policy.id(), policy.meta(), policy.name(), policy.semantic(), identityRoles, routerRoles);
    }
}
