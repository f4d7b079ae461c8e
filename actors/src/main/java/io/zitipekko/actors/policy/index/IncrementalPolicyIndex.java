package io.zitipekko.actors.policy.index;

import io.zitipekko.actors.model.Change;
import io.zitipekko.actors.model.EntityType;
import io.zitipekko.actors.model.entity.EdgeRouter;
import io.zitipekko.actors.model.entity.EdgeRouterPolicy;
import io.zitipekko.actors.model.entity.Entity;
import io.zitipekko.actors.model.entity.Identity;
import io.zitipekko.actors.model.entity.PolicyType;
import io.zitipekko.actors.model.entity.PostureCheck;
import io.zitipekko.actors.model.entity.Service;
import io.zitipekko.actors.model.entity.ServiceEdgeRouterPolicy;
import io.zitipekko.actors.model.entity.ServicePolicy;
import io.zitipekko.actors.model.id.EdgeRouterPolicyId;
import io.zitipekko.actors.model.id.EntityId;
import io.zitipekko.actors.model.id.IdentityId;
import io.zitipekko.actors.model.id.PostureCheckId;
import io.zitipekko.actors.model.id.RouterId;
import io.zitipekko.actors.model.id.ServiceEdgeRouterPolicyId;
import io.zitipekko.actors.model.id.ServiceId;
import io.zitipekko.actors.model.id.ServicePolicyId;
import io.zitipekko.actors.model.type.EdgeRouterPolicies;
import io.zitipekko.actors.model.type.EdgeRouters;
import io.zitipekko.actors.model.type.Identities;
import io.zitipekko.actors.model.type.PostureChecks;
import io.zitipekko.actors.model.type.ServiceEdgeRouterPolicies;
import io.zitipekko.actors.model.type.ServicePolicies;
import io.zitipekko.actors.model.type.Services;
import io.zitipekko.actors.policy.PolicyIndex;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.BiFunction;
import org.jspecify.annotations.Nullable;
import org.roaringbitmap.RoaringBitmap;

/**
 * The {@link PolicyIndex}, kept up to date change by change. Selections of every policy are bitmaps; a changed entity touches the
 * policies that name its changed attributes, a changed policy is evaluated anew on attribute bitmaps, and all else is shared with the
 * index before. Kinds that take no part in policies cost nothing.
 */
public final class IncrementalPolicyIndex implements PolicyIndex {
    private static final Object ANY = new Object();

    public static final IncrementalPolicyIndex EMPTY = new IncrementalPolicyIndex(
            Members.NONE,
            Members.NONE,
            Members.NONE,
            PolicyTable.empty(),
            PolicyTable.empty(),
            PolicyTable.empty(),
            PostureSelections.NONE);

    private final Members identities;
    private final Members services;
    private final Members routers;
    private final PolicyTable<PolicyType> servicePolicies;
    private final PolicyTable<Object> edgeRouterPolicies;
    private final PolicyTable<Object> serviceEdgeRouterPolicies;
    private final PostureSelections postureChecks;

    private IncrementalPolicyIndex(
            Members identities,
            Members services,
            Members routers,
            PolicyTable<PolicyType> servicePolicies,
            PolicyTable<Object> edgeRouterPolicies,
            PolicyTable<Object> serviceEdgeRouterPolicies,
            PostureSelections postureChecks) {
        this.identities = identities;
        this.services = services;
        this.routers = routers;
        this.servicePolicies = servicePolicies;
        this.edgeRouterPolicies = edgeRouterPolicies;
        this.serviceEdgeRouterPolicies = serviceEdgeRouterPolicies;
        this.postureChecks = postureChecks;
    }

