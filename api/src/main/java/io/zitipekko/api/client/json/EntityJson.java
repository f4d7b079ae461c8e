package io.zitipekko.api.client.json;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.zitipekko.actors.model.Entity;
import io.zitipekko.api.http.Json;
import java.time.Instant;
import java.util.Map;

/** What every object has (protocol/05 section 2). */
public final class EntityJson {
    private EntityJson() {}

    /**
     * Begins an object.
     *
     * @param collection where it is found, e.g. {@code services}
     */
    public static ObjectNode of(Entity entity, String collection) {
        return of(
                entity.id().value(),
                collection,
                entity.meta().createdAt(),
                entity.meta().updatedAt(),
                entity.meta().tags());
    }

    static ObjectNode of(String id, String collection, Instant createdAt, Instant updatedAt, Map<String, Object> tags) {
        ObjectNode out = Json.object();
        ObjectNode links = Json.object();
        links.putObject("self").put("href", "./" + collection + "/" + id);
        out.set("_links", links);
        out.put("id", id);
        out.put("createdAt", Json.date(createdAt));
        out.put("updatedAt", Json.date(updatedAt));
        out.set("tags", Json.tree(tags));
        return out;
    }

    /** A reference to an object. */
    public static ObjectNode reference(String collection, String id, String name) {
        ObjectNode out = Json.object();
        out.putObject("_links").putObject("self").put("href", "./" + collection + "/" + id);
        out.put("entity", collection).put("id", id).put("name", name);
        return out;
    }
}
