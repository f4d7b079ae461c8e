package io.zitipekko.actors.fabric.link;

import io.zitipekko.actors.fabric.LinkId;
import io.zitipekko.actors.fabric.LinkStatus;
import java.util.Collections;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** The state of every link for readers; only {@link LinkActor}s write it. */
public final class LinkTable {
    private final Map<LinkId, LinkStatus> links = new ConcurrentHashMap<>();
    private final Runnable onChange;

    /** @param onChange called after each change */
    public LinkTable(Runnable onChange) {
        this.onChange = onChange;
    }

    /** A live, read-only view. */
    public Map<LinkId, LinkStatus> links() {
        return Collections.unmodifiableMap(links);
    }

    void put(LinkStatus status) {
        links.put(status.id(), status);
        onChange.run();
    }

    void remove(LinkId id) {
        if (links.remove(id) != null) {
            onChange.run();
        }
    }
}
