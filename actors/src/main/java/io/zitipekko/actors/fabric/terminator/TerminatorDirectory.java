package io.zitipekko.actors.fabric.terminator;

import io.zitipekko.actors.event.EventBus;
import io.zitipekko.actors.event.TerminatorEvent;
import io.zitipekko.actors.fabric.TerminatorStatus;
import io.zitipekko.actors.model.Model;
import io.zitipekko.actors.model.ModelView;
import io.zitipekko.actors.model.entity.PolicyType;
import io.zitipekko.actors.model.entity.Precedence;
import io.zitipekko.actors.model.entity.Terminator;
import io.zitipekko.actors.model.id.EntityId;
import io.zitipekko.actors.model.id.IdentityId;
import io.zitipekko.actors.model.id.RouterId;
import io.zitipekko.actors.model.id.ServiceId;
import io.zitipekko.actors.model.id.TerminatorId;
import io.zitipekko.actors.model.type.EdgeRouters;
import io.zitipekko.actors.model.type.Identities;
import io.zitipekko.actors.model.type.Services;
import io.zitipekko.actors.model.type.Sessions;
import io.zitipekko.actors.model.type.Terminators;
import io.zitipekko.actors.model.view.Leftovers;
import io.zitipekko.actors.policy.ApiSessionRights;
import io.zitipekko.actors.policy.LostRights;
import java.security.MessageDigest;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * Every terminator: the configured ones, read from the model, and the soft ones that routers announce for what SDKs and tunnelers host there. Soft
 * ones are never written to the log: thousands may come each second, and routers announce them again. Also keeps what dials cost
 * at run time, and which routers are quiesced. Thread-safe; writes to one service's terminators exclude each other.
 */
public final class TerminatorDirectory {
    /** Most soft terminators of one router. */
    public static final int MAX_PER_ROUTER = 100_000;

    /** What became of an announcement. */
    public enum Announcement {
        CREATED,
        /** It was there already; cost and precedence are the new ones now. */
        UPDATED,
        /** The id belongs to another service, router, binding or host. */
        ID_TAKEN,
        /** The instance id of this service belongs to another identity. */
        INSTANCE_TAKEN,
        /** The router has announced {@link #MAX_PER_ROUTER}. */
        TOO_MANY
    }

    private final Model model;
    private final EventBus events;
    private final InstantSource clock;
    private final Map<TerminatorId, Terminator> soft = new ConcurrentHashMap<>();
    private final Map<ServiceId, Map<TerminatorId, Terminator>> softByService = new ConcurrentHashMap<>();
    private final Map<RouterId, Set<TerminatorId>> softByRouter = new ConcurrentHashMap<>();
    /** Hosts and their sessions, to what ends with them. */
    private final Map<EntityId, Set<TerminatorId>> softByHost = new ConcurrentHashMap<>();

    private final Map<TerminatorId, HostedBy> hostedBy = new ConcurrentHashMap<>();
    private final Map<TerminatorId, DialCost> costs = new ConcurrentHashMap<>();
    private final Set<RouterId> quiesced = ConcurrentHashMap.newKeySet();

    public TerminatorDirectory(Model model, EventBus events, InstantSource clock) {
        this.model = model;
        this.events = events;
        this.clock = clock;
    }

    /** Keeps a soft terminator that no session stands behind. */
    public Announcement announce(Terminator wanted) {
        return announce(wanted, null);
    }