    /** How the kinds that take part are taken in: the id, and the entity or null when it is deleted. */
    private static final class Steps {
        private static final Map<EntityType<?>, Step> BY_TYPE = Map.of(
                Identities.TYPE, step(Identity.class, IncrementalPolicyIndex::identityChanged),
                Services.TYPE, step(Service.class, IncrementalPolicyIndex::serviceChanged),
                EdgeRouters.TYPE, step(EdgeRouter.class, IncrementalPolicyIndex::routerChanged),
                PostureChecks.TYPE, step(PostureCheck.class, IncrementalPolicyIndex::postureCheckChanged),
                ServicePolicies.TYPE, step(ServicePolicy.class, IncrementalPolicyIndex::servicePolicyChanged),
                EdgeRouterPolicies.TYPE, step(EdgeRouterPolicy.class, IncrementalPolicyIndex::edgeRouterPolicyChanged),
                ServiceEdgeRouterPolicies.TYPE,
                        step(ServiceEdgeRouterPolicy.class, IncrementalPolicyIndex::serviceEdgeRouterPolicyChanged));

        private interface Step {
            IncrementalPolicyIndex apply(IncrementalPolicyIndex index, EntityId id, @Nullable Entity entity);
        }

        private interface TypedStep<E> {
            IncrementalPolicyIndex apply(IncrementalPolicyIndex index, EntityId id, @Nullable E entity);
        }

        private static <E extends Entity> Step step(Class<E> type, TypedStep<E> step) {
            return (index, id, entity) -> step.apply(index, id, entity == null ? null : type.cast(entity));
        }
    }

    /** The index after {@code change}. */
    public IncrementalPolicyIndex with(Change change) {
        Steps.Step step = Steps.BY_TYPE.get(change.type());
        if (step == null) {
            return this;
        }
        return step.apply(this, change.id(), change instanceof Change.Put<?> put ? put.entity() : null);
    }

    private IncrementalPolicyIndex identityChanged(EntityId id, @Nullable Identity identity) {
        Set<String> attributes = identity == null ? null : identity.roleAttributes();
        return memberChanged(
                identities,
                id,
                attributes,
                (members, moved) -> new IncrementalPolicyIndex(
                        members,
                        services,
                        routers,
                        servicePolicies.leftChanged(moved.before(), moved.after()),
                        edgeRouterPolicies.leftChanged(moved.before(), moved.after()),
                        serviceEdgeRouterPolicies,
                        postureChecks));
    }

    private IncrementalPolicyIndex serviceChanged(EntityId id, @Nullable Service service) {
        Set<String> attributes = service == null ? null : service.roleAttributes();
        return memberChanged(
                services,
                id,
                attributes,
                (members, moved) -> new IncrementalPolicyIndex(
                        identities,
                        members,
                        routers,
                        servicePolicies.rightChanged(moved.before(), moved.after()),
                        edgeRouterPolicies,
                        serviceEdgeRouterPolicies.leftChanged(moved.before(), moved.after()),
                        postureChecks));
    }

    private IncrementalPolicyIndex routerChanged(EntityId id, @Nullable EdgeRouter router) {
        Set<String> attributes = router == null ? null : router.roleAttributes();
        return memberChanged(
                routers,
                id,
                attributes,
                (members, moved) -> new IncrementalPolicyIndex(
                        identities,
                        services,
                        members,
                        servicePolicies,
                        edgeRouterPolicies.rightChanged(moved.before(), moved.after()),
                        serviceEdgeRouterPolicies.rightChanged(moved.before(), moved.after()),
                        postureChecks));
    }

    private IncrementalPolicyIndex postureCheckChanged(EntityId id, @Nullable PostureCheck check) {
        PostureSelections changed = postureChecks.checkChanged(id, check == null ? null : check.roleAttributes());
        return changed == postureChecks
                ? this
                : new IncrementalPolicyIndex(
                        identities,
                        services,
                        routers,
                        servicePolicies,
                        edgeRouterPolicies,
                        serviceEdgeRouterPolicies,
                        changed);
    }

    /** A member before and after a change; one of them may be missing. */
    private record Moved(Members.@Nullable Member before, Members.@Nullable Member after) {}

