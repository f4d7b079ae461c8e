package io.zitipekko.actors.session.store;

import io.zitipekko.actors.model.ModelView;
import io.zitipekko.actors.model.entity.PolicyType;
import io.zitipekko.actors.model.entity.Session;
import io.zitipekko.actors.model.id.IdentityId;
import io.zitipekko.actors.model.id.PostureCheckId;
import io.zitipekko.actors.model.id.RouterId;
import io.zitipekko.actors.model.id.ServiceId;
import io.zitipekko.actors.model.id.ServicePolicyId;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/** What a state of the model lets an identity do with a service. Pure. */
public final class ServiceRights {
    private ServiceRights() {}

    /** Whether a service session may go on: its policy right stands, and some router is left that both may use. */
    static boolean lawful(ModelView view, Session session) {
        return granted(view, session.identityId(), session.serviceId(), session.type())
                && view.policies().routers(session.identityId()).stream()
                        .anyMatch(router -> view.policies().mayUse(session.identityId(), session.serviceId(), router));
    }

    /**
     * Whether a policy grants a service session. Posture is not evaluated here, so that a policy that asks for posture checks grants nothing:
     * what nobody looked at has not passed.
     */
    static boolean granted(ModelView view, IdentityId identity, ServiceId service, PolicyType type) {
        return view.policies().allowsUnchecked(identity, service, type);
    }

    /** The posture checks of the policies that would grant a service session, by policy. */
    static Map<ServicePolicyId, Set<PostureCheckId>> checks(
            ModelView view, IdentityId identity, ServiceId service, PolicyType type) {
        Map<ServicePolicyId, Set<PostureCheckId>> checks = new LinkedHashMap<>();
        for (ServicePolicyId policy : view.policies().grants(identity, service, type)) {
            checks.put(policy, view.policies().selectedPostureChecks(policy));
        }
        return checks;
    }

    /** Routers that both may use, by id, whether online or not. */
    static Set<RouterId> sharedRouters(ModelView view, IdentityId identity, ServiceId service) {
        Set<RouterId> shared = new TreeSet<>(java.util.Comparator.comparing(RouterId::value));
        for (RouterId router : view.policies().routers(identity)) {
            if (view.policies().mayUse(identity, service, router)) {
                shared.add(router);
            }
        }
        return shared;
    }
}
