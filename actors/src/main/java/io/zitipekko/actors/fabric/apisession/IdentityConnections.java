package io.zitipekko.actors.fabric.apisession;

import io.zitipekko.actors.event.ConnectEvent;
import io.zitipekko.actors.event.EventBus;
import io.zitipekko.actors.event.SdkEvent;
import io.zitipekko.actors.model.id.EntityId;
import io.zitipekko.actors.model.id.IdentityId;
import io.zitipekko.actors.model.id.RouterId;
import io.zitipekko.transport.control.proto.edge.ConnectEvents;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** Which identities hold a connection to which router, as routers report it (20415). Lock-free for readers. */
public final class IdentityConnections {
    /** Most connected identities that one router may report. */
    private static final int MAX_PER_ROUTER = 1_000_000;

    private final EventBus events;
    private final InstantSource clock;
    private final Map<RouterId, Set<IdentityId>> byRouter = new ConcurrentHashMap<>();

    public IdentityConnections(EventBus events, InstantSource clock) {
        this.events = events;
        this.clock = clock;
    }

    /** Takes a batch, or with full state everything that the router has. */
    public void reported(RouterId router, ConnectEvents report) {
        Set<IdentityId> ofRouter = byRouter.computeIfAbsent(router, r -> ConcurrentHashMap.newKeySet());
        Set<IdentityId> listed = new HashSet<>();
        for (ConnectEvents.IdentityConnectEvents event : report.getEventsList()) {
            String text = event.getIdentityId();
            if (text.isBlank() || text.length() > EntityId.MAX_LENGTH) {
                continue;
            }
            IdentityId identity = new IdentityId(text);
            if (event.getIsConnected()) {
                listed.add(identity);
                connected(ofRouter, identity);
            } else {
                disconnected(ofRouter, identity);
            }
            for (ConnectEvents.ConnectDetails detail : event.getConnectTimesList()) {
                events.publish(new ConnectEvent(
                        Instant.ofEpochMilli(detail.getConnectTime()),
                        identity,
                        router,
                        detail.getSrcAddr(),
                        detail.getDstAddr()));
            }
        }
        if (report.getFullState()) {
            for (IdentityId identity : Set.copyOf(ofRouter)) {
                if (!listed.contains(identity)) {
                    disconnected(ofRouter, identity);
                }
            }
        }
    }

    /** Whether some router has a connection of that identity. */
    public boolean isConnected(IdentityId identity) {
        return byRouter.values().stream().anyMatch(s -> s.contains(identity));
    }

    /** The router's control channel closed: nothing is known of its connections. */
    public void routerGone(RouterId router) {
        Set<IdentityId> ofRouter = byRouter.remove(router);
        if (ofRouter != null) {
            Set.copyOf(ofRouter).forEach(identity -> disconnected(ofRouter, identity));
        }
    }

    private void connected(Set<IdentityId> ofRouter, IdentityId identity) {
        boolean before = isConnected(identity);
        if (ofRouter.size() < MAX_PER_ROUTER && ofRouter.add(identity) && !before) {
            events.publish(new SdkEvent(clock.instant(), "sdk-online", identity));
        }
    }

    private void disconnected(Set<IdentityId> ofRouter, IdentityId identity) {
        if (ofRouter.remove(identity) && !isConnected(identity)) {
            events.publish(new SdkEvent(clock.instant(), "sdk-offline", identity));
        }
    }
}
