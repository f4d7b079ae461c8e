package io.zitipekko.actors.model;

import io.zitipekko.actors.model.entity.Entity;
import io.zitipekko.actors.model.id.EntityId;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.function.Function;

/**
 * What makes a record a kind of entity: its storage name, look-ups, references and rules. One constant each, in a file of its own, and
 * one registration; the writer, the views, the stored form and the cascades know nothing else of a kind.
 */
public final class EntityType<E extends Entity> {
    private final String name;
    private final Class<E> type;
    private final Function<String, EntityId> idOf;
    private final List<Key<E>> uniqueKeys;
    private final List<Key<E>> keys;
    private final List<Reference<E>> references;
    private final Rules<E> rules;

    private EntityType(Builder<E> builder) {
        this.name = builder.name;
        this.type = builder.type;
        this.idOf = builder.idOf;
        this.uniqueKeys = List.copyOf(builder.uniqueKeys);
        this.keys = List.copyOf(builder.keys);
        this.references = List.copyOf(builder.references);
        this.rules = builder.rules;
    }

    /**
     * Begins a kind.
     *
     * @param name storage and change-set name, plural, e.g. {@code identities}; never changes
     * @param type the record
     * @param idOf makes its id from text
     */
    public static <E extends Entity> Builder<E> named(String name, Class<E> type, Function<String, EntityId> idOf) {
        return new Builder<>(name, type, idOf);
    }

    public String name() {
        return name;
    }

    public Class<E> type() {
        return type;
    }

    public Function<String, EntityId> idOf() {
        return idOf;
    }

    /** Look-ups that admit one entity per key. */
    public List<Key<E>> uniqueKeys() {
        return uniqueKeys;
    }

    /** Look-ups that admit several entities per key; those of {@link #references} among them. */
    public List<Key<E>> keys() {
        return keys;
    }

    /** What entities of this kind point at. */
    public List<Reference<E>> references() {
        return references;
    }

    public Rules<E> rules() {
        return rules;
    }

    @Override
    public String toString() {
        return name;
    }

    /**
     * A look-up.
     *
     * @param name appears in error answers as the field
     * @param of the keys under which an entity is found; empty for none
     */
    public record Key<E extends Entity>(String name, Function<E, List<String>> of) {}

    /** What the single writer checks before it accepts a change, beyond existence, unique keys and references. */
    public interface Rules<E extends Entity> {
        /**
         * @param before null for a new one
         * @throws ModelException when {@code entity} may not stand among {@code entities}
         */
        void check(E entity, @org.jspecify.annotations.Nullable E before, Entities entities);

        /**
         * Whether a proposal may change or delete {@code entity}. What follows from another change (cascades, twins) is not asked.
         *
         * @param after null when it is to be deleted
         * @throws ModelException when it may not
         */
        default void checkAllowed(E entity, @org.jspecify.annotations.Nullable E after, Entities entities) {
            if (entity.meta().system()) {
                throw new ModelException(
                        ModelException.Kind.PROTECTED,
                        "'" + entity.id() + "' is a system entity: it cannot be "
                                + (after == null ? "deleted" : "changed"),
                        "id",
                        entity.id().value());
            }
        }

        /** Whether a proposal may create {@code entity} directly. @throws ModelException when it may not */
        default void checkCreation(E entity, Entities entities) {}

        /** Changes that go with {@code entity} having been put; {@code entities} has it already. */
        default List<Change> onPut(E entity, @org.jspecify.annotations.Nullable E before, Entities entities) {
            return List.of();
        }

        /** Changes that go before deleting {@code entity}, besides what follows from references to it. */
        default List<Change> onDelete(E entity, Entities entities) {
            return List.of();
        }
    }

    /** Collects what a kind is made of. */
    public static final class Builder<E extends Entity> {
        private final String name;
        private final Class<E> type;
        private final Function<String, EntityId> idOf;
        private final List<Key<E>> uniqueKeys = new ArrayList<>();
        private final Set<Key<E>> keys = new LinkedHashSet<>();
        private final List<Reference<E>> references = new ArrayList<>();
        private Rules<E> rules = (entity, before, entities) -> {};

        private Builder(String name, Class<E> type, Function<String, EntityId> idOf) {
            this.name = Objects.requireNonNull(name, "name");
            this.type = Objects.requireNonNull(type, "type");
            this.idOf = Objects.requireNonNull(idOf, "idOf");
        }

        public Builder<E> unique(Key<E> key) {
            uniqueKeys.add(key);
            return this;
        }

        public Builder<E> key(Key<E> key) {
            keys.add(key);
            return this;
        }

        /** Adds a reference; its key becomes a look-up. */
        public Builder<E> reference(Reference<E> reference) {
            references.add(reference);
            keys.add(reference.key());
            return this;
        }

        public Builder<E> rules(Rules<E> kindRules) {
            this.rules = Objects.requireNonNull(kindRules, "rules");
            return this;
        }

        public EntityType<E> build() {
            return new EntityType<>(this);
        }
    }
}
