package io.zitipekko.actors.model.entity;

import io.zitipekko.actors.model.id.EdgeRouterPolicyId;
import java.util.List;

/**
 * Which identities may use which edge routers. protocol/06 section 6.3.
 *
 * @param name unique
 */
public record EdgeRouterPolicy(
        EdgeRouterPolicyId id,
        Meta meta,
        String name,
        Semantic semantic,
        List<String> identityRoles,
        List<String> edgeRouterRoles)
        implements Entity {
    public EdgeRouterPolicy {
        identityRoles = Immutable.roles(identityRoles);
        edgeRouterRoles = Immutable.roles(edgeRouterRoles);
    }
}