    /**
     * Keeps a soft terminator that its router announces. Announcing the same again is fine (protocol/03 section 10).
     *
     * @param by the sessions that it ends with, if an SDK hosts it
     */
    public Announcement announce(Terminator wanted, @Nullable HostedBy by) {
        if (model.view().get(Terminators.TYPE, wanted.id()).isPresent()) {
            return Announcement.ID_TAKEN;
        }
        Set<TerminatorId> ofRouter =
                softByRouter.computeIfAbsent(wanted.routerId(), k -> ConcurrentHashMap.newKeySet());
        Announcement[] outcome = new Announcement[1];
        softByService.compute(wanted.serviceId(), (service, current) -> {
            Map<TerminatorId, Terminator> all = current == null ? new ConcurrentHashMap<>() : current;
            Terminator known = soft.get(wanted.id());
            if (known != null && !sameOwner(known, wanted)) {
                outcome[0] = Announcement.ID_TAKEN;
            } else if (!instanceFree(wanted, all.values())) {
                outcome[0] = Announcement.INSTANCE_TAKEN;
            } else if (known == null && ofRouter.size() >= MAX_PER_ROUTER) {
                outcome[0] = Announcement.TOO_MANY;
            } else if (known == null && soft.putIfAbsent(wanted.id(), wanted) != null) {
                // The same id was announced for another service at this very moment.
                outcome[0] = Announcement.ID_TAKEN;
            } else {
                soft.put(wanted.id(), wanted);
                all.put(wanted.id(), wanted);
                ofRouter.add(wanted.id());
                unhosted(wanted.id());
                hosted(wanted, by);
                outcome[0] = known == null ? Announcement.CREATED : Announcement.UPDATED;
            }
            return all.isEmpty() ? null : all;
        });
        if (outcome[0] == Announcement.CREATED) {
            publish("created", wanted);
        } else if (outcome[0] == Announcement.UPDATED) {
            publish("updated", wanted);
        }
        return Objects.requireNonNull(outcome[0]);
    }

    /** Within the service's own computation, so that nobody takes the terminator away meanwhile. */
    private void hosted(Terminator terminator, @Nullable HostedBy by) {
        if (terminator.hostId() != null) {
            endsWith(terminator.hostId(), terminator.id());
        }
        if (by != null) {
            hostedBy.put(terminator.id(), by);
            endsWith(by.apiSession(), terminator.id());
            endsWith(by.session(), terminator.id());
        }
    }

    private void endsWith(EntityId concern, TerminatorId terminator) {
        softByHost.compute(concern, (key, all) -> {
            Set<TerminatorId> terminators = all == null ? ConcurrentHashMap.newKeySet(1) : all;
            terminators.add(terminator);
            return terminators;
        });
    }

    private void unhosted(TerminatorId id) {
        HostedBy by = hostedBy.remove(id);
        if (by != null) {
            endsNoMoreWith(by.apiSession(), id);
            endsNoMoreWith(by.session(), id);
        }
    }

    private void endsNoMoreWith(EntityId concern, TerminatorId id) {
        softByHost.computeIfPresent(concern, (key, all) -> {
            all.remove(id);
            return all.isEmpty() ? null : all;
        });
    }

    /** The sessions by which an SDK hosts it; empty for any other. */
    public Optional<HostedBy> hostedBy(TerminatorId id) {
        return Optional.ofNullable(hostedBy.get(id));
    }

    private static boolean sameOwner(Terminator known, Terminator wanted) {
        return known.serviceId().equals(wanted.serviceId())
                && known.routerId().equals(wanted.routerId())
                && known.binding().equals(wanted.binding())
                && Objects.equals(known.hostId(), wanted.hostId());
    }

    private boolean instanceFree(Terminator wanted, Collection<Terminator> softOfService) {
        if (wanted.instanceId().isEmpty()) {
            return true;
        }
        for (Terminator other : softOfService) {
            if (!other.id().equals(wanted.id()) && sharesInstanceWithOther(other, wanted)) {
                return false;
            }
        }
        return configured(wanted.serviceId()).stream().noneMatch(other -> sharesInstanceWithOther(other, wanted));
    }

    private static boolean sharesInstanceWithOther(Terminator other, Terminator wanted) {
        return other.instanceId().equals(wanted.instanceId())
                && (!Objects.equals(other.hostId(), wanted.hostId())
                        || other.hostId() == null
                                && !MessageDigest.isEqual(other.instanceSecret(), wanted.instanceSecret()));
    }

