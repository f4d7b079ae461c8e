package io.zitipekko.actors.fabric.circuit;

import io.zitipekko.actors.fabric.path.Path;
import io.zitipekko.actors.model.entity.Terminator;
import io.zitipekko.actors.model.id.RouterId;
import io.zitipekko.transport.control.PeerData;
import io.zitipekko.transport.control.proto.Context;
import io.zitipekko.transport.control.proto.Route;
import io.zitipekko.transport.xgress.CircuitId;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.UUID;

/**
 * What every hop of a circuit is told (protocol/03 section 8.4).
 *
 * @param path from ingress to egress
 * @param terminator where it ends
 * @param ingressAddress the client's end in the fabric
 * @param egressAddress the host's end in the fabric
 */
record RoutePlan(CircuitId circuit, Path path, Terminator terminator, String ingressAddress, String egressAddress) {
    /** The attempt number of every reroute, whichever it is. */
    static final int REROUTE_ATTEMPT = 99969996;

    /** A plan with fresh addresses for both ends. */
    static RoutePlan fresh(CircuitId circuit, Path path, Terminator terminator) {
        return new RoutePlan(
                circuit,
                path,
                terminator,
                UUID.randomUUID().toString(),
                UUID.randomUUID().toString());
    }

    /** The same ends over another path. */
    RoutePlan over(Path newPath) {
        return new RoutePlan(circuit, newPath, terminator, ingressAddress, egressAddress);
    }

    /**
     * The messages of a first route, ingress first.
     *
     * @param left time to the deadline; routers dial within it
     */
    Map<RouterId, Route> creation(
            int attempt, Duration left, PeerData clientData, Map<String, String> tags, Map<String, String> context) {
        Map<RouterId, Route> routes = new LinkedHashMap<>();
        for (int i = 0; i < path.nodes().size(); i++) {
            Route.Builder route = hop(i, attempt, left)
                    .putAllTags(tags)
                    .setContext(Context.newBuilder().putAllFields(context));
            if (i == path.nodes().size() - 1) {
                route.setEgress(egress().putAllPeerData(clientData.values()));
            }
            routes.put(path.nodes().get(i), route.build());
        }
        return routes;
    }

    /** The messages of a reroute: no tags, no context, and an egress part only if one router is all there is. */
    Map<RouterId, Route> reroute(Duration left) {
        Map<RouterId, Route> routes = new LinkedHashMap<>();
        for (int i = 0; i < path.nodes().size(); i++) {
            Route.Builder route = hop(i, REROUTE_ATTEMPT, left);
            if (path.nodes().size() == 1) {
                route.setEgress(egress());
            }
            routes.put(path.nodes().get(i), route.build());
        }
        return routes;
    }

    private Route.Egress.Builder egress() {
        return Route.Egress.newBuilder()
                .setBinding(terminator.binding())
                .setAddress(egressAddress)
                .setDestination(terminator.address());
    }

    private Route.Builder hop(int i, int attempt, Duration left) {
        int last = path.nodes().size() - 1;
        Route.Builder route = Route.newBuilder()
                .setCircuitId(circuit.value())
                .setAttempt(attempt)
                .setTimeout(Math.max(1, left.toNanos()));
        if (last == 0) {
            return route.addForwards(forward(ingressAddress, egressAddress, Route.DestType.END))
                    .addForwards(forward(egressAddress, ingressAddress, Route.DestType.START));
        }
        if (i == 0) {
            String link = path.links().get(0).value();
            return route.addForwards(forward(ingressAddress, link, Route.DestType.LINK))
                    .addForwards(forward(link, ingressAddress, Route.DestType.START));
        }
        String before = path.links().get(i - 1).value();
        if (i == last) {
            return route.addForwards(forward(egressAddress, before, Route.DestType.LINK))
                    .addForwards(forward(before, egressAddress, Route.DestType.END));
        }
        String after = path.links().get(i).value();
        return route.addForwards(forward(before, after, Route.DestType.LINK))
                .addForwards(forward(after, before, Route.DestType.LINK));
    }

    private static Route.Forward forward(String from, String to, Route.DestType type) {
        return Route.Forward.newBuilder()
                .setSrcAddress(from)
                .setDstAddress(to)
                .setDstType(type)
                .build();
    }
}
