package io.zitipekko.api.query;

import io.zitipekko.actors.model.ModelView;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.Iterator;
import java.util.List;
import java.util.PriorityQueue;

/**
 * What a list request gets.
 *
 * @param items of the window, in order
 * @param window which was asked for, normalised
 * @param total matches before paging
 */
public record Page<E>(List<E> items, Window window, long total) {

    /**
     * @param records in id order, so that the natural order costs no sorting
     * @param view resolves references in filters
     */
    public static <E> Page<E> of(
            Collection<E> records, Query<E> query, Window window, SymbolTable<E> table, ModelView view) {
        if (query.naturallyOrdered()) {
            return inOrder(records, query, window, view);
        }
        return sorted(records, query, window, table, view);
    }

    private static <E> Page<E> inOrder(Collection<E> records, Query<E> query, Window window, ModelView view) {
        Query.Filter<E> filter = query.filter();
        if (filter == null && records instanceof List<E> list) {
            int from = (int) Math.min(window.offset(), list.size());
            int to = (int) Math.min(window.end(), list.size());
            return new Page<>(List.copyOf(list.subList(from, to)), window, list.size());
        }
        List<E> items = new ArrayList<>();
        long total = 0;
        Iterator<E> all = records.iterator();
        while (all.hasNext()) {
            if (filter == null && total >= window.end()) {
                total = records.size();
                break;
            }
            E record = all.next();
            if (filter == null || filter.test(record, view)) {
                if (total >= window.offset() && total < window.end()) {
                    items.add(record);
                }
                total++;
            }
        }
        return new Page<>(items, window, total);
    }

    /** Keeps only the best up to the window's end while that is a small part: most pages are the first ones. */
    private static <E> Page<E> sorted(
            Collection<E> records, Query<E> query, Window window, SymbolTable<E> table, ModelView view) {
        Query.Filter<E> filter = query.filter();
        Comparator<E> order = query.comparator(table, view);
        boolean selecting = window.end() < records.size() / 4;
        int keep = selecting ? (int) window.end() : Integer.MAX_VALUE;
        PriorityQueue<E> best = new PriorityQueue<>(Math.max(1, Math.min(keep, 4096)), order.reversed());
        List<E> everything = new ArrayList<>();
        long total = 0;
        for (E record : records) {
            if (filter != null && !filter.test(record, view)) {
                continue;
            }
            total++;
            if (!selecting) {
                everything.add(record);
            } else if (best.size() < keep) {
                best.add(record);
            } else if (keep > 0 && order.compare(record, best.element()) < 0) {
                best.remove();
                best.add(record);
            }
        }
        if (selecting) {
            everything.addAll(best);
        }
        everything.sort(order);
        int from = (int) Math.min(window.offset(), everything.size());
        int to = (int) Math.min(window.end(), everything.size());
        return new Page<>(List.copyOf(everything.subList(from, to)), window, total);
    }
}
