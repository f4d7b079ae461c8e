package io.zitipekko.actors.fabric.datamodel;

import io.zitipekko.actors.model.Change;
import io.zitipekko.actors.model.Model;
import io.zitipekko.actors.model.ModelView;
import io.zitipekko.actors.model.entity.Ca;
import io.zitipekko.actors.model.entity.Config;
import io.zitipekko.actors.model.entity.EdgeRouter;
import io.zitipekko.actors.model.id.ConfigId;
import io.zitipekko.actors.model.id.EntityId;
import io.zitipekko.actors.model.id.IdentityId;
import io.zitipekko.actors.model.id.PostureCheckId;
import io.zitipekko.actors.model.id.RouterId;
import io.zitipekko.actors.model.id.ServiceId;
import io.zitipekko.actors.model.id.ServicePolicyId;
import io.zitipekko.actors.model.type.Cas;
import io.zitipekko.actors.model.type.ConfigTypes;
import io.zitipekko.actors.model.type.Configs;
import io.zitipekko.actors.model.type.EdgeRouters;
import io.zitipekko.actors.model.type.Identities;
import io.zitipekko.actors.model.type.PostureChecks;
import io.zitipekko.actors.model.type.ServicePolicies;
import io.zitipekko.actors.model.type.Services;
import io.zitipekko.transport.control.proto.edge.DataState;
import io.zitipekko.transport.control.proto.edge.DataState.Action;
import io.zitipekko.transport.control.proto.edge.DataState.Event;
import io.zitipekko.transport.control.proto.edge.DataState.ServicePolicyRelatedEntityType;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Function;
import org.apache.pekko.util.ByteString;

/**
 * One commit as routers get it: a change set with the index chain kept even when it is empty. Computed once; the body is shared by all routers but those
 * few that it touches configs of. What takes rights away comes first, what gives rights last: a policy has its posture checks before it has
 * members, and loses them at the very end.
 */
final class DataModelChange {
    private final long index;
    private final List<Event> common;
    private final ByteString body;
    /** Configs that target routers, by id, as changed: each for those routers only that list them. */
    private final Map<ConfigId, Event> routerConfigs;
    /** For routers whose own record changed: the configs that they list now, ahead of it. */
    private final Map<RouterId, List<Event>> ahead;

    private final Map<RouterId, Set<ConfigId>> listing;

    private DataModelChange(
            long index,
            List<Event> common,
            Map<ConfigId, Event> routerConfigs,
            Map<RouterId, List<Event>> ahead,
            Map<RouterId, Set<ConfigId>> listing) {
        this.index = index;
        this.common = List.copyOf(common);
        this.routerConfigs = routerConfigs;
        this.ahead = ahead;
        this.listing = listing;
        this.body = ByteString.fromArrayUnsafe(changeSet(index, common).toByteArray());
    }

    long index() {
        return index;
    }

    /** The encoded change set for one router. */
    ByteString bodyFor(RouterId router) {
        List<Event> first = ahead.getOrDefault(router, List.of());
        Set<ConfigId> listed = listing.getOrDefault(router, Set.of());
        List<Event> configs = routerConfigs.entrySet().stream()
                .filter(e -> e.getValue().getAction() == Action.DELETE || listed.contains(e.getKey()))
                .map(Map.Entry::getValue)
                .toList();
        if (first.isEmpty() && configs.isEmpty()) {
            return body;
        }
        List<Event> all = new ArrayList<>(configs);
        all.addAll(first);
        all.addAll(common);
        return ByteString.fromArrayUnsafe(changeSet(index, all).toByteArray());
    }

    private static DataState.ChangeSet changeSet(long index, List<Event> events) {
        return DataState.ChangeSet.newBuilder()
                .setIndex(index)
                .setPreviousIndex(index - 1)
                .addAllChanges(events)
                .build();
    }