    /** Whether a configured terminator with this service, instance and host may be added (code 13 otherwise). */
    public boolean instanceFree(Terminator wanted) {
        return instanceFree(
                wanted, softByService.getOrDefault(wanted.serviceId(), Map.of()).values());
    }

    public Optional<Terminator> soft(TerminatorId id) {
        return Optional.ofNullable(soft.get(id));
    }

    /** The soft or configured terminator. */
    public Optional<Terminator> find(TerminatorId id) {
        Terminator s = soft.get(id);
        return s != null ? Optional.of(s) : model.view().get(Terminators.TYPE, id);
    }

    /** Changes cost or precedence of a soft terminator; null leaves as is. @return false when there is none */
    public boolean updateSoft(TerminatorId id, @Nullable Integer cost, @Nullable Precedence precedence) {
        Terminator known = soft.get(id);
        if (known == null) {
            return false;
        }
        Terminator[] changed = new Terminator[1];
        softByService.computeIfPresent(known.serviceId(), (service, all) -> {
            Terminator current = all.get(id);
            if (current != null) {
                changed[0] = with(
                        current,
                        cost == null ? current.cost() : cost,
                        precedence == null ? current.precedence() : precedence,
                        clock);
                all.put(id, changed[0]);
                soft.put(id, changed[0]);
            }
            return all;
        });
        if (changed[0] != null) {
            publish("updated", changed[0]);
        }
        return changed[0] != null;
    }

    /** A terminator with another cost and precedence. */
    public static Terminator with(Terminator t, int cost, Precedence precedence, InstantSource clock) {
        return new Terminator(
                t.id(),
                t.meta().touched(clock.instant()),
                t.serviceId(),
                t.routerId(),
                t.binding(),
                t.address(),
                t.instanceId(),
                t.instanceSecret(),
                cost,
                precedence,
                t.peerData(),
                t.hostId());
    }

    /** Forgets a soft terminator. @return false when there is none */
    public boolean removeSoft(TerminatorId id) {
        Terminator known = soft.get(id);
        if (known == null) {
            return false;
        }
        boolean[] removed = new boolean[1];
        softByService.computeIfPresent(known.serviceId(), (service, all) -> {
            removed[0] = all.remove(id) != null;
            if (removed[0]) {
                soft.remove(id);
                softByRouter
                        .getOrDefault(known.routerId(), ConcurrentHashMap.newKeySet())
                        .remove(id);
                unhosted(id);
                if (known.hostId() != null) {
                    endsNoMoreWith(known.hostId(), id);
                }
            }
            return all.isEmpty() ? null : all;
        });
        if (removed[0]) {
            costs.remove(id);
            publish("deleted", known);
        }
        return removed[0];
    }

    /**
     * Forgets soft terminators that have lost their right to be here, and returns them. Looks only at those that {@code lost} may
     * concern.
     */
    public List<Terminator> recheck(ModelView view, LostRights lost) {
        List<Terminator> removed = new ArrayList<>();
        Set<TerminatorId> suspects = new LinkedHashSet<>();
        if (lost.everything()) {
            suspects.addAll(soft.keySet());
        }
        for (EntityId concern : lost.concerned()) {
            suspects.addAll(softByHost.getOrDefault(concern, Set.of()));
            if (concern instanceof ServiceId service) {
                suspects.addAll(softByService.getOrDefault(service, Map.of()).keySet());
            } else if (concern instanceof RouterId router) {
                suspects.addAll(softByRouter.getOrDefault(router, Set.of()));
            }
        }
        for (TerminatorId id : suspects) {
            Terminator terminator = soft.get(id);
            if (terminator != null && !lawful(terminator, view) && removeSoft(id)) {
                removed.add(terminator);
            }
        }
        return removed;
    }

