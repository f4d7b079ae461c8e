package io.zitipekko.actors.fabric.path;

import io.zitipekko.actors.fabric.LinkId;
import io.zitipekko.actors.model.id.RouterId;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.PriorityQueue;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Dijkstra over connected routers (protocol/03 section 8.3): a hop costs the cheapest usable link plus the cost of the router it leads to; a router
 * without traversal is only ever first or last.
 */
public final class PathFinder {
    private PathFinder() {}

    private record Reached(RouterId router, long cost, @Nullable RouterId previous, @Nullable LinkId over) {}

    /** Cheapest paths from one router to every other. */
    static final class Tree {
        private final Map<RouterId, Reached> reached;

        private Tree(Map<RouterId, Reached> reached) {
            this.reached = reached;
        }

        Optional<Path> pathTo(RouterId target) {
            Reached end = reached.get(target);
            if (end == null) {
                return Optional.empty();
            }
            ArrayDeque<RouterId> nodes = new ArrayDeque<>();
            ArrayDeque<LinkId> links = new ArrayDeque<>();
            Reached at = end;
            while (at != null) {
                nodes.addFirst(at.router());
                if (at.over() != null) {
                    links.addFirst(at.over());
                }
                at = at.previous() == null ? null : reached.get(at.previous());
            }
            return Optional.of(new Path(new ArrayList<>(nodes), new ArrayList<>(links), end.cost()));
        }
    }

    static Tree from(Topology topology, RouterId source) {
        Map<RouterId, Reached> best = new HashMap<>();
        Set<RouterId> settled = new HashSet<>();
        PriorityQueue<Reached> queue = new PriorityQueue<>(Comparator.comparingLong(Reached::cost)
                .thenComparing(r -> r.router().value()));
        Reached start = new Reached(source, 0, null, null);
        best.put(source, start);
        queue.add(start);
        while (!queue.isEmpty()) {
            Reached at = queue.remove();
            if (!settled.add(at.router())
                    || !at.router().equals(source) && topology.node(at.router()).noTraversal()) {
                continue;
            }
            for (Topology.Edge edge : topology.edges(at.router())) {
                long cost =
                        at.cost() + edge.linkCost() + topology.node(edge.to()).cost();
                Reached known = best.get(edge.to());
                if (cost < Topology.UNREACHABLE && (known == null || cost < known.cost())) {
                    Reached next = new Reached(edge.to(), cost, at.router(), edge.link());
                    best.put(edge.to(), next);
                    queue.add(next);
                }
            }
        }
        return new Tree(Map.copyOf(best));
    }

    /** The nodes of {@code before} that {@code after} does not use any more. */
    public static List<RouterId> dropped(Path before, Path after) {
        List<RouterId> gone = new ArrayList<>(before.nodes());
        gone.removeAll(after.nodes());
        return gone;
    }
}
