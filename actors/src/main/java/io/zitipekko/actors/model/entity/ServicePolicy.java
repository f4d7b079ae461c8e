package io.zitipekko.actors.model.entity;

import io.zitipekko.actors.model.id.ServicePolicyId;
import java.util.List;

/**
 * Which identities may dial or bind which services. protocol/06 section 6.3.
 *
 * @param name unique
 * @param identityRoles role expressions: {@code #attribute}, {@code #all}, {@code @id}
 */
public record ServicePolicy(
        ServicePolicyId id,
        Meta meta,
        String name,
        PolicyType type,
        Semantic semantic,
        List<String> identityRoles,
        List<String> serviceRoles,
        List<String> postureCheckRoles)
        implements Entity {
    public ServicePolicy {
        identityRoles = Immutable.roles(identityRoles);
        serviceRoles = Immutable.roles(serviceRoles);
        postureCheckRoles = Immutable.roles(postureCheckRoles);
    }
}
