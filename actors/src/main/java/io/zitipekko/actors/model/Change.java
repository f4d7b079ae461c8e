package io.zitipekko.actors.model;

import io.zitipekko.actors.model.entity.Entity;
import io.zitipekko.actors.model.id.EntityId;
import org.jspecify.annotations.Nullable;

/** One change of one entity: part of a proposal, and, as decided, of a {@link ChangeSet}. */
public sealed interface Change {
    EntityType<?> type();

    EntityId id();

    /**
     * Stands an entity in the model.
     *
     * @param expected what must be there now: {@code null} means that it must not exist; otherwise the entity that the change was
     *     derived from, compared by equality, so that two concurrent edits cannot undo each other
     */
    record Put<E extends Entity>(EntityType<E> type, E entity, @Nullable E expected) implements Change {
        @Override
        public EntityId id() {
            return entity.id();
        }
    }

    /** Takes an entity, which must exist, out of the model. This is what makes a token one-time. */
    record Delete(EntityType<?> type, EntityId id) implements Change {}
}
