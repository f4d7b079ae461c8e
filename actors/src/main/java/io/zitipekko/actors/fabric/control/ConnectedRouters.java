package io.zitipekko.actors.fabric.control;

import io.zitipekko.actors.model.id.RouterId;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.Collections;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/** At most one live control channel per router id (protocol/03 section 16, S13). Lock-free; nothing is closed from inside it. */
public final class ConnectedRouters {
    private final Map<RouterId, ConnectedRouter> byId = new ConcurrentHashMap<>();
    private final Runnable onChange;

    /** @param onChange called after each change of who is connected */
    public ConnectedRouters(Runnable onChange) {
        this.onChange = onChange;
    }

    public Optional<ConnectedRouter> get(RouterId id) {
        return Optional.ofNullable(byId.get(id)).filter(r -> !r.isClosed());
    }

    /** Everyone connected now. */
    public Collection<ConnectedRouter> all() {
        return Collections.unmodifiableCollection(byId.values());
    }

    /** Whether a live channel of that router is younger than {@code limit}, so that a second one is refused before its Result. */
    public boolean connectedWithin(RouterId id, Duration limit, Instant now) {
        return get(id).map(r -> r.status().connectedAt().plus(limit).isAfter(now))
                .orElse(false);
    }

    /** Makes {@code router} the live one. @return the live channel that stands in the way; then nothing was changed */
    public Optional<ConnectedRouter> register(ConnectedRouter router) {
        ConnectedRouter now =
                byId.compute(router.id(), (id, current) -> current == null || current.isClosed() ? router : current);
        if (now != router) {
            return Optional.of(now);
        }
        onChange.run();
        return Optional.empty();
    }

    /** Forgets exactly this channel. @return false when another one has taken its place */
    public boolean unregister(ConnectedRouter router) {
        boolean removed = byId.remove(router.id(), router);
        if (removed) {
            onChange.run();
        }
        return removed;
    }
}
