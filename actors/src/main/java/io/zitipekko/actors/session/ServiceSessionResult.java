package io.zitipekko.actors.session;

import io.zitipekko.actors.model.entity.Session;
import io.zitipekko.actors.model.id.PostureCheckId;
import io.zitipekko.actors.model.id.RouterId;
import io.zitipekko.actors.model.id.ServiceId;
import io.zitipekko.actors.model.id.ServicePolicyId;
import java.util.Map;
import java.util.Set;

/** How the wish for a service session ended. protocol/05 section 9.1. */
public sealed interface ServiceSessionResult {
    /**
     * @param session as stored
     * @param token signed after the session was stored or found, {@code jti} is its id
     * @param routers over which the identity may reach the service, online or not; not empty
     */
    record Granted(Session session, String token, Set<RouterId> routers) implements ServiceSessionResult {
        @Override
        public String toString() {
            return "Granted[" + session.id() + ", token ***]";
        }
    }

    /** The identity may neither dial nor bind it, or it does not exist: 404. */
    record ServiceNotVisible(ServiceId serviceId) implements ServiceSessionResult {}

    /** The service is visible, but not for this type: 400 {@code COULD_NOT_VALIDATE}. */
    record NotPermitted(ServiceId serviceId) implements ServiceSessionResult {}

    /**
     * Every policy that grants it asks for posture checks, and none of those has all of them passing: 409 {@code INVALID_POSTURE}.
     *
     * @param failing the checks in the way, by policy
     */
    record PostureFailed(ServiceId serviceId, Map<ServicePolicyId, Set<PostureCheckId>> failing)
            implements ServiceSessionResult {}

    /** No router is shared by identity and service: 400 {@code NO_EDGE_ROUTERS_AVAILABLE}. */
    record NoRouters() implements ServiceSessionResult {}
}