    static DataModelChange of(Model.Commit commit, DataModelKeys keys, Instant now) {
        return new Builder(commit, keys, now).build();
    }

    private static final class Builder {
        private static final Comparator<ServicePolicyId> BY_VALUE = Comparator.comparing(ServicePolicyId::value);

        private final Model.Commit commit;
        private final ModelView before;
        private final ModelView after;
        private final DataModelKeys keys;
        private final Instant now;
        private final List<Event> removedKeys = new ArrayList<>();
        private final List<Event> removedRelations = new ArrayList<>();
        private final List<Event> deletes = new ArrayList<>();
        private final List<Event> puts = new ArrayList<>();
        private final List<Event> addedChecks = new ArrayList<>();
        private final List<Event> addedRelations = new ArrayList<>();
        private final List<Event> removedChecks = new ArrayList<>();
        private final Map<ConfigId, Event> routerConfigs = new HashMap<>();
        private final Map<RouterId, List<Event>> ahead = new HashMap<>();
        private final Set<ServicePolicyId> changedPolicies = new LinkedHashSet<>();
        private final Set<IdentityId> changedIdentities = new LinkedHashSet<>();
        private final Set<ServiceId> changedServices = new LinkedHashSet<>();
        private final Set<PostureCheckId> changedChecks = new LinkedHashSet<>();
        /** Several changes of one entity in one commit are told once, as what came of them. */
        private final Set<String> told = new HashSet<>();

        Builder(Model.Commit commit, DataModelKeys keys, Instant now) {
            this.commit = commit;
            this.before = commit.before();
            this.after = commit.after();
            this.keys = keys;
            this.now = now;
        }

        DataModelChange build() {
            commit.changeSet().changes().forEach(this::changed);
            relations();
            List<Event> all = new ArrayList<>(removedKeys);
            all.addAll(removedRelations);
            all.addAll(deletes);
            all.addAll(puts);
            all.addAll(addedChecks);
            all.addAll(addedRelations);
            all.addAll(removedChecks);
            Map<RouterId, Set<ConfigId>> listing = new HashMap<>();
            if (!routerConfigs.isEmpty()) {
                after.all(EdgeRouters.TYPE).forEach(r -> listing.put(r.id(), Set.copyOf(r.configs())));
            }
            return new DataModelChange(after.index(), all, routerConfigs, ahead, listing);
        }

        private void changed(Change change) {
            if (!told.add(change.type().name() + "/" + change.id().value())) {
                return;
            }
            if (change.type() == Identities.TYPE) {
                changedIdentities.add((IdentityId) change.id());
                before.get(Identities.TYPE, change.id())
                        .filter(i -> after.get(Identities.TYPE, i.id()).isEmpty())
                        .ifPresent(i -> deletes.add(DataModelEvents.identity(Action.DELETE, i, now)));
                after.get(Identities.TYPE, change.id())
                        .ifPresent(i -> puts.add(DataModelEvents.identity(action(change), i, now)));
            } else if (change.type() == Services.TYPE) {
                changedServices.add((ServiceId) change.id());
                before.get(Services.TYPE, change.id())
                        .filter(s -> after.get(Services.TYPE, s.id()).isEmpty())
                        .ifPresent(s -> deletes.add(DataModelEvents.service(Action.DELETE, s)));
                after.get(Services.TYPE, change.id())
                        .ifPresent(s -> puts.add(DataModelEvents.service(action(change), s)));
            } else if (change.type() == PostureChecks.TYPE) {
                changedChecks.add((PostureCheckId) change.id());
                before.get(PostureChecks.TYPE, change.id())
                        .filter(c -> after.get(PostureChecks.TYPE, c.id()).isEmpty())
                        .ifPresent(c -> deletes.add(DataModelEvents.postureCheck(Action.DELETE, c)));
                after.get(PostureChecks.TYPE, change.id())
                        .ifPresent(c -> puts.add(DataModelEvents.postureCheck(action(change), c)));
            } else if (change.type() == ServicePolicies.TYPE) {
                changedPolicies.add((ServicePolicyId) change.id());
                before.get(ServicePolicies.TYPE, change.id())
                        .filter(p -> after.get(ServicePolicies.TYPE, p.id()).isEmpty())
                        .ifPresent(p -> deletes.add(DataModelEvents.servicePolicy(Action.DELETE, p)));
                after.get(ServicePolicies.TYPE, change.id())
                        .ifPresent(p -> puts.add(DataModelEvents.servicePolicy(action(change), p)));
            } else if (change.type() == ConfigTypes.TYPE) {
                before.get(ConfigTypes.TYPE, change.id())
                        .filter(t -> after.get(ConfigTypes.TYPE, t.id()).isEmpty())
                        .ifPresent(t -> deletes.add(DataModelEvents.configType(Action.DELETE, t)));
                after.get(ConfigTypes.TYPE, change.id())
                        .ifPresent(t -> puts.add(0, DataModelEvents.configType(action(change), t)));
            } else if (change.type() == Configs.TYPE) {
                configChanged(change);
            } else if (change.type() == EdgeRouters.TYPE) {
                routerChanged(change);
            } else if (change.type() == Cas.TYPE) {
                authorityChanged(change);
            }
        }

