package io.zitipekko.actors.model;

import java.util.List;
import java.util.function.Function;

/**
 * What makes a record a kind of entity. One constant each, registered in {@link EntityTypes}; adding a kind touches its own file and
 * that one registration.
 *
 * @param name storage and change-set name, plural, e.g. {@code identities}; never changes
 * @param type the record
 * @param idOf makes its id from text
 * @param uniqueKeys look-ups that admit one entity per key
 * @param keys look-ups that admit several
 * @param rules validation, references, what goes with it when it is deleted
 */
public record EntityType<E extends Entity>(
        String name,
        Class<E> type,
        Function<String, EntityId> idOf,
        List<Key<E>> uniqueKeys,
        List<Key<E>> keys,
        Rules<E> rules) {

    /**
     * A look-up.
     *
     * @param name appears in error answers as the field
     * @param of the keys under which an entity is found; empty for none
     */
    public record Key<E extends Entity>(String name, Function<E, List<String>> of) {}

    /** What the single writer checks before it accepts a change. */
    public interface Rules<E extends Entity> {
        /** @throws ModelException when {@code entity} may not stand in {@code view}; {@code before} is null for a new one */
        void check(E entity, @org.jspecify.annotations.Nullable E before, ModelView view);

        /** Deletes and updates that go with deleting {@code entity}. @throws ModelException when it may not be deleted */
        List<Change> onDelete(E entity, ModelView view);
    }

    @Override
    public String toString() {
        return name;
    }
}
