package io.zitipekko.actors.fabric.path;

import io.zitipekko.actors.fabric.LinkId;
import io.zitipekko.actors.fabric.LinkStatus;
import io.zitipekko.actors.model.id.RouterId;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/**
 * One state of the network: connected routers and the usable links between them. Immutable; shortest paths are computed once per source
 * and kept with it, so that a dial costs two look-ups as long as the network stands still.
 */
public final class Topology {
    /** A path of this cost or more does not exist (protocol/03 section 8.3). */
    public static final long UNREACHABLE = 1L << 31;

    public static final Topology EMPTY = new Topology(Map.of(), Map.of());

    /**
     * @param cost added to each hop into it
     * @param noTraversal only as first or last node
     */
    public record Node(RouterId id, long cost, boolean noTraversal) {}

    /** The cheapest usable link between two neighbours. */
    record Edge(RouterId to, LinkId link, long linkCost) {}

    private final Map<RouterId, Node> nodes;
    private final Map<RouterId, List<Edge>> edges;
    private final Map<RouterId, PathFinder.Tree> trees = new ConcurrentHashMap<>();

    private Topology(Map<RouterId, Node> nodes, Map<RouterId, List<Edge>> edges) {
        this.nodes = nodes;
        this.edges = edges;
    }

    /**
     * @param routers connected ones
     * @param links of which only usable ones between two of these routers count
     * @param minRouterCost least cost of a hop into a router
     */
    public static Topology of(Collection<Node> routers, Collection<LinkStatus> links, int minRouterCost) {
        Map<RouterId, Node> nodes = new HashMap<>();
        routers.forEach(r -> nodes.put(r.id(), new Node(r.id(), Math.max(r.cost(), minRouterCost), r.noTraversal())));
        Map<RouterId, Map<RouterId, Edge>> cheapest = new HashMap<>();
        for (LinkStatus link : links) {
            if (link.usable()
                    && !link.source().equals(link.dest())
                    && nodes.containsKey(link.source())
                    && nodes.containsKey(link.dest())) {
                offer(cheapest, link.source(), new Edge(link.dest(), link.id(), link.cost()));
                offer(cheapest, link.dest(), new Edge(link.source(), link.id(), link.cost()));
            }
        }
        Map<RouterId, List<Edge>> edges = new HashMap<>();
        cheapest.forEach((id, to) -> edges.put(id, List.copyOf(to.values())));
        return new Topology(nodes, edges);
    }

    private static void offer(Map<RouterId, Map<RouterId, Edge>> cheapest, RouterId from, Edge edge) {
        // Equal costs are settled by id, so that every controller finds the same path.
        cheapest.computeIfAbsent(from, k -> new HashMap<>())
                .merge(
                        edge.to(),
                        edge,
                        (a, b) -> a.linkCost() < b.linkCost()
                                        || a.linkCost() == b.linkCost()
                                                && a.link()
                                                                .value()
                                                                .compareTo(
                                                                        b.link().value())
                                                        <= 0
                                ? a
                                : b);
    }

    /** The cheapest path, or nothing when either end is not connected or cannot be reached. */
    public Optional<Path> shortestPath(RouterId from, RouterId to) {
        if (!nodes.containsKey(from) || !nodes.containsKey(to)) {
            return Optional.empty();
        }
        return trees.computeIfAbsent(from, f -> PathFinder.from(this, f)).pathTo(to);
    }

    /** The cost of a given path in this state; empty when one of its links or routers is not usable any more. */
    public Optional<Long> costOf(Path path, Map<LinkId, LinkStatus> links) {
        long cost = 0;
        if (!nodes.containsKey(path.ingress())) {
            return Optional.empty();
        }
        for (int i = 0; i < path.links().size(); i++) {
            LinkStatus link = links.get(path.links().get(i));
            Node next = nodes.get(path.nodes().get(i + 1));
            if (link == null || !link.usable() || next == null) {
                return Optional.empty();
            }
            cost += link.cost() + next.cost();
        }
        return Optional.of(cost);
    }

    public boolean contains(RouterId router) {
        return nodes.containsKey(router);
    }

    Node node(RouterId id) {
        return java.util.Objects.requireNonNull(nodes.get(id));
    }

    List<Edge> edges(RouterId id) {
        return edges.getOrDefault(id, List.of());
    }
}
