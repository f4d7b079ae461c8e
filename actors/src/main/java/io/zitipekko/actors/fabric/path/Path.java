package io.zitipekko.actors.fabric.path;

import io.zitipekko.actors.fabric.LinkId;
import io.zitipekko.actors.model.id.RouterId;
import java.util.List;

/**
 * A way through the network.
 *
 * @param nodes routers from ingress to egress, at least one, none twice
 * @param links between them: one less
 * @param cost of all hops; 0 for a path of one node
 */
public record Path(List<RouterId> nodes, List<LinkId> links, long cost) {
    public Path {
        nodes = List.copyOf(nodes);
        links = List.copyOf(links);
        if (nodes.isEmpty() || links.size() != nodes.size() - 1) {
            throw new IllegalArgumentException("path of " + nodes.size() + " nodes and " + links.size()
                    + " links (expected: at least one node, and one link less)");
        }
    }

    public RouterId ingress() {
        return nodes.get(0);
    }

    public RouterId egress() {
        return nodes.get(nodes.size() - 1);
    }

    public boolean uses(LinkId link) {
        return links.contains(link);
    }

    /** Whether both go over the same routers and links. */
    public boolean sameWayAs(Path other) {
        return nodes.equals(other.nodes) && links.equals(other.links);
    }

    @Override
    public String toString() {
        StringBuilder s = new StringBuilder("[r/").append(nodes.get(0)).append(']');
        for (int i = 0; i < links.size(); i++) {
            s.append("->[l/")
                    .append(links.get(i))
                    .append("]->[r/")
                    .append(nodes.get(i + 1))
                    .append(']');
        }
        return s.toString();
    }
}