    private boolean lawful(Terminator terminator, ModelView view) {
        if (view.get(Services.TYPE, terminator.serviceId()).isEmpty()
                || view.get(EdgeRouters.TYPE, terminator.routerId()).isEmpty()) {
            return false;
        }
        HostedBy by = hostedBy.get(terminator.id());
        if (by != null
                && (!ApiSessionRights.stands(view, by.apiSession())
                        || Leftovers.standing(view, Sessions.TYPE, by.session()).isEmpty())) {
            return false;
        }
        IdentityId host = terminator.hostId();
        return host == null
                || view.get(Identities.TYPE, host)
                                .filter(identity -> !identity.disabled(clock.instant()))
                                .isPresent()
                        && view.policies().allowsUnchecked(host, terminator.serviceId(), PolicyType.BIND)
                        && view.policies().mayUse(host, terminator.serviceId(), terminator.routerId());
    }

    /** A configured terminator is gone: so is what its dials cost. */
    public void forgetCost(TerminatorId id) {
        if (!soft.containsKey(id)) {
            costs.remove(id);
        }
    }

    /** Everything that a service may be reached at. */
    public List<Terminator> ofService(ServiceId service) {
        List<Terminator> all = new ArrayList<>(configured(service));
        all.addAll(softByService.getOrDefault(service, Map.of()).values());
        return all;
    }

    /** Everything that ends at a router. */
    public List<Terminator> ofRouter(RouterId router) {
        List<Terminator> all =
                new ArrayList<>(model.view().findAll(Terminators.TYPE, Terminators.BY_ROUTER, router.value()));
        for (TerminatorId id : softByRouter.getOrDefault(router, Set.of())) {
            Terminator t = soft.get(id);
            if (t != null) {
                all.add(t);
            }
        }
        return all;
    }

    /** Everything, in id order. */
    public List<TerminatorStatus> all() {
        List<Terminator> all = new ArrayList<>(model.view().all(Terminators.TYPE));
        all.addAll(soft.values());
        return statuses(all);
    }

    /** With run-time costs, in id order. */
    public List<TerminatorStatus> statuses(Collection<Terminator> terminators) {
        return terminators.stream()
                .sorted(Comparator.comparing((Terminator t) -> t.id().value()))
                .map(t -> new TerminatorStatus(t, dynamicCost(t.id()), soft.containsKey(t.id())))
                .toList();
    }

    /** Whether some SDK of the identity hosts anything. */
    public boolean hostsAnything(EntityId identity) {
        return soft.values().stream().anyMatch(t -> identity.equals(t.hostId()));
    }

    private List<Terminator> configured(ServiceId service) {
        ModelView view = model.view();
        return view.findAll(Terminators.TYPE, Terminators.BY_SERVICE, service.value()).stream()
                .filter(terminator -> Leftovers.stands(view, Terminators.TYPE, terminator))
                .toList();
    }

    /** The precedence in force: failed while its router is quiesced. */
    public Precedence precedence(Terminator terminator) {
        return quiesced.contains(terminator.routerId()) ? Precedence.FAILED : terminator.precedence();
    }

    /** Takes all terminators of a router out of normal use, or back. */
    public void quiesce(RouterId router, boolean on) {
        if (on) {
            quiesced.add(router);
        } else {
            quiesced.remove(router);
        }
    }

    /** 0..65535. */
    public int dynamicCost(TerminatorId id) {
        DialCost cost = costs.get(id);
        return cost == null ? 0 : cost.value(clock.instant());
    }

    public void circuitOpened(TerminatorId id) {
        costs.computeIfAbsent(id, k -> new DialCost()).circuitOpened();
    }

    public void circuitClosed(TerminatorId id) {
        costs.computeIfPresent(id, (k, cost) -> {
            cost.circuitClosed();
            return cost.idle(clock.instant()) ? null : cost;
        });
    }

    public void dialFailed(TerminatorId id) {
        costs.computeIfAbsent(id, k -> new DialCost()).failed(clock.instant());
    }

    public void dialSucceeded(TerminatorId id) {
        DialCost cost = costs.get(id);
        if (cost != null) {
            cost.succeeded(clock.instant());
        }
    }

    private void publish(String what, Terminator terminator) {
        events.publish(new TerminatorEvent(clock.instant(), what, terminator));
    }
}
