package io.zitipekko.actors.policy;

import io.zitipekko.actors.model.entity.PolicyType;
import io.zitipekko.actors.model.id.EdgeRouterPolicyId;
import io.zitipekko.actors.model.id.IdentityId;
import io.zitipekko.actors.model.id.PostureCheckId;
import io.zitipekko.actors.model.id.RouterId;
import io.zitipekko.actors.model.id.ServiceEdgeRouterPolicyId;
import io.zitipekko.actors.model.id.ServiceId;
import io.zitipekko.actors.model.id.ServicePolicyId;
import java.util.List;
import java.util.Set;

/** What the policies of one model state allow. Immutable; answers in microseconds. */
public interface PolicyIndex {
    /** Whether any service policy of that type joins the two. */
    boolean allows(IdentityId identity, ServiceId service, PolicyType type);

    /** The service policies of that type that join the two: the reason for {@link #allows}. */
    List<ServicePolicyId> grants(IdentityId identity, ServiceId service, PolicyType type);

    /**
     * Whether a service policy of that type joins the two that asks for no posture check. Who cannot evaluate posture has to go by this and
     * not by {@link #allows}: a check that nobody looked at has not passed.
     */
    boolean allowsUnchecked(IdentityId identity, ServiceId service, PolicyType type);

    /** Services that the identity may dial (or bind). */
    Set<ServiceId> services(IdentityId identity, PolicyType type);

    /** Identities that may dial (or bind) the service. */
    Set<IdentityId> identities(ServiceId service, PolicyType type);

    /** Routers that the identity may use. */
    Set<RouterId> routers(IdentityId identity);

    /** Identities that may use the router. */
    Set<IdentityId> identities(RouterId router);

    /** Routers over which the service may be reached. */
    Set<RouterId> routers(ServiceId service);

    /** Services that may be reached over the router. */
    Set<ServiceId> services(RouterId router);

    /** Whether the identity may reach the service over this router (both router policies). */
    boolean mayUse(IdentityId identity, ServiceId service, RouterId router);

    /** What a service policy selects. */
    Set<IdentityId> selectedIdentities(ServicePolicyId policy);

    Set<ServiceId> selectedServices(ServicePolicyId policy);

    /** The posture checks that must pass before a service policy grants anything; empty when it asks for none. */
    Set<PostureCheckId> selectedPostureChecks(ServicePolicyId policy);

    /** What an edge-router policy selects. */
    Set<IdentityId> selectedIdentities(EdgeRouterPolicyId policy);

    Set<RouterId> selectedRouters(EdgeRouterPolicyId policy);

    /** What a service-edge-router policy selects. */
    Set<ServiceId> selectedServices(ServiceEdgeRouterPolicyId policy);

    Set<RouterId> selectedRouters(ServiceEdgeRouterPolicyId policy);

    /** The service policies that select the identity, sorted. Costs what its roles cost, not the number of policies. */
    List<ServicePolicyId> policiesOf(IdentityId identity);

    /** The service policies that select the service, likewise. */
    List<ServicePolicyId> policiesOf(ServiceId service);

    /** The service policies that ask for the posture check, likewise. */
    List<ServicePolicyId> policiesOf(PostureCheckId check);
}
