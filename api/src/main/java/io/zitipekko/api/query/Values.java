package io.zitipekko.api.query;

import java.time.Instant;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Comparing of values as the filter language does it. */
final class Values {
    private Values() {}

    /** Byte order of UTF-8, which differs from Java's order where surrogates are involved. */
    static int compareText(String a, String b) {
        int n = Math.min(a.length(), b.length());
        for (int i = 0; i < n; i++) {
            char x = a.charAt(i);
            char y = b.charAt(i);
            if (x != y) {
                boolean xs = Character.isSurrogate(x);
                boolean ys = Character.isSurrogate(y);
                return xs == ys ? x - y : xs ? 1 : -1;
            }
        }
        return a.length() - b.length();
    }

    /** Null before everything; values of different types in an order of their own, so that sorting by a tag never fails. */
    static int compareNullsFirst(@Nullable Object a, @Nullable Object b) {
        if (a == null || b == null) {
            return a == b ? 0 : a == null ? -1 : 1;
        }
        if (a instanceof String x && b instanceof String y) {
            return compareText(x, y);
        }
        if (a instanceof Long x && b instanceof Long y) {
            return x.compareTo(y);
        }
        if (a instanceof Number x && b instanceof Number y) {
            return Double.compare(x.doubleValue(), y.doubleValue());
        }
        if (a instanceof Instant x && b instanceof Instant y) {
            return x.compareTo(y);
        }
        if (a instanceof Boolean x && b instanceof Boolean y) {
            return x.compareTo(y);
        }
        return Integer.compare(rank(a), rank(b));
    }

    private static int rank(Object value) {
        return value instanceof Boolean ? 0 : value instanceof Number ? 1 : value instanceof Instant ? 2 : 3;
    }

    static String fold(String text) {
        return text.toUpperCase(Locale.ROOT);
    }

    /**
     * A value of an {@link ValueType#ANY} symbol as one of the literal's type; null when it is of another.
     *
     * @param type of the literal
     */
    static @Nullable Object as(ValueType type, @Nullable Object value) {
        if (value == null) {
            return null;
        }
        return switch (type) {
            case BOOL -> value instanceof Boolean ? value : null;
            case STRING -> value instanceof String ? value : value instanceof Number ? value.toString() : null;
            case INTEGER, FLOAT -> value instanceof Number number ? number(number) : null;
            case DATETIME -> value instanceof Instant ? value : null;
            case ANY -> value;
        };
    }

    private static Object number(Number number) {
        boolean integral = number instanceof Long || number instanceof Integer || number instanceof Short;
        return integral ? (Object) number.longValue() : (Object) number.doubleValue();
    }
}