    private IncrementalPolicyIndex memberChanged(
            Members members,
            EntityId id,
            @Nullable Set<String> attributes,
            BiFunction<Members, Moved, IncrementalPolicyIndex> rebuilt) {
        Members.Member before = members.get(id.value());
        if (attributes == null) {
            return before == null ? this : rebuilt.apply(members.remove(before), new Moved(before, null));
        }
        if (before != null && before.attributes().equals(attributes)) {
            return this;
        }
        Members changed = members.put(id, attributes);
        return rebuilt.apply(changed, new Moved(before, changed.get(id.value())));
    }

    private IncrementalPolicyIndex servicePolicyChanged(EntityId id, @Nullable ServicePolicy policy) {
        PolicyTable<PolicyType> changed = policy == null
                ? servicePolicies.remove(id.value())
                : servicePolicies.put(
                        id.value(),
                        policy.type(),
                        RoleList.of(policy.identityRoles(), policy.semantic()),
                        identities,
                        RoleList.of(policy.serviceRoles(), policy.semantic()),
                        services);
        RoleList checks = policy == null ? null : RoleList.of(policy.postureCheckRoles(), policy.semantic());
        return new IncrementalPolicyIndex(
                identities,
                services,
                routers,
                changed,
                edgeRouterPolicies,
                serviceEdgeRouterPolicies,
                postureChecks.policyChanged(id.value(), checks));
    }

    private IncrementalPolicyIndex edgeRouterPolicyChanged(EntityId id, @Nullable EdgeRouterPolicy policy) {
        PolicyTable<Object> changed = policy == null
                ? edgeRouterPolicies.remove(id.value())
                : edgeRouterPolicies.put(
                        id.value(),
                        ANY,
                        RoleList.of(policy.identityRoles(), policy.semantic()),
                        identities,
                        RoleList.of(policy.edgeRouterRoles(), policy.semantic()),
                        routers);
        return new IncrementalPolicyIndex(
                identities, services, routers, servicePolicies, changed, serviceEdgeRouterPolicies, postureChecks);
    }

    private IncrementalPolicyIndex serviceEdgeRouterPolicyChanged(
            EntityId id, @Nullable ServiceEdgeRouterPolicy policy) {
        PolicyTable<Object> changed = policy == null
                ? serviceEdgeRouterPolicies.remove(id.value())
                : serviceEdgeRouterPolicies.put(
                        id.value(),
                        ANY,
                        RoleList.of(policy.serviceRoles(), policy.semantic()),
                        services,
                        RoleList.of(policy.edgeRouterRoles(), policy.semantic()),
                        routers);
        return new IncrementalPolicyIndex(
                identities, services, routers, servicePolicies, edgeRouterPolicies, changed, postureChecks);
    }

    @Override
    public boolean allows(IdentityId identity, ServiceId service, PolicyType type) {
        return servicePolicies.joins(
                identities.get(identity.value()), services.get(service.value()), label -> label == type);
    }

    @Override
    public List<ServicePolicyId> grants(IdentityId identity, ServiceId service, PolicyType type) {
        return servicePolicies
                .joining(identities.get(identity.value()), services.get(service.value()), label -> label == type)
                .stream()
                .map(ServicePolicyId::new)
                .toList();
    }

    @Override
    public boolean allowsUnchecked(IdentityId identity, ServiceId service, PolicyType type) {
        return servicePolicies
                .joining(identities.get(identity.value()), services.get(service.value()), label -> label == type)
                .stream()
                .anyMatch(postureChecks::free);
    }

    @Override
    public Set<ServiceId> services(IdentityId identity, PolicyType type) {
        return serviceSet(servicePolicies.rightOf(identities.get(identity.value()), services, label -> label == type));
    }

    @Override
    public Set<IdentityId> identities(ServiceId service, PolicyType type) {
        return identitySet(servicePolicies.leftOf(services.get(service.value()), identities, label -> label == type));
    }

    @Override
    public Set<RouterId> routers(IdentityId identity) {
        return routerSet(edgeRouterPolicies.rightOf(identities.get(identity.value()), routers, label -> true));
    }

