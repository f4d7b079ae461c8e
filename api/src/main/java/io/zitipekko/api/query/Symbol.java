package io.zitipekko.api.query;

import io.zitipekko.actors.model.ModelView;
import java.util.Collection;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Something that a filter may name. */
sealed interface Symbol<E> {
    /** Reads a value of a record; {@code view} resolves references. */
    @FunctionalInterface
    interface Getter<E, V extends @Nullable Object> {
        V get(E record, ModelView view);
    }

    /**
     * One value, or none.
     *
     * @param sortable false for values of other records
     */
    record Scalar<E>(ValueType type, Getter<E, @Nullable Object> value, boolean sortable) implements Symbol<E> {}

    /** Several values. */
    record Members<E>(ValueType type, Getter<E, ? extends Collection<?>> values) implements Symbol<E> {}

    /**
     * Several records, named by their ids unless a sub-filter looks into them.
     *
     * @param records what is linked
     * @param table of the linked records
     */
    record Linked<E, F>(Getter<E, ? extends Collection<F>> records, SymbolTable<F> table) implements Symbol<E> {}

    /** Free keys below a name, e.g. {@code tags.env}. */
    record Keyed<E>(Getter<E, Map<String, Object>> values) implements Symbol<E> {}
}