        private Action action(Change change) {
            return before.get(change.type(), change.id()).isPresent() ? Action.UPDATE : Action.CREATE;
        }

        /** Only whether it admits log-ins is of any interest: its certificate never changes. */
        private void authorityChanged(Change change) {
            Optional<Ca> was = before.get(Cas.TYPE, change.id()).filter(Ca::admitsLogIn);
            Optional<Ca> is = after.get(Cas.TYPE, change.id()).filter(Ca::admitsLogIn);
            if (was.isPresent() && is.isEmpty()) {
                keys.event(Action.DELETE, was.get()).ifPresent(removedKeys::add);
            } else if (was.isEmpty() && is.isPresent()) {
                keys.event(Action.CREATE, is.get()).ifPresent(puts::add);
            }
        }

        private void configChanged(Change change) {
            Optional<Config> was = before.get(Configs.TYPE, change.id());
            Optional<Config> is = after.get(Configs.TYPE, change.id());
            if (is.isPresent()) {
                Event event = DataModelEvents.config(action(change), is.get());
                if (DataModelSnapshot.targetsRouters(after, is.get())) {
                    routerConfigs.put(is.get().id(), event);
                } else {
                    puts.add(event);
                }
            } else if (was.isPresent()) {
                Event event = DataModelEvents.config(Action.DELETE, was.get());
                if (DataModelSnapshot.targetsRouters(before, was.get())) {
                    routerConfigs.put(was.get().id(), event);
                } else {
                    deletes.add(event);
                }
            }
        }

        private void routerChanged(Change change) {
            Optional<EdgeRouter> was = before.get(EdgeRouters.TYPE, change.id());
            Optional<EdgeRouter> is = after.get(EdgeRouters.TYPE, change.id());
            if (is.isEmpty()) {
                was.ifPresent(r -> deletes.add(DataModelEvents.router(Action.DELETE, r)));
                return;
            }
            EdgeRouter router = is.get();
            puts.add(DataModelEvents.router(action(change), router));
            if (was.map(r -> !r.configs().equals(router.configs())).orElse(true)) {
                List<Event> configs = new ArrayList<>();
                router.configs().forEach(id -> after.get(Configs.TYPE, id)
                        .ifPresent(c -> configs.add(DataModelEvents.config(Action.CREATE, c).toBuilder()
                                .setIsSynthetic(true)
                                .build())));
                if (!configs.isEmpty()) {
                    ahead.put(router.id(), configs);
                }
            }
        }

