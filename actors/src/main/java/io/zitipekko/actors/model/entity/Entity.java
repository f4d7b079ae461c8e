package io.zitipekko.actors.model.entity;

import io.zitipekko.actors.model.EntityType;
import io.zitipekko.actors.model.id.EntityId;
import java.time.Instant;
import java.util.Map;

/**
 * One thing of the configured model: an immutable record. What makes it a kind of entity (storage name, validation, references,
 * look-ups) is its one {@link EntityType}.
 */
public interface Entity {
    EntityId id();

    Meta meta();

    /**
     * What every entity has.
     *
     * @param createdAt when the entity was made
     * @param updatedAt when it last changed
     * @param tags the operator's; values are scalars
     * @param system built in: may not be deleted
     */
    record Meta(Instant createdAt, Instant updatedAt, Map<String, Object> tags, boolean system) {
        public Meta {
            tags = Immutable.map(tags);
            // What was never changed is what most of a large model is made of: one moment for both.
            updatedAt = createdAt != null && createdAt.equals(updatedAt) ? createdAt : updatedAt;
        }

        /** For an entity that is made now. */
        public static Meta created(Instant now, Map<String, Object> tags) {
            return new Meta(now, now, tags, false);
        }

        public Meta updated(Instant now, Map<String, Object> newTags) {
            return new Meta(createdAt, now, newTags, system);
        }

        public Meta touched(Instant now) {
            return new Meta(createdAt, now, tags, system);
        }
    }
}
