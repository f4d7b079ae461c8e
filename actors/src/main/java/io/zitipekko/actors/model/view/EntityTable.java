package io.zitipekko.actors.model.view;

import io.vavr.collection.HashMap;
import io.vavr.collection.TreeMap;
import io.vavr.collection.TreeSet;
import io.zitipekko.actors.model.EntityType;
import io.zitipekko.actors.model.EntityType.Key;
import io.zitipekko.actors.model.entity.Entity;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * All entities of one kind with their look-ups. Immutable: a change makes a new table that shares everything but the paths to what
 * changed, so keeping old tables is cheap, and so is writing.
 */
final class EntityTable<E extends Entity> {
    private final EntityType<E> type;
    private final TreeMap<String, E> byId;
    /** In the order of {@code type.uniqueKeys()}: key text to id. */
    private final List<HashMap<String, String>> unique;
    /** In the order of {@code type.keys()}: key text to ids. */
    private final List<HashMap<String, TreeSet<String>>> multiple;
    /** What {@link #all} answers; null until then. */
    private volatile @Nullable List<E> inOrder;

    private EntityTable(
            EntityType<E> type,
            TreeMap<String, E> byId,
            List<HashMap<String, String>> unique,
            List<HashMap<String, TreeSet<String>>> multiple) {
        this.type = type;
        this.byId = byId;
        this.unique = unique;
        this.multiple = multiple;
    }

    static <E extends Entity> EntityTable<E> empty(EntityType<E> type) {
        List<HashMap<String, String>> unique = new ArrayList<>();
        type.uniqueKeys().forEach(key -> unique.add(HashMap.empty()));
        List<HashMap<String, TreeSet<String>>> multiple = new ArrayList<>();
        type.keys().forEach(key -> multiple.add(HashMap.empty()));
        return new EntityTable<>(type, TreeMap.empty(), unique, multiple);
    }

    EntityType<E> type() {
        return type;
    }

    @Nullable
    E get(String id) {
        return byId.getOrElse(id, null);
    }

    int size() {
        return byId.size();
    }

    /** In id order. Copied out of the tree once, when first asked for: lists are read far more often than they change. */
    Collection<E> all() {
        List<E> known = inOrder;
        if (known == null) {
            List<E> copy = new ArrayList<>(byId.size());
            byId.valuesIterator().forEachRemaining(copy::add);
            known = Collections.unmodifiableList(copy);
            inOrder = known;
        }
        return known;
    }

    Optional<E> find(Key<E> key, String value) {
        int at = type.uniqueKeys().indexOf(key);
        if (at < 0) {
            throw new IllegalArgumentException("'" + key.name() + "' is not a unique key of " + type);
        }
        return unique.get(at).get(value).map(this::get).toJavaOptional();
    }

    List<E> findAll(Key<E> key, String value) {
        int at = type.keys().indexOf(key);
        if (at < 0) {
            return find(key, value).map(List::of).orElse(List.of());
        }
        TreeSet<String> ids = multiple.get(at).getOrElse(value, TreeSet.empty());
        List<E> found = new ArrayList<>(ids.size());
        ids.forEach(id -> found.add(Objects.requireNonNull(get(id))));
        return found;
    }

    List<E> findBoth(Key<E> key, String value, Key<E> otherKey, String otherValue) {
        TreeSet<String> ids = ids(key, value);
        TreeSet<String> others = ids(otherKey, otherValue);
        boolean fewer = ids.size() < others.size();
        TreeSet<String> few = fewer ? ids : others;
        TreeSet<String> many = fewer ? others : ids;
        List<E> found = new ArrayList<>();
        for (String id : few) {
            if (many.contains(id)) {
                found.add(Objects.requireNonNull(get(id)));
            }
        }
        return found;
    }

    private TreeSet<String> ids(Key<E> key, String value) {
        int at = type.keys().indexOf(key);
        if (at < 0) {
            throw new IllegalArgumentException("'" + key.name() + "' is not a key of " + type + " that admits several");
        }
        return multiple.get(at).getOrElse(value, TreeSet.empty());
    }

    /** The table with {@code entity} in place of whatever had its id. */
    EntityTable<E> put(E entity) {
        String id = entity.id().value();
        E before = get(id);
        return new EntityTable<>(
                type, byId.put(id, entity), reindexUnique(id, before, entity), reindex(id, before, entity));
    }

    /** The table without the entity of that id. */
    EntityTable<E> remove(String id) {
        E before = get(id);
        if (before == null) {
            return this;
        }
        return new EntityTable<>(type, byId.remove(id), reindexUnique(id, before, null), reindex(id, before, null));
    }

    private List<HashMap<String, String>> reindexUnique(String id, @Nullable E before, @Nullable E after) {
        List<HashMap<String, String>> result = unique;
        for (int at = 0; at < unique.size(); at++) {
            Key<E> key = type.uniqueKeys().get(at);
            List<String> old = before == null ? List.of() : key.of().apply(before);
            List<String> now = after == null ? List.of() : key.of().apply(after);
            if (old.equals(now)) {
                continue;
            }
            HashMap<String, String> index = unique.get(at);
            for (String value : old) {
                if (id.equals(index.getOrElse(value, null))) {
                    index = index.remove(value);
                }
            }
            for (String value : now) {
                index = index.put(value, id);
            }
            result = replaced(result, unique, at, index);
        }
        return result;
    }

    private List<HashMap<String, TreeSet<String>>> reindex(String id, @Nullable E before, @Nullable E after) {
        List<HashMap<String, TreeSet<String>>> result = multiple;
        for (int at = 0; at < multiple.size(); at++) {
            Key<E> key = type.keys().get(at);
            List<String> old = before == null ? List.of() : key.of().apply(before);
            List<String> now = after == null ? List.of() : key.of().apply(after);
            if (old.equals(now)) {
                continue;
            }
            HashMap<String, TreeSet<String>> index = multiple.get(at);
            for (String value : old) {
                TreeSet<String> rest = index.getOrElse(value, TreeSet.empty()).remove(id);
                index = rest.isEmpty() ? index.remove(value) : index.put(value, rest);
            }
            for (String value : now) {
                index = index.put(value, index.getOrElse(value, TreeSet.empty()).add(id));
            }
            result = replaced(result, multiple, at, index);
        }
        return result;
    }

    /** {@code result} with one place changed; copied from {@code original} the first time. */
    private static <T> List<T> replaced(List<T> result, List<T> original, int at, T value) {
        List<T> copy = result == original ? new ArrayList<>(original) : result;
        copy.set(at, value);
        return copy;
    }
}
