package io.zitipekko.actors.model.view;

import io.zitipekko.actors.model.Change;
import io.zitipekko.actors.model.ChangeSet;
import io.zitipekko.actors.model.EntityType;
import io.zitipekko.actors.model.ModelView;
import io.zitipekko.actors.model.entity.Entity;
import io.zitipekko.actors.model.id.EntityId;
import io.zitipekko.actors.policy.PolicyIndex;
import io.zitipekko.actors.policy.index.IncrementalPolicyIndex;
import java.util.Collection;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/** The one {@link ModelView}: entities, what policies allow, and where in the history it stands. */
public final class ModelState implements ModelView {
    /** Before the first change of any history. */
    public static final ModelState EMPTY = new ModelState("", 0, EntityTables.EMPTY, IncrementalPolicyIndex.EMPTY);

    private final String timelineId;
    private final long index;
    private final EntityTables entities;
    private final IncrementalPolicyIndex policies;

    private ModelState(String timelineId, long index, EntityTables entities, IncrementalPolicyIndex policies) {
        this.timelineId = timelineId;
        this.index = index;
        this.entities = entities;
        this.policies = policies;
    }

    /** An empty history named {@code timelineId}. */
    public static ModelState begin(String timelineId) {
        return new ModelState(
                Objects.requireNonNull(timelineId, "timelineId"), 0, EntityTables.EMPTY, IncrementalPolicyIndex.EMPTY);
    }

    /** This state with {@code facts} put, standing at {@code newIndex}: how a snapshot becomes a state. */
    public ModelState restored(long newIndex, Iterable<Change> facts) {
        return applied(newIndex, facts);
    }

    /** @throws IllegalArgumentException when {@code changeSet} does not follow this state */
    public ModelState with(ChangeSet changeSet) {
        if (changeSet.baseIndex() != index) {
            throw new IllegalArgumentException(
                    "change set with base index " + changeSet.baseIndex() + " (expected: " + index + ")");
        }
        return applied(changeSet.index(), changeSet.changes());
    }

    private ModelState applied(long newIndex, Iterable<Change> changes) {
        EntityTables tables = entities;
        IncrementalPolicyIndex allowed = policies;
        for (Change change : changes) {
            allowed = allowed.with(change);
            tables = tables.with(change);
        }
        return new ModelState(timelineId, newIndex, tables, allowed);
    }

    /** What the writer works on. */
    public EntityTables entities() {
        return entities;
    }

    @Override
    public long index() {
        return index;
    }

    @Override
    public String timelineId() {
        return timelineId;
    }

    @Override
    public <E extends Entity> Optional<E> get(EntityType<E> type, EntityId id) {
        return entities.get(type, id);
    }

    @Override
    public <E extends Entity> Collection<E> all(EntityType<E> type) {
        return entities.all(type);
    }

    @Override
    public int count(EntityType<?> type) {
        return entities.count(type);
    }

    @Override
    public <E extends Entity> Optional<E> find(EntityType<E> type, EntityType.Key<E> key, String value) {
        return entities.find(type, key, value);
    }

    @Override
    public <E extends Entity> List<E> findAll(EntityType<E> type, EntityType.Key<E> key, String value) {
        return entities.findAll(type, key, value);
    }

    @Override
    public <E extends Entity> List<E> findBoth(
            EntityType<E> type, EntityType.Key<E> key, String value, EntityType.Key<E> otherKey, String otherValue) {
        return entities.findBoth(type, key, value, otherKey, otherValue);
    }

    @Override
    public PolicyIndex policies() {
        return policies;
    }

    @Override
    public String toString() {
        return "ModelState[timeline " + timelineId + ", index " + index + "]";
    }
}
