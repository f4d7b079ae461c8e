package io.zitipekko.api.query;

import io.zitipekko.actors.model.ModelView;
import java.util.Comparator;
import java.util.List;
import java.util.OptionalLong;
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
        Filter<E> both = own == null ? more : (record, view) -> more.test(record, view) && own.test(record, view);
        return new Query<>(both, order, skip, limit);
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
