package io.zitipekko.actors.policy;

import io.zitipekko.actors.model.Change;
import io.zitipekko.actors.model.EntityType;
import io.zitipekko.actors.model.Model;
import io.zitipekko.actors.model.ModelView;
import io.zitipekko.actors.model.entity.Ca;
import io.zitipekko.actors.model.entity.EdgeRouter;
import io.zitipekko.actors.model.entity.Entity;
import io.zitipekko.actors.model.entity.Identity;
import io.zitipekko.actors.model.entity.Service;
import io.zitipekko.actors.model.id.EdgeRouterPolicyId;
import io.zitipekko.actors.model.id.EntityId;
import io.zitipekko.actors.model.id.PostureCheckId;
import io.zitipekko.actors.model.id.ServiceEdgeRouterPolicyId;
import io.zitipekko.actors.model.id.ServicePolicyId;
import io.zitipekko.actors.model.type.ApiSessions;
import io.zitipekko.actors.model.type.Authenticators;
import io.zitipekko.actors.model.type.Cas;
import io.zitipekko.actors.model.type.EdgeRouterPolicies;
import io.zitipekko.actors.model.type.EdgeRouters;
import io.zitipekko.actors.model.type.Identities;
import io.zitipekko.actors.model.type.PostureChecks;
import io.zitipekko.actors.model.type.ServiceEdgeRouterPolicies;
import io.zitipekko.actors.model.type.ServicePolicies;
import io.zitipekko.actors.model.type.Services;
import io.zitipekko.actors.model.type.Sessions;
import java.util.LinkedHashSet;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.BiPredicate;

/**
 * Whose rights a commit may have taken away: those who hold something must look again at what concerns any of these, and at nothing else.
 * Names more than what was lost, never less. Costs what the change touches, not what the model holds.
 *
 * @param everything the commits in between are not known: all must be looked at
 * @param concerned ids of identities, services, routers, API sessions and service sessions
 */
public record LostRights(boolean everything, Set<EntityId> concerned) {
    private static final Set<EntityType<?>> KINDS = Set.of(
            Identities.TYPE,
            Services.TYPE,
            EdgeRouters.TYPE,
            Authenticators.TYPE,
            ApiSessions.TYPE,
            Sessions.TYPE,
            ServicePolicies.TYPE,
            PostureChecks.TYPE,
            Cas.TYPE,
            EdgeRouterPolicies.TYPE,
            ServiceEdgeRouterPolicies.TYPE);

    /** What the commit may have taken. */
    public static LostRights of(Model.Commit commit) {
        if (commit.after().index() != commit.before().index() + 1) {
            return new LostRights(true, Set.of());
        }
        Set<EntityId> concerned = new LinkedHashSet<>();
        for (Change change : commit.changeSet().changes()) {
            if (KINDS.contains(change.type())) {
                changed(change, commit.before(), commit.after(), concerned);
            }
        }
        return new LostRights(false, concerned);
    }

    public boolean isEmpty() {
        return !everything && concerned.isEmpty();
    }

    private static void changed(Change change, ModelView before, ModelView after, Set<EntityId> concerned) {
        EntityId id = change.id();
        EntityType<?> type = change.type();
        PolicyIndex policies = before.policies();
        if (type == Identities.TYPE) {
            if (differs(Identities.TYPE, id, before, after, LostRights::sameRights)) {
                concerned.add(id);
            }
            if (differs(Identities.TYPE, id, before, after, LostRights::sameExternalId)) {
                after.findAll(ApiSessions.TYPE, ApiSessions.BY_IDENTITY, id.value()).stream()
                        .filter(session -> session.claimed() != null)
                        .forEach(session -> concerned.add(session.id()));
            }
        } else if (type == Services.TYPE) {
            if (differs(Services.TYPE, id, before, after, LostRights::sameRights)) {
                concerned.add(id);
            }
        } else if (type == EdgeRouters.TYPE) {
            if (differs(EdgeRouters.TYPE, id, before, after, LostRights::sameRights)) {
                concerned.add(id);
            }
        } else if (type == Authenticators.TYPE) {
            if (after.get(type, id).isEmpty()) {
                // Those that it opened and that are not in the commit: they count as gone already.
                after.findAll(ApiSessions.TYPE, ApiSessions.BY_AUTHENTICATOR, id.value())
                        .forEach(left -> concerned.add(left.id()));
            }
        } else if (type == ApiSessions.TYPE || type == Sessions.TYPE) {
            if (after.get(type, id).isEmpty()) {
                concerned.add(id);
            }
        } else if (type == Cas.TYPE) {
            // Its sessions are deleted one batch after the other; what they opened does not wait for that.
            if (differs(Cas.TYPE, id, before, after, LostRights::sameRights)) {
                after.findAll(ApiSessions.TYPE, ApiSessions.BY_CA, id.value())
                        .forEach(session -> concerned.add(session.id()));
            }
        } else if (type == ServicePolicies.TYPE) {
            ServicePolicyId policy = (ServicePolicyId) id;
            smaller(policies.selectedIdentities(policy), policies.selectedServices(policy), concerned);
        } else if (type == PostureChecks.TYPE) {
            PostureCheckId check = (PostureCheckId) id;
            for (ServicePolicyId policy : after.policies().policiesOf(check)) {
                smaller(policies.selectedIdentities(policy), policies.selectedServices(policy), concerned);
            }
        } else if (type == EdgeRouterPolicies.TYPE) {
            EdgeRouterPolicyId policy = (EdgeRouterPolicyId) id;
            smaller(policies.selectedIdentities(policy), policies.selectedRouters(policy), concerned);
        } else if (type == ServiceEdgeRouterPolicies.TYPE) {
            ServiceEdgeRouterPolicyId policy = (ServiceEdgeRouterPolicyId) id;
            smaller(policies.selectedServices(policy), policies.selectedRouters(policy), concerned);
        }
    }

    /** What a policy joins concerns both sides: whoever holds something of one holds it of the other. */
    private static void smaller(Set<? extends EntityId> left, Set<? extends EntityId> right, Set<EntityId> concerned) {
        concerned.addAll(left.size() <= right.size() ? left : right);
    }

    private static <E extends Entity> boolean differs(
            EntityType<E> type, EntityId id, ModelView before, ModelView after, BiPredicate<E, E> same) {
        Optional<E> was = before.get(type, id);
        Optional<E> is = after.get(type, id);
        return was.isPresent() && (is.isEmpty() || !same.test(was.get(), is.get()));
    }

    private static boolean sameRights(Identity was, Identity is) {
        return was.roleAttributes().equals(is.roleAttributes())
                && was.type().equals(is.type())
                && Objects.equals(was.disabledAt(), is.disabledAt())
                && Objects.equals(was.disabledUntil(), is.disabledUntil());
    }

    private static boolean sameExternalId(Identity was, Identity is) {
        return Objects.equals(was.externalId(), is.externalId());
    }

    private static boolean sameRights(Ca was, Ca is) {
        return was.admitsLogIn() == is.admitsLogIn() && Objects.equals(was.externalIdClaim(), is.externalIdClaim());
    }

    private static boolean sameRights(Service was, Service is) {
        return was.roleAttributes().equals(is.roleAttributes());
    }

    private static boolean sameRights(EdgeRouter was, EdgeRouter is) {
        return was.roleAttributes().equals(is.roleAttributes())
                && was.disabled() == is.disabled()
                && was.tunnelerEnabled() == is.tunnelerEnabled()
                && Objects.equals(was.fingerprint(), is.fingerprint());
    }
}
