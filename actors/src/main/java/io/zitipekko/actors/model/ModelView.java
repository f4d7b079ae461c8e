package io.zitipekko.actors.model;

import io.zitipekko.actors.policy.PolicyIndex;
import java.util.Collection;
import java.util.List;
import java.util.Optional;

/** One immutable state of the model. Read without locks, kept as long as wanted. */
public interface ModelView {
    /** Strictly increasing, gap-free. */
    long index();

    /** Names this incarnation of the store; another one after a restore. */
    String timelineId();

    <E extends Entity> Optional<E> get(EntityType<E> type, EntityId id);

    /** All of a kind, in id order. */
    <E extends Entity> Collection<E> all(EntityType<E> type);

    int count(EntityType<?> type);

    /** By a unique key of the type. */
    <E extends Entity> Optional<E> find(EntityType<E> type, EntityType.Key<E> key, String value);

    /** By a key of the type that admits several, in id order. */
    <E extends Entity> List<E> findAll(EntityType<E> type, EntityType.Key<E> key, String value);

    /** What policies allow in this state. */
    PolicyIndex policies();
}
