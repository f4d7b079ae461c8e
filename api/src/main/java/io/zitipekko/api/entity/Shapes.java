package io.zitipekko.api.entity;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.zitipekko.actors.model.entity.Entity;
import io.zitipekko.actors.model.id.EntityId;
import io.zitipekko.api.http.Json;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** JSON that many entities share. protocol/06 section 1.3. */
public final class Shapes {
    private Shapes() {}

    /**
     * What every entity begins with.
     *
     * @param collection path of its collection
     * @param links names of what hangs below it
     */
    public static ObjectNode base(Entity entity, String collection, List<String> links) {
        Entity.Meta meta = entity.meta();
        return base(entity.id().value(), meta.createdAt(), meta.updatedAt(), meta.tags(), collection, links);
    }

    public static ObjectNode base(
            String id,
            Instant createdAt,
            Instant updatedAt,
            Map<String, ?> tags,
            String collection,
            List<String> links) {
        ObjectNode out = Json.object();
        ObjectNode hrefs = out.putObject("_links");
        String self = "./" + collection + "/" + id;
        hrefs.putObject("self").put("href", self);
        links.forEach(link -> hrefs.putObject(link).put("href", self + "/" + link));
        out.put("createdAt", Json.date(createdAt));
        out.put("id", id);
        out.set("tags", Json.tree(tags));
        out.put("updatedAt", Json.date(updatedAt));
        return out;
    }

    /** A reference to another entity. */
    public static ObjectNode ref(String collection, EntityId id, @Nullable String name) {
        return ref(collection, id.value(), name);
    }

    public static ObjectNode ref(String collection, String id, @Nullable String name) {
        ObjectNode out = Json.object();
        out.putObject("_links").putObject("self").put("href", "./" + collection + "/" + id);
        out.put("entity", collection).put("id", id);
        if (name != null) {
            out.put("name", name);
        }
        return out;
    }

    public static ArrayNode texts(Collection<?> values) {
        ArrayNode out = Json.array();
        values.forEach(value -> out.add(value.toString()));
        return out;
    }
}
