package io.zitipekko.actors.model.entity;

import io.zitipekko.actors.model.id.ServiceEdgeRouterPolicyId;
import java.util.List;

/**
 * Which services may be reached over which edge routers. protocol/06 section 6.3.
 *
 * @param name unique
 */
public record ServiceEdgeRouterPolicy(
        ServiceEdgeRouterPolicyId id,
        Meta meta,
        String name,
        Semantic semantic,
        List<String> serviceRoles,
        List<String> edgeRouterRoles)
        implements Entity {
    public ServiceEdgeRouterPolicy {
        serviceRoles = Immutable.roles(serviceRoles);
        edgeRouterRoles = Immutable.roles(edgeRouterRoles);
    }
}
