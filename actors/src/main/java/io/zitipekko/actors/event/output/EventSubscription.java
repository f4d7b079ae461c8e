package io.zitipekko.actors.event.output;

import io.zitipekko.actors.event.EntityChangeEvent;
import io.zitipekko.actors.event.Event;
import java.util.Map;
import java.util.Set;

/**
 * Which events somebody wants (protocol/06 section 8.1).
 *
 * @param type a namespace, or the name that it had before OpenZiti 1.4: then it is written under that name
 * @param include what within that type, e.g. {@code deleted}; for {@code entityChange} kinds of entities; empty: all
 */
public record EventSubscription(String type, Set<String> include) {
    private static final Map<String, String> FORMER_NAMES = Map.of(
            "edge.apiSessions", "apiSession",
            "edge.sessions", "session",
            "edge.authentications", "authentication",
            "fabric.circuits", "circuit",
            "fabric.links", "link",
            "fabric.routers", "router",
            "fabric.terminators", "terminator");

    /** Types that something here is ever published under; {@code accessRefused} is our own. */
    private static final Set<String> PUBLISHED = Set.of(
            "apiSession",
            "session",
            "authentication",
            "circuit",
            "entityChange",
            "link",
            "router",
            "terminator",
            "sdk",
            "connect",
            "alert",
            "accessRefused");

    public EventSubscription {
        include = Set.copyOf(include);
    }

    /** Whether there are events of that type at all. */
    public boolean isPublished() {
        return PUBLISHED.contains(namespace());
    }

    private String namespace() {
        return FORMER_NAMES.getOrDefault(type, type);
    }

    boolean wants(Event event) {
        if (!event.namespace().equals(namespace())) {
            return false;
        }
        if (include.isEmpty()) {
            return true;
        }
        return event instanceof EntityChangeEvent change
                ? change.entityType().isEmpty() || include.contains(EventJson.entityType(change.entityType()))
                : include.contains(event.eventType());
    }

    /** Under which name it is written; {@code edge.authentications} is the one old name that never was. */
    String writtenAs() {
        return type.equals("edge.authentications") ? namespace() : type;
    }
}
