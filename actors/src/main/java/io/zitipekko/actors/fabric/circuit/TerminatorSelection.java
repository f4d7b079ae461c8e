package io.zitipekko.actors.fabric.circuit;

import io.zitipekko.actors.fabric.FabricState;
import io.zitipekko.actors.fabric.path.Path;
import io.zitipekko.actors.fabric.path.Topology;
import io.zitipekko.actors.fabric.terminator.TerminatorStrategy;
import io.zitipekko.actors.model.entity.Terminator;
import io.zitipekko.actors.model.id.RouterId;
import io.zitipekko.transport.control.PeerData;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;

/** Chooses where a circuit ends and over which routers it goes (protocol/03 section 8.3). */
final class TerminatorSelection {
    private static final long LARGEST_PATH_COST = 1L << 20;

    sealed interface Outcome {}

    /** @param peerData what the strategy gives the client */
    record Chosen(Terminator terminator, Path path, PeerData peerData) implements Outcome {}

    record None(CircuitFailure failure) implements Outcome {}

    private TerminatorSelection() {}

    static Outcome select(FabricState state, RouterId ingress, CircuitDial dial) {
        String service = dial.service().name();
        Optional<TerminatorStrategy> strategy =
                TerminatorStrategy.named(dial.service().terminatorStrategy());
        if (strategy.isEmpty()) {
            return none(
                    CircuitFailure.Cause.INVALID_STRATEGY,
                    "service '" + service + "' has unknown terminator strategy '"
                            + dial.service().terminatorStrategy() + "'");
        }
        List<Terminator> all = state.terminators().ofService(dial.service().id()).stream()
                .filter(t -> t.instanceId().equals(dial.instanceId()))
                .toList();
        if (all.isEmpty()) {
            return none(
                    CircuitFailure.Cause.NO_TERMINATORS,
                    "service '" + service + "' has no terminators"
                            + (dial.instanceId().isEmpty() ? "" : " for instanceId '" + dial.instanceId() + "'"));
        }
        Topology topology = state.topology();
        boolean someOnline = false;
        Map<RouterId, Optional<Path>> paths = new HashMap<>();
        List<TerminatorStrategy.Candidate> candidates = new ArrayList<>();
        for (Terminator t : all) {
            if (!topology.contains(t.routerId())) {
                continue;
            }
            someOnline = true;
            Optional<Path> path = paths.computeIfAbsent(t.routerId(), r -> topology.shortestPath(ingress, r));
            path.ifPresent(p -> candidates.add(candidate(state, strategy.get(), t, p)));
        }
        if (candidates.isEmpty()) {
            return someOnline
                    ? none(
                            CircuitFailure.Cause.NO_PATH,
                            "no path from router '" + ingress + "' to any terminator of service '" + service + "'")
                    : none(
                            CircuitFailure.Cause.NO_ONLINE_TERMINATORS,
                            "service '" + service + "' has no online terminators");
        }
        TerminatorStrategy.Choice choice =
                strategy.get().choose(candidates, dial.clientData().toBytes(), ThreadLocalRandom.current());
        Terminator chosen = choice.candidate().terminator();
        return new Chosen(chosen, paths.get(chosen.routerId()).orElseThrow(), PeerData.ofBytes(choice.peerData()));
    }

    private static TerminatorStrategy.Candidate candidate(
            FabricState state, TerminatorStrategy strategy, Terminator t, Path path) {
        long cost = t.cost()
                + (strategy.hasDynamicCosts() ? state.terminators().dynamicCost(t.id()) : 0)
                + Math.min(path.cost(), LARGEST_PATH_COST);
        return new TerminatorStrategy.Candidate(t, state.terminators().precedence(t), cost);
    }

    private static None none(CircuitFailure.Cause cause, String text) {
        return new None(new CircuitFailure(cause, text));
    }
}
