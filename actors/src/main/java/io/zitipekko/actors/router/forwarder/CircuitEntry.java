package io.zitipekko.actors.router.forwarder;

import io.zitipekko.actors.router.ControllerId;
import io.zitipekko.transport.xgress.CircuitId;
import io.zitipekko.transport.xgress.XgressAddress;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** One circuit's row in the forwarder. Read by data threads without a lock; changed under the row's own lock. */
final class CircuitEntry {
    final CircuitId id;
    private volatile ControllerId owner;
    private volatile Map<String, String> tags;
    /** Immutable; replaced as a whole. */
    private volatile Map<XgressAddress, XgressAddress> ways = Map.of();
    /** Nano time of the last message. */
    private volatile long lastActivity;
    /** Set by an Unroute that lets buffered data drain. */
    private volatile boolean closing;

    CircuitEntry(CircuitId id, ControllerId owner, Map<String, String> tags, long now) {
        this.id = id;
        this.owner = owner;
        this.tags = Map.copyOf(tags);
        this.lastActivity = now;
    }

    @Nullable
    XgressAddress next(XgressAddress source) {
        return ways.get(source);
    }

    synchronized void add(ControllerId newOwner, Forward forward) {
        owner = newOwner;
        Map<XgressAddress, XgressAddress> changed = new HashMap<>(ways);
        changed.put(forward.source(), forward.destination());
        ways = Map.copyOf(changed);
        closing = false;
    }

    /** Keeps the tags of the first route: a reroute carries none. */
    synchronized void tag(Map<String, String> newTags) {
        if (!newTags.isEmpty()) {
            tags = Map.copyOf(newTags);
        }
    }

    void touch(long now) {
        // Data threads would otherwise share a hot cache line for nothing: idle times count in seconds.
        if (now - lastActivity > 100_000_000L) {
            lastActivity = now;
        }
    }

    long idleNanos(long now) {
        return Math.max(0, now - lastActivity);
    }

    ControllerId owner() {
        return owner;
    }

    Map<String, String> tags() {
        return tags;
    }

    boolean isClosing() {
        return closing;
    }

    void markClosing() {
        closing = true;
    }

    void forEachAddress(Consumer<XgressAddress> action) {
        Map<XgressAddress, XgressAddress> now = ways;
        now.keySet().forEach(action);
        now.values().forEach(address -> {
            if (!now.containsKey(address)) {
                action.accept(address);
            }
        });
    }

    String describe() {
        Set<String> lines = new TreeSet<>();
        ways.forEach((from, to) -> lines.add(from + " -> " + to));
        return id + " of " + owner + ": " + List.copyOf(lines) + (closing ? ", closing" : "");
    }
}
