package io.zitipekko.actors.model.type;

import io.zitipekko.actors.model.Entities;
import io.zitipekko.actors.model.EntityType;
import io.zitipekko.actors.model.EntityType.Key;
import io.zitipekko.actors.model.Reference;
import io.zitipekko.actors.model.entity.ServicePolicy;
import io.zitipekko.actors.model.id.EntityId;
import io.zitipekko.actors.model.id.ServicePolicyId;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Service policies. protocol/06 section 6.3. */
public final class ServicePolicies {
    public static final Key<ServicePolicy> BY_NAME = new Key<>("name", policy -> FieldRules.optional(policy.name()));
    /** By identities named with {@code @id}. */
    public static final Key<ServicePolicy> BY_NAMED_IDENTITY =
            new Key<>("identityRoles", policy -> PolicyRules.ids(policy.identityRoles()));
    /** By services named with {@code @id}. */
    public static final Key<ServicePolicy> BY_NAMED_SERVICE =
            new Key<>("serviceRoles", policy -> PolicyRules.ids(policy.serviceRoles()));
    /** By posture checks named with {@code @id}. */
    public static final Key<ServicePolicy> BY_NAMED_POSTURE_CHECK =
            new Key<>("postureCheckRoles", policy -> PolicyRules.ids(policy.postureCheckRoles()));

    public static final EntityType<ServicePolicy> TYPE = EntityType.named(
                    "service-policies", ServicePolicy.class, ServicePolicyId::new)
            .unique(BY_NAME)
            .reference(Reference.clean(BY_NAMED_IDENTITY, () -> Identities.TYPE, ServicePolicies::withoutIdentity)
                    .missingIsInvalid())
            .reference(Reference.clean(BY_NAMED_SERVICE, () -> Services.TYPE, ServicePolicies::withoutService)
                    .missingIsInvalid())
            .reference(Reference.clean(
                            BY_NAMED_POSTURE_CHECK, () -> PostureChecks.TYPE, ServicePolicies::withoutPostureCheck)
                    .missingIsInvalid())
            .rules(ServicePolicies::check)
            .build();

    private ServicePolicies() {}

    private static void check(ServicePolicy policy, @Nullable ServicePolicy before, Entities entities) {
        PolicyRules.check(policy.name(), policy.semantic());
        if (policy.type() == null) {
            throw FieldRules.invalid("type", null, "expected Dial or Bind");
        }
        PolicyRules.checkRoles("identityRoles", policy.identityRoles());
        PolicyRules.checkRoles("serviceRoles", policy.serviceRoles());
        PolicyRules.checkRoles("postureCheckRoles", policy.postureCheckRoles());
    }

    private static ServicePolicy withoutIdentity(ServicePolicy policy, EntityId id) {
        return with(
                policy,
                PolicyRules.without(policy.identityRoles(), id),
                policy.serviceRoles(),
                policy.postureCheckRoles());
    }

    private static ServicePolicy withoutService(ServicePolicy policy, EntityId id) {
        return with(
                policy,
                policy.identityRoles(),
                PolicyRules.without(policy.serviceRoles(), id),
                policy.postureCheckRoles());
    }

    private static ServicePolicy withoutPostureCheck(ServicePolicy policy, EntityId id) {
        return with(
                policy,
                policy.identityRoles(),
                policy.serviceRoles(),
                PolicyRules.without(policy.postureCheckRoles(), id));
    }

    private static ServicePolicy with(
            ServicePolicy policy,
            List<String> identityRoles,
            List<String> serviceRoles,
            List<String> postureCheckRoles) {
        return new ServicePolicy(
                policy.id(),
                policy.meta(),
                policy.name(),
                policy.type(),
                policy.semantic(),
                identityRoles,
                serviceRoles,
                postureCheckRoles);
    }
}
