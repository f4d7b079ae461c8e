package io.zitipekko.actors.router.link;

import java.util.Collection;
import java.util.concurrent.ConcurrentHashMap;

/** The links that are up, for reports and inspection. Written by the {@link LinkRegistry}; read from anywhere. */
public final class LinkTable {
    private final ConcurrentHashMap<String, RouterLink> links = new ConcurrentHashMap<>();

    void put(RouterLink link) {
        links.put(link.id, link);
    }

    void remove(RouterLink link) {
        links.remove(link.id, link);
    }

    Collection<RouterLink> all() {
        return links.values();
    }

    public int size() {
        return links.size();
    }

    /** One JSON-like line a link, for inspection. */
    public Collection<String> describe() {
        return links.values().stream().map(RouterLink::toString).sorted().toList();
    }
}
