package io.zitipekko.actors.model.view;

import io.zitipekko.actors.model.Change;
import io.zitipekko.actors.model.Entities;
import io.zitipekko.actors.model.EntityType;
import io.zitipekko.actors.model.entity.Entity;
import io.zitipekko.actors.model.id.EntityId;
import io.zitipekko.actors.model.type.EntityTypes;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** All entities of one state. Immutable; every change yields another one that shares what did not change. */
public final class EntityTables implements Entities {
    public static final EntityTables EMPTY = empty();

    /** A handful of entries, copied as a whole when a table is replaced. */
    private final Map<EntityType<?>, EntityTable<?>> tables;

    private EntityTables(Map<EntityType<?>, EntityTable<?>> tables) {
        this.tables = tables;
    }

    private static EntityTables empty() {
        Map<EntityType<?>, EntityTable<?>> tables = new HashMap<>();
        EntityTypes.all().forEach(type -> tables.put(type, EntityTable.empty(type)));
        return new EntityTables(tables);
    }

    /** These entities after {@code change}, which is not questioned. */
    public EntityTables with(Change change) {
        if (change instanceof Change.Put<?> put) {
            return put(put);
        }
        return replace(change.type(), table(change.type()).remove(change.id().value()));
    }

    private <E extends Entity> EntityTables put(Change.Put<E> put) {
        return replace(put.type(), table(put.type()).put(put.entity()));
    }

    private EntityTables replace(EntityType<?> type, EntityTable<?> table) {
        Map<EntityType<?>, EntityTable<?>> replaced = new HashMap<>(tables);
        replaced.put(type, table);
        return new EntityTables(replaced);
    }

    /** Tables are put under their own type only. */
    @SuppressWarnings("unchecked")
    private <E extends Entity> EntityTable<E> table(EntityType<E> type) {
        EntityTable<?> table = tables.get(type);
        if (table == null) {
            throw new IllegalArgumentException("kind of entity '" + type + "' is not registered");
        }
        return (EntityTable<E>) table;
    }

    @Override
    public <E extends Entity> Optional<E> get(EntityType<E> type, EntityId id) {
        return Optional.ofNullable(table(type).get(id.value()));
    }

    @Override
    public <E extends Entity> Collection<E> all(EntityType<E> type) {
        return table(type).all();
    }

    @Override
    public int count(EntityType<?> type) {
        return table(type).size();
    }

    @Override
    public <E extends Entity> Optional<E> find(EntityType<E> type, EntityType.Key<E> key, String value) {
        return table(type).find(key, value);
    }

    @Override
    public <E extends Entity> List<E> findAll(EntityType<E> type, EntityType.Key<E> key, String value) {
        return table(type).findAll(key, value);
    }

    @Override
    public <E extends Entity> List<E> findBoth(
            EntityType<E> type, EntityType.Key<E> key, String value, EntityType.Key<E> otherKey, String otherValue) {
        return table(type).findBoth(key, value, otherKey, otherValue);
    }
}
