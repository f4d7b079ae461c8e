package io.zitipekko.actors.fabric.datamodel;

import io.zitipekko.actors.model.ModelView;
import io.zitipekko.actors.model.entity.Config;
import io.zitipekko.actors.model.entity.EdgeRouter;
import io.zitipekko.actors.model.entity.ServicePolicy;
import io.zitipekko.actors.model.id.ConfigId;
import io.zitipekko.actors.model.id.RouterId;
import io.zitipekko.actors.model.type.ConfigTypes;
import io.zitipekko.actors.model.type.Configs;
import io.zitipekko.actors.model.type.EdgeRouters;
import io.zitipekko.actors.model.type.Identities;
import io.zitipekko.actors.model.type.PostureChecks;
import io.zitipekko.actors.model.type.ServicePolicies;
import io.zitipekko.actors.model.type.Services;
import io.zitipekko.transport.control.proto.edge.DataState;
import io.zitipekko.transport.control.proto.edge.DataState.Action;
import io.zitipekko.transport.control.proto.edge.DataState.ServicePolicyRelatedEntityType;
import java.time.Instant;
import java.util.List;
import java.util.Set;

/** The whole data model of one state, in the order that routers expect (protocol/03 section 12.3). */
final class DataModelSnapshot {
    static final String TARGET_ROUTER = "router";

    private DataModelSnapshot() {}

    /** @param router whose copy it is: of configs that target routers it gets only its own */
    static DataState of(ModelView view, List<DataState.Event> keys, RouterId router, Instant now) {
        DataState.Builder state =
                DataState.newBuilder().setEndIndex(view.index()).setTimelineId(view.timelineId());
        Set<ConfigId> own = Set.copyOf(
                view.get(EdgeRouters.TYPE, router).map(EdgeRouter::configs).orElse(List.of()));
        view.all(ConfigTypes.TYPE).forEach(t -> state.addEvents(DataModelEvents.configType(Action.CREATE, t)));
        view.all(Configs.TYPE).stream()
                .filter(c -> own.contains(c.id()) || !targetsRouters(view, c))
                .forEach(c -> state.addEvents(DataModelEvents.config(Action.CREATE, c)));
        view.all(Identities.TYPE).forEach(i -> state.addEvents(DataModelEvents.identity(Action.CREATE, i, now)));
        view.all(Services.TYPE).forEach(s -> state.addEvents(DataModelEvents.service(Action.CREATE, s)));
        view.all(EdgeRouters.TYPE).forEach(r -> state.addEvents(DataModelEvents.router(Action.CREATE, r)));
        view.all(PostureChecks.TYPE).forEach(c -> state.addEvents(DataModelEvents.postureCheck(Action.CREATE, c)));
        for (ServicePolicy policy : view.all(ServicePolicies.TYPE)) {
            state.addEvents(DataModelEvents.servicePolicy(Action.CREATE, policy));
            var services = view.policies().selectedServices(policy.id());
            if (!services.isEmpty()) {
                state.addEvents(DataModelEvents.relation(
                        policy.id(), ServicePolicyRelatedEntityType.RELATED_SERVICE, services, true));
            }
            var checks = view.policies().selectedPostureChecks(policy.id());
            if (!checks.isEmpty()) {
                state.addEvents(DataModelEvents.relation(
                        policy.id(), ServicePolicyRelatedEntityType.RELATED_POSTURE_CHECK, checks, true));
            }
            var identities = view.policies().selectedIdentities(policy.id());
            if (!identities.isEmpty()) {
                state.addEvents(DataModelEvents.relation(
                        policy.id(), ServicePolicyRelatedEntityType.RELATED_IDENTITY, identities, true));
            }
        }
        state.addAllEvents(keys);
        return state.build();
    }

    static boolean targetsRouters(ModelView view, Config config) {
        return view.get(ConfigTypes.TYPE, config.configTypeId())
                .map(t -> TARGET_ROUTER.equals(t.target()))
                .orElse(false);
    }
}
