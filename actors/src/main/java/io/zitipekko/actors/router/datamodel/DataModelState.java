package io.zitipekko.actors.router.datamodel;

import io.vavr.collection.HashMap;
import io.vavr.collection.HashSet;
import io.zitipekko.actors.model.id.EntityId;
import io.zitipekko.transport.control.proto.edge.DataState;
import io.zitipekko.transport.control.proto.edge.DataState.Action;
import io.zitipekko.transport.control.proto.edge.DataState.Event;
import io.zitipekko.transport.control.proto.edge.DataState.PolicyType;
import io.zitipekko.transport.control.proto.edge.DataState.ServicePolicyChange;
import java.util.ArrayList;
import java.util.List;

/**
 * One state of the data model: immutable, sharing structure with the states before it. References to unknown entities are
 * tolerated, as snapshots and change sets may come in any order (protocol/03 section 12.3).
 *
 * @param identities by id
 * @param services by id
 * @param serviceIds by name
 * @param policies by id
 * @param policiesOf policy ids by the identity that they select
 * @param keys by kid
 * @param revocations by type and id, see {@link #revocationKey}
 * @param configTypes by id
 * @param configs by id
 * @param routers by id
 * @param postureChecks by id
 */
record DataModelState(
        HashMap<String, DataState.Identity> identities,
        HashMap<String, DataState.Service> services,
        HashMap<String, String> serviceIds,
        HashMap<String, Policy> policies,
        HashMap<String, HashSet<String>> policiesOf,
        HashMap<String, DataState.PublicKey> keys,
        HashMap<String, DataState.Revocation> revocations,
        HashMap<String, DataState.ConfigType> configTypes,
        HashMap<String, DataState.Config> configs,
        HashMap<String, DataState.Router> routers,
        HashMap<String, DataState.PostureCheck> postureChecks) {
    static final DataModelState EMPTY = new DataModelState(
            HashMap.empty(),
            HashMap.empty(),
            HashMap.empty(),
            HashMap.empty(),
            HashMap.empty(),
            HashMap.empty(),
            HashMap.empty(),
            HashMap.empty(),
            HashMap.empty(),
            HashMap.empty(),
            HashMap.empty());

    /** A service policy with the three sets that it joins. */
    record Policy(
            DataState.ServicePolicy policy,
            HashSet<String> identities,
            HashSet<String> services,
            HashSet<String> postureChecks) {
        PolicyType type() {
            return policy.getPolicyType();
        }
    }

    static String revocationKey(String type, String id) {
        return type + '\n' + id;
    }

    DataModelState apply(Event event) {
        boolean delete = event.getAction() == Action.DELETE;
        return switch (event.getModelCase()) {
            case IDENTITY -> {
                if (!EntityId.isPossible(event.getIdentity().getId())) {
                    yield this;
                }
                yield delete ? withoutIdentity(event.getIdentity().getId()) : withIdentity(event.getIdentity());
            }
            case SERVICE -> {
                if (!EntityId.isPossible(event.getService().getId())) {
                    yield this;
                }
                yield delete ? withoutService(event.getService().getId()) : withService(event.getService());
            }
            case SERVICE_POLICY ->
                delete ? withoutPolicy(event.getServicePolicy().getId()) : withPolicy(event.getServicePolicy());
            case SERVICE_POLICY_CHANGE -> withPolicyChange(event.getServicePolicyChange());
            case PUBLIC_KEY ->
                withKeys(
                        delete
                                ? keys.remove(event.getPublicKey().getKid())
                                : keys.put(event.getPublicKey().getKid(), event.getPublicKey()));
            case REVOCATION ->
                withRevocations(
                        delete
                                ? revocations.remove(revocationKey(
                                        event.getRevocation().getType(),
                                        event.getRevocation().getId()))
                                : revocations.put(
                                        revocationKey(
                                                event.getRevocation().getType(),
                                                event.getRevocation().getId()),
                                        event.getRevocation()));
            case CONFIG_TYPE ->
                withOthers(
                        delete
                                ? configTypes.remove(event.getConfigType().getId())
                                : configTypes.put(event.getConfigType().getId(), event.getConfigType()),
                        configs,
                        routers,
                        postureChecks);
            case CONFIG ->
                withOthers(
                        configTypes,
                        delete
                                ? configs.remove(event.getConfig().getId())
                                : configs.put(event.getConfig().getId(), event.getConfig()),
                        routers,
                        postureChecks);
            case ROUTER ->
                withOthers(
                        configTypes,
                        configs,
                        delete
                                ? routers.remove(event.getRouter().getId())
                                : routers.put(event.getRouter().getId(), event.getRouter()),
                        postureChecks);
            case POSTURE_CHECK ->
                withOthers(
                        configTypes,
                        configs,
                        routers,
                        delete
                                ? postureChecks.remove(event.getPostureCheck().getId())
                                : postureChecks.put(event.getPostureCheck().getId(), event.getPostureCheck()));
            case MODEL_NOT_SET -> this;
        };
    }

    /** The whole state as events, in the order of protocol/03 section 12.3. */
    DataState toSnapshot(long index, String timelineId) {
        List<Event> events = new ArrayList<>();
        configTypes.values().forEach(v -> events.add(create().setConfigType(v).build()));
        configs.values().forEach(v -> events.add(create().setConfig(v).build()));
        identities.values().forEach(v -> events.add(create().setIdentity(v).build()));
        services.values().forEach(v -> events.add(create().setService(v).build()));
        routers.values().forEach(v -> events.add(create().setRouter(v).build()));
        postureChecks
                .values()
                .forEach(v -> events.add(create().setPostureCheck(v).build()));
        policies.values().forEach(p -> {
            events.add(create().setServicePolicy(p.policy()).build());
            relation(events, p, DataState.ServicePolicyRelatedEntityType.RELATED_SERVICE, p.services());
            relation(events, p, DataState.ServicePolicyRelatedEntityType.RELATED_POSTURE_CHECK, p.postureChecks());
            relation(events, p, DataState.ServicePolicyRelatedEntityType.RELATED_IDENTITY, p.identities());
        });
        keys.values()
                .forEach(v ->
                        events.add(create().setPublicKey(v).setIsSynthetic(true).build()));
        revocations.values().forEach(v -> events.add(create().setRevocation(v).build()));
        return DataState.newBuilder()
                .addAllEvents(events)
                .setEndIndex(index)
                .setTimelineId(timelineId)
                .build();
    }

    private static Event.Builder create() {
        return Event.newBuilder().setAction(Action.CREATE);
    }

    private static void relation(
            List<Event> events, Policy p, DataState.ServicePolicyRelatedEntityType type, HashSet<String> ids) {
        if (!ids.isEmpty()) {
            events.add(create().setServicePolicyChange(ServicePolicyChange.newBuilder()
                            .setPolicyId(p.policy().getId())
                            .setRelatedEntityType(type)
                            .addAllRelatedEntityIds(ids)
                            .setAdd(true))
                    .build());
        }
    }

    private DataModelState withIdentity(DataState.Identity identity) {
        return withIdentities(identities.put(identity.getId(), identity));
    }

    private DataModelState withoutIdentity(String id) {
        DataModelState out = withIdentities(identities.remove(id));
        for (String policyId : policiesOf.getOrElse(id, HashSet.empty())) {
            Policy p = out.policies.get(policyId).getOrNull();
            if (p != null) {
                out = out.withPolicies(
                        out.policies.put(
                                policyId,
                                new Policy(p.policy(), p.identities().remove(id), p.services(), p.postureChecks())),
                        out.policiesOf);
            }
        }
        return out.withPolicies(out.policies, out.policiesOf.remove(id));
    }

    private DataModelState withService(DataState.Service service) {
        HashMap<String, String> names = services.get(service.getId())
                .map(old -> withoutName(old.getName(), service.getId()))
                .getOrElse(serviceIds);
        return withServices(services.put(service.getId(), service), names.put(service.getName(), service.getId()));
    }

    /** Another service may have taken the name already: it keeps it. */
    private HashMap<String, String> withoutName(String name, String id) {
        return serviceIds.get(name).contains(id) ? serviceIds.remove(name) : serviceIds;
    }

    private DataModelState withoutService(String id) {
        HashMap<String, String> names =
                services.get(id).map(old -> withoutName(old.getName(), id)).getOrElse(serviceIds);
        HashMap<String, Policy> kept = policies;
        for (Policy p : policies.values()) {
            if (p.services().contains(id)) {
                kept = kept.put(
                        p.policy().getId(),
                        new Policy(p.policy(), p.identities(), p.services().remove(id), p.postureChecks()));
            }
        }
        return withServices(services.remove(id), names).withPolicies(kept, policiesOf);
    }

    private DataModelState withPolicy(DataState.ServicePolicy policy) {
        Policy old = policies.get(policy.getId())
                .getOrElse(new Policy(policy, HashSet.empty(), HashSet.empty(), HashSet.empty()));
        return withPolicies(
                policies.put(policy.getId(), new Policy(policy, old.identities(), old.services(), old.postureChecks())),
                policiesOf);
    }

    private DataModelState withoutPolicy(String id) {
        Policy old = policies.get(id).getOrNull();
        if (old == null) {
            return this;
        }
        HashMap<String, HashSet<String>> of = policiesOf;
        for (String identity : old.identities()) {
            of = of.put(identity, of.getOrElse(identity, HashSet.empty()).remove(id));
        }
        return withPolicies(policies.remove(id), of);
    }

    private DataModelState withPolicyChange(ServicePolicyChange change) {
        Policy p = policies.get(change.getPolicyId())
                .getOrElse(() -> new Policy(
                        DataState.ServicePolicy.newBuilder()
                                .setId(change.getPolicyId())
                                .build(),
                        HashSet.empty(),
                        HashSet.empty(),
                        HashSet.empty()));
        List<String> ids = change.getRelatedEntityIdsList();
        boolean add = change.getAdd();
        return switch (change.getRelatedEntityType()) {
            case RELATED_SERVICE ->
                withPolicies(
                        policies.put(
                                change.getPolicyId(),
                                new Policy(
                                        p.policy(),
                                        p.identities(),
                                        changed(p.services(), ids, add),
                                        p.postureChecks())),
                        policiesOf);
            case RELATED_POSTURE_CHECK ->
                withPolicies(
                        policies.put(
                                change.getPolicyId(),
                                new Policy(
                                        p.policy(),
                                        p.identities(),
                                        p.services(),
                                        changed(p.postureChecks(), ids, add))),
                        policiesOf);
            case RELATED_IDENTITY -> {
                HashMap<String, HashSet<String>> of = policiesOf;
                for (String identity : ids) {
                    HashSet<String> has = of.getOrElse(identity, HashSet.empty());
                    of = of.put(identity, add ? has.add(change.getPolicyId()) : has.remove(change.getPolicyId()));
                }
                yield withPolicies(
                        policies.put(
                                change.getPolicyId(),
                                new Policy(
                                        p.policy(),
                                        changed(p.identities(), ids, add),
                                        p.services(),
                                        p.postureChecks())),
                        of);
            }
            case RELATED_INVALID, UNRECOGNIZED -> this;
        };
    }

    private static HashSet<String> changed(HashSet<String> set, List<String> ids, boolean add) {
        return add ? set.addAll(ids) : set.removeAll(ids);
    }

    private DataModelState withIdentities(HashMap<String, DataState.Identity> v) {
        return new DataModelState(
                v,
                services,
                serviceIds,
                policies,
                policiesOf,
                keys,
                revocations,
                configTypes,
                configs,
                routers,
                postureChecks);
    }

    private DataModelState withServices(HashMap<String, DataState.Service> v, HashMap<String, String> names) {
        return new DataModelState(
                identities,
                v,
                names,
                policies,
                policiesOf,
                keys,
                revocations,
                configTypes,
                configs,
                routers,
                postureChecks);
    }

    private DataModelState withPolicies(HashMap<String, Policy> v, HashMap<String, HashSet<String>> of) {
        return new DataModelState(
                identities,
                services,
                serviceIds,
                v,
                of,
                keys,
                revocations,
                configTypes,
                configs,
                routers,
                postureChecks);
    }

    private DataModelState withKeys(HashMap<String, DataState.PublicKey> v) {
        return new DataModelState(
                identities,
                services,
                serviceIds,
                policies,
                policiesOf,
                v,
                revocations,
                configTypes,
                configs,
                routers,
                postureChecks);
    }

    private DataModelState withRevocations(HashMap<String, DataState.Revocation> v) {
        return new DataModelState(
                identities,
                services,
                serviceIds,
                policies,
                policiesOf,
                keys,
                v,
                configTypes,
                configs,
                routers,
                postureChecks);
    }

    private DataModelState withOthers(
            HashMap<String, DataState.ConfigType> types,
            HashMap<String, DataState.Config> newConfigs,
            HashMap<String, DataState.Router> newRouters,
            HashMap<String, DataState.PostureCheck> checks) {
        return new DataModelState(
                identities,
                services,
                serviceIds,
                policies,
                policiesOf,
                keys,
                revocations,
                types,
                newConfigs,
                newRouters,
                checks);
    }
}
