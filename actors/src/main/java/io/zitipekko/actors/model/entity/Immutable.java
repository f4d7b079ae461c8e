package io.zitipekko.actors.model.entity;

import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** The one form in which entities keep collections: unmodifiable, empty instead of absent, sorted where order says nothing. */
final class Immutable {
    private Immutable() {}

    /** A set of role attributes, sorted. */
    static Set<String> attributes(@Nullable Collection<String> values) {
        return values == null || values.isEmpty() ? Set.of() : Collections.unmodifiableSet(new TreeSet<>(values));
    }

    /** Role expressions: sorted, each once. */
    static List<String> roles(@Nullable Collection<String> values) {
        return values == null || values.isEmpty() ? List.of() : List.copyOf(new TreeSet<>(values));
    }

    static <T> List<T> list(@Nullable Collection<T> values) {
        return values == null ? List.of() : List.copyOf(values);
    }

    /** Keeps the order of {@code values}; admits null values, which an operator's data may hold. */
    static <K, V> Map<K, V> map(@Nullable Map<K, V> values) {
        return values == null || values.isEmpty() ? Map.of() : Collections.unmodifiableMap(new LinkedHashMap<>(values));
    }

    static Map<String, Map<String, String>> nested(@Nullable Map<String, Map<String, String>> values) {
        if (values == null || values.isEmpty()) {
            return Map.of();
        }
        Map<String, Map<String, String>> copy = new LinkedHashMap<>();
        values.forEach((key, value) -> {
            if (!value.isEmpty()) {
                copy.put(key, map(value));
            }
        });
        return Collections.unmodifiableMap(copy);
    }
}
