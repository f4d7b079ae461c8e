package io.zitipekko.api.query;

import io.zitipekko.actors.model.ModelView;
import java.time.Instant;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BiFunction;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.function.ToLongFunction;
import org.jspecify.annotations.Nullable;

/** What filters and sort orders may name of one kind of record. Immutable once built. protocol/06 section 2.4. */
public final class SymbolTable<E> {
    private final Function<E, String> id;
    private final Map<String, Symbol<E>> symbols;

    private SymbolTable(Function<E, String> id, Map<String, Symbol<E>> symbols) {
        this.id = id;
        this.symbols = new LinkedHashMap<>(symbols);
    }

    /** @param id breaks ties of every order; is itself the symbol {@code id} */
    public static <E> Builder<E> of(Function<E, String> id) {
        return new Builder<>(id);
    }

    /** What {@code meta.filterableFields} shows. */
    public List<String> names() {
        return List.copyOf(symbols.keySet());
    }

    String id(E record) {
        return id.apply(record);
    }

    Optional<Symbol<E>> find(String name) {
        Symbol<E> exact = symbols.get(name);
        if (exact != null && !(exact instanceof Symbol.Keyed<E>)) {
            return Optional.of(exact);
        }
        int dot = name.indexOf('.');
        if (dot > 0 && symbols.get(name.substring(0, dot)) instanceof Symbol.Keyed<E> keyed) {
            String key = name.substring(dot + 1);
            return Optional.of(new Symbol.Scalar<>(
                    ValueType.ANY,
                    (record, view) -> keyed.values().get(record, view).get(key),
                    true));
        }
        return Optional.empty();
    }

    /** Collects symbols. */
    public static final class Builder<E> {
        private final Function<E, String> id;
        private final Map<String, Symbol<E>> symbols = new LinkedHashMap<>();

        private Builder(Function<E, String> id) {
            this.id = id;
            string("id", id::apply);
        }

        public Builder<E> string(String name, Function<E, @Nullable String> value) {
            return add(name, new Symbol.Scalar<>(ValueType.STRING, (record, view) -> value.apply(record), true));
        }

        public Builder<E> bool(String name, Predicate<E> value) {
            return add(name, new Symbol.Scalar<>(ValueType.BOOL, (record, view) -> value.test(record), true));
        }

        public Builder<E> integer(String name, ToLongFunction<E> value) {
            return add(name, new Symbol.Scalar<>(ValueType.INTEGER, (record, view) -> value.applyAsLong(record), true));
        }

        public Builder<E> datetime(String name, Function<E, @Nullable Instant> value) {
            return add(name, new Symbol.Scalar<>(ValueType.DATETIME, (record, view) -> value.apply(record), true));
        }

        /** A value of a record that this one refers to, e.g. {@code service.name}. Cannot be sorted by. */
        public Builder<E> composite(String name, BiFunction<E, ModelView, @Nullable String> value) {
            return add(name, new Symbol.Scalar<>(ValueType.STRING, value::apply, false));
        }

        public Builder<E> strings(String name, Function<E, ? extends Collection<String>> values) {
            return add(name, new Symbol.Members<>(ValueType.STRING, (record, view) -> values.apply(record)));
        }

        /** Linked records; as plain members they are their ids. */
        public <F> Builder<E> linked(
                String name, BiFunction<E, ModelView, ? extends Collection<F>> records, SymbolTable<F> table) {
            return add(name, new Symbol.Linked<E, F>(records::apply, table));
        }

        /** Keys below {@code name}. */
        public Builder<E> keyed(String name, Function<E, Map<String, Object>> values) {
            return add(name, new Symbol.Keyed<>((record, view) -> values.apply(record)));
        }

        public SymbolTable<E> build() {
            return new SymbolTable<>(id, symbols);
        }

        private Builder<E> add(String name, Symbol<E> symbol) {
            if (symbols.put(name, symbol) != null) {
                throw new IllegalArgumentException("symbol '" + name + "' (is there already)");
            }
            return this;
        }
    }
}
