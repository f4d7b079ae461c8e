package io.zitipekko.api.query;

import io.zitipekko.actors.model.ModelView;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A filter with its order and window, compiled for one kind of record. Immutable.
 *
 * @param filter null: all records match
 * @param order empty: by id, ascending
 * @param skip from the filter text
 * @param limit from the filter text; -1 for {@code none}
 */
public record Query<E>(@Nullable Filter<E> filter, List<SortField<E>> order, OptionalLong skip, OptionalLong limit) {
    /** Whether a record matches. Called once for each record of a list: reads fields, makes no JSON. */
    @FunctionalInterface
    public interface Filter<E> {
        boolean test(E record, ModelView view);

        /**
         * Texts of which symbols must equal one for anything to match, by the symbols' names: whoever has a look-up by one of them need not go
         * through all records. Empty when that is not known.
         */
        default Map<String, Set<String>> pins() {
            return Map.of();
        }
    }

    /** Both must match. */
    record Both<E>(Filter<E> first, Filter<E> second) implements Filter<E> {
        @Override
        public boolean test(E record, ModelView view) {
            return first.test(record, view) && second.test(record, view);
        }

        @Override
        public Map<String, Set<String>> pins() {
            Map<String, Set<String>> all = new HashMap<>(second.pins());
            all.putAll(first.pins());
            return all;
        }
    }

    /** A symbol must equal one of some texts. */
    record Pinned<E>(String symbol, Set<String> texts, Filter<E> filter) implements Filter<E> {
        @Override
        public boolean test(E record, ModelView view) {
            return filter.test(record, view);
        }

        @Override
        public Map<String, Set<String>> pins() {
            return Map.of(symbol, texts);
        }
    }

    /** One field of an order; {@code name} is what the request called it. */
    public record SortField<E>(String name, Symbol.Scalar<E> symbol, boolean descending) {
        int compare(E a, E b, ModelView view) {
            int order = Values.compareNullsFirst(
                    symbol.value().get(a, view), symbol.value().get(b, view));
            return descending ? -order : order;
        }
    }

    public Query {
        order = List.copyOf(order);
    }

    /** Everything, by id. */
    public static <E> Query<E> all() {
        return new Query<>(null, List.of(), OptionalLong.empty(), OptionalLong.empty());
    }

    /** The same with another filter that must match too. */
    public Query<E> and(Filter<E> more) {
        Filter<E> own = filter;
        return new Query<>(own == null ? more : new Both<>(more, own), order, skip, limit);
    }

    /** The texts of which a symbol must equal one for anything to match, if the filter says so. */
    public Optional<Set<String>> pinned(String symbol) {
        return filter == null
                ? Optional.empty()
                : Optional.ofNullable(filter.pins().get(symbol));
    }

    Query<E> orderedBy(List<SortField<E>> fields) {
        return new Query<>(filter, fields, skip, limit);
    }

    /** Whether records in id order are already in this order. */
    boolean naturallyOrdered() {
        return order.isEmpty()
                || (order.get(0).name().equals("id") && !order.get(0).descending());
    }

    Comparator<E> comparator(SymbolTable<E> table, ModelView view) {
        return (a, b) -> {
            for (SortField<E> field : order) {
                int result = field.compare(a, b, view);
                if (result != 0) {
                    return result;
                }
            }
            return Values.compareText(table.id(a), table.id(b));
        };
    }
}