    @Override
    public Set<IdentityId> identities(RouterId router) {
        return identitySet(edgeRouterPolicies.leftOf(routers.get(router.value()), identities, label -> true));
    }

    @Override
    public Set<RouterId> routers(ServiceId service) {
        return routerSet(serviceEdgeRouterPolicies.rightOf(services.get(service.value()), routers, label -> true));
    }

    @Override
    public Set<ServiceId> services(RouterId router) {
        return serviceSet(serviceEdgeRouterPolicies.leftOf(routers.get(router.value()), services, label -> true));
    }

    @Override
    public boolean mayUse(IdentityId identity, ServiceId service, RouterId router) {
        Members.Member routerMember = routers.get(router.value());
        return edgeRouterPolicies.joins(identities.get(identity.value()), routerMember, label -> true)
                && serviceEdgeRouterPolicies.joins(services.get(service.value()), routerMember, label -> true);
    }

    @Override
    public Set<IdentityId> selectedIdentities(ServicePolicyId policy) {
        PolicySide.Selection selection = servicePolicies.left().of(policy.value());
        return selection == null ? Set.of() : identitySet(selection.among(identities));
    }

    @Override
    public Set<ServiceId> selectedServices(ServicePolicyId policy) {
        PolicySide.Selection selection = servicePolicies.right().of(policy.value());
        return selection == null ? Set.of() : serviceSet(selection.among(services));
    }

    @Override
    public Set<PostureCheckId> selectedPostureChecks(ServicePolicyId policy) {
        return postureChecks.of(policy.value());
    }

    @Override
    public Set<IdentityId> selectedIdentities(EdgeRouterPolicyId policy) {
        PolicySide.Selection selection = edgeRouterPolicies.left().of(policy.value());
        return selection == null ? Set.of() : identitySet(selection.among(identities));
    }

    @Override
    public Set<RouterId> selectedRouters(EdgeRouterPolicyId policy) {
        PolicySide.Selection selection = edgeRouterPolicies.right().of(policy.value());
        return selection == null ? Set.of() : routerSet(selection.among(routers));
    }

    @Override
    public Set<ServiceId> selectedServices(ServiceEdgeRouterPolicyId policy) {
        PolicySide.Selection selection = serviceEdgeRouterPolicies.left().of(policy.value());
        return selection == null ? Set.of() : serviceSet(selection.among(services));
    }

    @Override
    public Set<RouterId> selectedRouters(ServiceEdgeRouterPolicyId policy) {
        PolicySide.Selection selection = serviceEdgeRouterPolicies.right().of(policy.value());
        return selection == null ? Set.of() : routerSet(selection.among(routers));
    }

    @Override
    public List<ServicePolicyId> policiesOf(IdentityId identity) {
        return policiesOf(servicePolicies.left(), identities.get(identity.value()));
    }

    @Override
    public List<ServicePolicyId> policiesOf(ServiceId service) {
        return policiesOf(servicePolicies.right(), services.get(service.value()));
    }

    @Override
    public List<ServicePolicyId> policiesOf(PostureCheckId check) {
        return postureChecks.selecting(check.value()).stream()
                .sorted()
                .map(ServicePolicyId::new)
                .toList();
    }

    private static List<ServicePolicyId> policiesOf(PolicySide side, Members.@Nullable Member member) {
        return member == null
                ? List.of()
                : side.selecting(member).stream()
                        .sorted()
                        .map(ServicePolicyId::new)
                        .toList();
    }

    private Set<IdentityId> identitySet(RoaringBitmap ordinals) {
        return new MemberSet<>(identities, ordinals, IdentityId.class);
    }

    private Set<ServiceId> serviceSet(RoaringBitmap ordinals) {
        return new MemberSet<>(services, ordinals, ServiceId.class);
    }

    private Set<RouterId> routerSet(RoaringBitmap ordinals) {
        return new MemberSet<>(routers, ordinals, RouterId.class);
    }
}
