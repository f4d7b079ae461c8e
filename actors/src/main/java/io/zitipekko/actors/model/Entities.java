package io.zitipekko.actors.model;

import io.zitipekko.actors.model.entity.Entity;
import io.zitipekko.actors.model.id.EntityId;
import java.util.Collection;
import java.util.List;
import java.util.Optional;

/** The entities of one immutable state, and the look-ups that their types declare. */
public interface Entities {
    <E extends Entity> Optional<E> get(EntityType<E> type, EntityId id);

    /** All of a kind, in id order. */
    <E extends Entity> Collection<E> all(EntityType<E> type);

    int count(EntityType<?> type);

    /** By a unique key of the type. */
    <E extends Entity> Optional<E> find(EntityType<E> type, EntityType.Key<E> key, String value);

    /** By a key of the type that admits several, in id order. */
    <E extends Entity> List<E> findAll(EntityType<E> type, EntityType.Key<E> key, String value);

    /** By two such keys at once, in id order. Looks at as many entities only as the one of them has that has fewer. */
    <E extends Entity> List<E> findBoth(
            EntityType<E> type, EntityType.Key<E> key, String value, EntityType.Key<E> otherKey, String otherValue);
}
