package io.zitipekko.actors.model.type;

import io.zitipekko.actors.model.Entities;
import io.zitipekko.actors.model.EntityType;
import io.zitipekko.actors.model.EntityType.Key;
import io.zitipekko.actors.model.Reference;
import io.zitipekko.actors.model.entity.ServiceEdgeRouterPolicy;
import io.zitipekko.actors.model.id.EntityId;
import io.zitipekko.actors.model.id.ServiceEdgeRouterPolicyId;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Service-edge-router policies. protocol/06 section 6.3. */
public final class ServiceEdgeRouterPolicies {
    public static final Key<ServiceEdgeRouterPolicy> BY_NAME =
            new Key<>("name", policy -> FieldRules.optional(policy.name()));
    /** By services named with {@code @id}. */
    public static final Key<ServiceEdgeRouterPolicy> BY_NAMED_SERVICE =
            new Key<>("serviceRoles", policy -> PolicyRules.ids(policy.serviceRoles()));
    /** By routers named with {@code @id}. */
    public static final Key<ServiceEdgeRouterPolicy> BY_NAMED_ROUTER =
            new Key<>("edgeRouterRoles", policy -> PolicyRules.ids(policy.edgeRouterRoles()));

    public static final EntityType<ServiceEdgeRouterPolicy> TYPE = EntityType.named(
                    "service-edge-router-policies", ServiceEdgeRouterPolicy.class, ServiceEdgeRouterPolicyId::new)
            .unique(BY_NAME)
            .reference(Reference.clean(BY_NAMED_SERVICE, () -> Services.TYPE, ServiceEdgeRouterPolicies::withoutService)
                    .missingIsInvalid())
            .reference(
                    Reference.clean(BY_NAMED_ROUTER, () -> EdgeRouters.TYPE, ServiceEdgeRouterPolicies::withoutRouter)
                            .missingIsInvalid())
            .rules(ServiceEdgeRouterPolicies::check)
            .build();

    private ServiceEdgeRouterPolicies() {}

    private static void check(
            ServiceEdgeRouterPolicy policy, @Nullable ServiceEdgeRouterPolicy before, Entities entities) {
        PolicyRules.check(policy.name(), policy.semantic());
        PolicyRules.checkRoles("serviceRoles", policy.serviceRoles());
        PolicyRules.checkRoles("edgeRouterRoles", policy.edgeRouterRoles());
    }

    private static ServiceEdgeRouterPolicy withoutService(ServiceEdgeRouterPolicy policy, EntityId id) {
        return with(policy, PolicyRules.without(policy.serviceRoles(), id), policy.edgeRouterRoles());
    }

    private static ServiceEdgeRouterPolicy withoutRouter(ServiceEdgeRouterPolicy policy, EntityId id) {
        return with(policy, policy.serviceRoles(), PolicyRules.without(policy.edgeRouterRoles(), id));
    }

    private static ServiceEdgeRouterPolicy with(
            ServiceEdgeRouterPolicy policy, List<String> serviceRoles, List<String> routerRoles) {
        return new ServiceEdgeRouterPolicy(
                policy.id(), policy.meta(), policy.name(), policy.semantic(), serviceRoles, routerRoles);
    }
}
