package io.zitipekko.actors.policy.index;

import io.zitipekko.actors.model.Entities;
import io.zitipekko.actors.model.entity.EdgeRouter;
import io.zitipekko.actors.model.entity.Identity;
import io.zitipekko.actors.model.entity.PolicyType;
import io.zitipekko.actors.model.entity.Semantic;
import io.zitipekko.actors.model.entity.Service;
import io.zitipekko.actors.model.entity.ServicePolicy;
import io.zitipekko.actors.model.type.EdgeRouterPolicies;
import io.zitipekko.actors.model.type.ServiceEdgeRouterPolicies;
import io.zitipekko.actors.model.type.ServicePolicies;
import java.util.List;
import java.util.Set;

/** The rules of protocol/06 section 5.1, word for word, without any index. */
record NaivePolicies(Entities entities) {
    List<ServicePolicy> granting(Identity identity, Service service, PolicyType type) {
        return entities.all(ServicePolicies.TYPE).stream()
                .filter(policy -> policy.type() == type)
                .filter(policy -> matches(
                        policy.identityRoles(), policy.semantic(), identity.id().value(), identity.roleAttributes()))
                .filter(policy -> matches(
                        policy.serviceRoles(), policy.semantic(), service.id().value(), service.roleAttributes()))
                .toList();
    }

    boolean mayUse(Identity identity, EdgeRouter router) {
        return entities.all(EdgeRouterPolicies.TYPE).stream()
                .anyMatch(policy -> matches(
                                policy.identityRoles(),
                                policy.semantic(),
                                identity.id().value(),
                                identity.roleAttributes())
                        && matches(
                                policy.edgeRouterRoles(),
                                policy.semantic(),
                                router.id().value(),
                                router.roleAttributes()));
    }

    boolean reachable(Service service, EdgeRouter router) {
        return entities.all(ServiceEdgeRouterPolicies.TYPE).stream()
                .anyMatch(policy -> matches(
                                policy.serviceRoles(),
                                policy.semantic(),
                                service.id().value(),
                                service.roleAttributes())
                        && matches(
                                policy.edgeRouterRoles(),
                                policy.semantic(),
                                router.id().value(),
                                router.roleAttributes()));
    }

    static boolean matches(List<String> roles, Semantic semantic, String id, Set<String> attributes) {
        if (roles.contains("#all") || roles.contains("@" + id)) {
            return true;
        }
        List<String> wanted = roles.stream()
                .filter(role -> role.startsWith("#"))
                .map(role -> role.substring(1))
                .toList();
        if (wanted.isEmpty()) {
            return false;
        }
        return semantic == Semantic.ALL_OF
                ? attributes.containsAll(wanted)
                : wanted.stream().anyMatch(attributes::contains);
    }
}
