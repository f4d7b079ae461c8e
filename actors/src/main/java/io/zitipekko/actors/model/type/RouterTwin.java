package io.zitipekko.actors.model.type;

import io.zitipekko.actors.model.Change;
import io.zitipekko.actors.model.Entities;
import io.zitipekko.actors.model.entity.EdgeRouter;
import io.zitipekko.actors.model.entity.EdgeRouterPolicy;
import io.zitipekko.actors.model.entity.Entity;
import io.zitipekko.actors.model.entity.Identity;
import io.zitipekko.actors.model.entity.Semantic;
import io.zitipekko.actors.model.id.EdgeRouterPolicyId;
import io.zitipekko.actors.model.id.IdentityId;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * What a router with a tunneler has beside itself: an identity with its id and name, and a system policy by which that identity may use
 * that router (protocol/06 section 5.4).
 */
final class RouterTwin {
    private RouterTwin() {}

    /** Makes what is missing and renames what is there. */
    static List<Change> present(EdgeRouter router, Entities entities) {
        List<Change> changes = new ArrayList<>(2);
        IdentityId identityId = new IdentityId(router.id().value());
        Optional<Identity> twin = entities.get(Identities.TYPE, identityId);
        if (twin.isEmpty()) {
            changes.add(new Change.Put<>(Identities.TYPE, identity(router), null));
        } else if (!twin.get().name().equals(router.name())) {
            changes.add(new Change.Put<>(Identities.TYPE, renamed(twin.get(), router), twin.get()));
        }
        EdgeRouterPolicyId policyId = new EdgeRouterPolicyId(router.id().value());
        if (entities.get(EdgeRouterPolicies.TYPE, policyId).isEmpty()) {
            changes.add(new Change.Put<>(EdgeRouterPolicies.TYPE, policy(router, policyId), null));
        }
        return changes;
    }

    /** Removes what is there. */
    static List<Change> absent(EdgeRouter router, Entities entities) {
        List<Change> changes = new ArrayList<>(2);
        EdgeRouterPolicyId policyId = new EdgeRouterPolicyId(router.id().value());
        entities.get(EdgeRouterPolicies.TYPE, policyId)
                .filter(policy -> policy.meta().system())
                .ifPresent(policy -> changes.add(new Change.Delete(EdgeRouterPolicies.TYPE, policyId)));
        IdentityId identityId = new IdentityId(router.id().value());
        entities.get(Identities.TYPE, identityId)
                .filter(identity -> identity.type().equals(Identities.TYPE_ROUTER))
                .ifPresent(identity -> changes.add(new Change.Delete(Identities.TYPE, identityId)));
        return changes;
    }

    private static Identity identity(EdgeRouter router) {
        return Identities.unconfigured(
                new IdentityId(router.id().value()),
                Entity.Meta.created(router.meta().updatedAt(), Map.of()),
                router.name(),
                Identities.TYPE_ROUTER,
                Set.of(),
                null);
    }

    private static Identity renamed(Identity twin, EdgeRouter router) {
        return new Identity(
                twin.id(),
                twin.meta().touched(router.meta().updatedAt()),
                router.name(),
                twin.type(),
                twin.admin(),
                twin.defaultAdmin(),
                twin.roleAttributes(),
                twin.externalId(),
                twin.authPolicyId(),
                twin.appData(),
                twin.defaultHostingPrecedence(),
                twin.defaultHostingCost(),
                twin.serviceHostingCosts(),
                twin.serviceHostingPrecedences(),
                twin.serviceConfigs(),
                twin.disabledAt(),
                twin.disabledUntil(),
                twin.envInfo(),
                twin.sdkInfo(),
                twin.permissions());
    }

    private static EdgeRouterPolicy policy(EdgeRouter router, EdgeRouterPolicyId policyId) {
        String self = "@" + router.id().value();
        return new EdgeRouterPolicy(
                policyId,
                new Entity.Meta(router.meta().updatedAt(), router.meta().updatedAt(), Map.of(), true),
                "edge-router-" + router.id().value() + "-system",
                Semantic.ANY_OF,
                List.of(self),
                List.of(self));
    }
}
