package io.zitipekko.actors.fabric;

import io.zitipekko.actors.controller.ControllerSettings;
import io.zitipekko.actors.event.EventBus;
import io.zitipekko.actors.fabric.circuit.CircuitTable;
import io.zitipekko.actors.fabric.control.ConnectedRouter;
import io.zitipekko.actors.fabric.control.ConnectedRouters;
import io.zitipekko.actors.fabric.link.LinkTable;
import io.zitipekko.actors.fabric.path.Topology;
import io.zitipekko.actors.fabric.terminator.TerminatorDirectory;
import io.zitipekko.actors.model.Model;
import io.zitipekko.actors.model.entity.EdgeRouter;
import io.zitipekko.actors.model.id.RouterId;
import io.zitipekko.actors.model.type.EdgeRouters;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;

/**
 * The tables of the live fabric. Each is written by its owning actors and read by anybody without locks; the topology is rebuilt by the first
 * reader after a change.
 */
public final class FabricState {
    private record Built(long version, Topology topology) {}

    private final ControllerSettings settings;
    private final Model model;
    private final EventBus events;
    private final InstantSource clock;
    private final ConnectedRouters routers = new ConnectedRouters(this::topologyChanged);
    private final LinkTable links = new LinkTable(this::topologyChanged);
    private final CircuitTable circuits = new CircuitTable();
    private final TerminatorDirectory terminators;
    private final AtomicLong topologyVersion = new AtomicLong();
    private volatile Built built = new Built(-1, Topology.EMPTY);

    public FabricState(ControllerSettings settings, Model model, EventBus events, InstantSource clock) {
        this.settings = settings;
        this.model = model;
        this.events = events;
        this.clock = clock;
        this.terminators = new TerminatorDirectory(model, events, clock);
    }

    public ControllerSettings settings() {
        return settings;
    }

    public Model model() {
        return model;
    }

    public EventBus events() {
        return events;
    }

    /** Whether the router is enrolled and not disabled, as of now. */
    public boolean trusts(RouterId router) {
        return model.view()
                .get(EdgeRouters.TYPE, router)
                .filter(EdgeRouter::trusted)
                .isPresent();
    }

    public Instant now() {
        return clock.instant();
    }

    public InstantSource clock() {
        return clock;
    }

    public ConnectedRouters routers() {
        return routers;
    }

    public LinkTable links() {
        return links;
    }

    public CircuitTable circuits() {
        return circuits;
    }

    public TerminatorDirectory terminators() {
        return terminators;
    }

    /** Says that routers, their costs or links have changed. */
    public void topologyChanged() {
        topologyVersion.incrementAndGet();
    }

    /** The network as it is now. */
    public Topology topology() {
        Built last = built;
        // The version is read before the tables: a change in between makes the next reader build again.
        long version = topologyVersion.get();
        if (last.version() == version) {
            return last.topology();
        }
        List<Topology.Node> nodes = new ArrayList<>();
        for (ConnectedRouter router : routers.all()) {
            model.view()
                    .get(EdgeRouters.TYPE, router.id())
                    .filter(r -> !r.disabled())
                    .ifPresent(r -> nodes.add(node(r)));
        }
        Topology topology =
                Topology.of(nodes, links.links().values(), settings.network().minRouterCost());
        built = new Built(version, topology);
        return topology;
    }

    private static Topology.Node node(EdgeRouter router) {
        return new Topology.Node(router.id(), router.cost(), router.noTraversal());
    }
}