        /** What policies select now and did not before, and the other way round. */
        private void relations() {
            for (ServicePolicyId policy : changedPolicies) {
                if (after.get(ServicePolicies.TYPE, policy).isEmpty()) {
                    // Deleting a policy removes its relations at the router.
                    continue;
                }
                compare(
                        policy,
                        ServicePolicyRelatedEntityType.RELATED_SERVICE,
                        before.policies().selectedServices(policy),
                        after.policies().selectedServices(policy));
                compare(
                        policy,
                        ServicePolicyRelatedEntityType.RELATED_IDENTITY,
                        before.policies().selectedIdentities(policy),
                        after.policies().selectedIdentities(policy));
                compare(
                        policy,
                        ServicePolicyRelatedEntityType.RELATED_POSTURE_CHECK,
                        before.policies().selectedPostureChecks(policy),
                        after.policies().selectedPostureChecks(policy));
            }
            // Of policies that stay as they are, only those can differ that select a changed entity before or after.
            moved(
                    changedIdentities,
                    ServicePolicyRelatedEntityType.RELATED_IDENTITY,
                    id -> before.policies().policiesOf(id),
                    id -> after.policies().policiesOf(id));
            moved(
                    changedServices,
                    ServicePolicyRelatedEntityType.RELATED_SERVICE,
                    id -> before.policies().policiesOf(id),
                    id -> after.policies().policiesOf(id));
            moved(
                    changedChecks,
                    ServicePolicyRelatedEntityType.RELATED_POSTURE_CHECK,
                    id -> before.policies().policiesOf(id),
                    id -> after.policies().policiesOf(id));
        }

        private <I extends EntityId> void moved(
                Set<I> changed,
                ServicePolicyRelatedEntityType type,
                Function<I, List<ServicePolicyId>> were,
                Function<I, List<ServicePolicyId>> are) {
            Map<ServicePolicyId, Set<I>> gone = new TreeMap<>(BY_VALUE);
            Map<ServicePolicyId, Set<I>> fresh = new TreeMap<>(BY_VALUE);
            for (I id : changed) {
                Set<ServicePolicyId> was = new LinkedHashSet<>(were.apply(id));
                Set<ServicePolicyId> is = new LinkedHashSet<>(are.apply(id));
                collect(id, was, is, gone);
                collect(id, is, was, fresh);
            }
            gone.forEach((policy, ids) -> tell(policy, type, ids, false));
            fresh.forEach((policy, ids) -> tell(policy, type, ids, true));
        }

        /** Into {@code out}: the policies of {@code some} that are not among {@code others}. */
        private <I extends EntityId> void collect(
                I id, Set<ServicePolicyId> some, Set<ServicePolicyId> others, Map<ServicePolicyId, Set<I>> out) {
            for (ServicePolicyId policy : some) {
                if (!others.contains(policy) && !changedPolicies.contains(policy)) {
                    out.computeIfAbsent(policy, p -> new LinkedHashSet<>()).add(id);
                }
            }
        }

        private <I extends EntityId> void compare(
                ServicePolicyId policy, ServicePolicyRelatedEntityType type, Set<I> was, Set<I> is) {
            tell(policy, type, without(was, is), false);
            tell(policy, type, without(is, was), true);
        }

        private static <I extends EntityId> Set<I> without(Set<I> some, Set<I> others) {
            Set<I> rest = new LinkedHashSet<>();
            for (I id : some) {
                if (!others.contains(id)) {
                    rest.add(id);
                }
            }
            return rest;
        }

        private <I extends EntityId> void tell(
                ServicePolicyId policy, ServicePolicyRelatedEntityType type, Set<I> ids, boolean add) {
            if (ids.isEmpty()) {
                return;
            }
            boolean checks = type == ServicePolicyRelatedEntityType.RELATED_POSTURE_CHECK;
            List<Event> events =
                    add ? checks ? addedChecks : addedRelations : checks ? removedChecks : removedRelations;
            events.add(DataModelEvents.relation(policy, type, ids, add));
        }
    }
}
