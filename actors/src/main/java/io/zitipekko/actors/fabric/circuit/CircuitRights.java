package io.zitipekko.actors.fabric.circuit;

import io.zitipekko.actors.fabric.terminator.HostedBy;
import io.zitipekko.actors.model.ModelView;
import io.zitipekko.actors.model.entity.EdgeRouter;
import io.zitipekko.actors.model.entity.PolicyType;
import io.zitipekko.actors.model.id.IdentityId;
import io.zitipekko.actors.model.id.RouterId;
import io.zitipekko.actors.model.id.ServiceId;
import io.zitipekko.actors.model.type.EdgeRouters;
import io.zitipekko.actors.model.type.Identities;
import io.zitipekko.actors.model.type.Services;
import io.zitipekko.actors.model.type.Sessions;
import io.zitipekko.actors.model.view.Leftovers;
import io.zitipekko.actors.policy.ApiSessionRights;
import java.time.Instant;
import java.util.Optional;

/**
 * By which right a circuit goes on in one state of the model: its dialer's right to dial and its host's right to host, each over the
 * router at its end. The same questions that its dial had to answer. Pure.
 */
final class CircuitRights {
    private CircuitRights() {}

    /** Why it may not go on; empty when it may. */
    static Optional<String> lost(CircuitTable.Entry circuit, ModelView view, Instant now) {
        return dialerLost(circuit.dial(), circuit.ingress(), view, now)
                .or(() -> circuit.hostEnd().flatMap(end -> hostLost(end, circuit.dial(), view, now)));
    }

    private static Optional<String> dialerLost(CircuitDial dial, RouterId ingress, ModelView view, Instant now) {
        ServiceId service = dial.service().id();
        if (view.get(Services.TYPE, service).isEmpty()) {
            return Optional.of("its service is gone");
        }
        if (!mayServe(ingress, view)) {
            return Optional.of("the router that dialled is gone or disabled");
        }
        if (dial.apiSession().isPresent()
                && !ApiSessionRights.stands(view, dial.apiSession().get())) {
            return Optional.of("its API session is over");
        }
        if (dial.session().isPresent()
                && Leftovers.standing(view, Sessions.TYPE, dial.session().get()).isEmpty()) {
            return Optional.of("its session is gone");
        }
        if (dial.identity().isEmpty()) {
            return view.policies().routers(service).contains(ingress)
                    ? Optional.empty()
                    : Optional.of("its service may not be reached over router " + ingress + " any more");
        }
        return identityLost("its identity", dial.identity().get(), service, PolicyType.DIAL, ingress, view, now);
    }

    private static Optional<String> hostLost(CircuitTable.HostEnd end, CircuitDial dial, ModelView view, Instant now) {
        if (!mayServe(end.router(), view)) {
            return Optional.of("the host's router is gone or disabled");
        }
        Optional<HostedBy> by = end.hostedBy();
        if (by.isPresent()
                && (!ApiSessionRights.stands(view, by.get().apiSession())
                        || Leftovers.standing(view, Sessions.TYPE, by.get().session())
                                .isEmpty())) {
            return Optional.of("its host's session is gone");
        }
        return end.host()
                .flatMap(host ->
                        identityLost("its host", host, dial.service().id(), PolicyType.BIND, end.router(), view, now));
    }

    private static Optional<String> identityLost(
            String who,
            IdentityId identity,
            ServiceId service,
            PolicyType type,
            RouterId router,
            ModelView view,
            Instant now) {
        if (view.get(Identities.TYPE, identity).map(i -> i.disabled(now)).orElse(true)) {
            return Optional.of(who + " is deleted or disabled");
        }
        // Posture is not looked at here: what nobody looked at has not passed.
        if (!view.policies().allowsUnchecked(identity, service, type)) {
            return Optional.of(who + " has no " + type + " right to the service any more");
        }
        return view.policies().mayUse(identity, service, router)
                ? Optional.empty()
                : Optional.of(who + " may not use router " + router + " for the service any more");
    }

    private static boolean mayServe(RouterId router, ModelView view) {
        return view.get(EdgeRouters.TYPE, router).filter(EdgeRouter::trusted).isPresent();
    }
}
