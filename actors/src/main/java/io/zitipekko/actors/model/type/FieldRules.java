package io.zitipekko.actors.model.type;

import io.zitipekko.actors.model.ModelException;
import io.zitipekko.actors.model.ModelException.Kind;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The checks of single fields that several kinds of entity share (protocol/06 sections 3 and 5.1). */
final class FieldRules {
    static final int MAX_NAME_LENGTH = 255;
    static final int MAX_COST = 65_535;

    private FieldRules() {}

    static List<String> optional(@Nullable String value) {
        return value == null || value.isEmpty() ? List.of() : List.of(value);
    }

    static void name(@Nullable String name) {
        if (name == null || name.isBlank() || name.length() > MAX_NAME_LENGTH) {
            throw invalid("name", name, "expected 1 to " + MAX_NAME_LENGTH + " characters, not blank");
        }
    }

    static void cost(String field, int cost) {
        if (cost < 0 || cost > MAX_COST) {
            throw invalid(field, cost, "expected 0 to " + MAX_COST);
        }
    }

    static void oneOf(String field, String value, Set<String> allowed) {
        if (!allowed.contains(value)) {
            throw invalid(
                    field,
                    value,
                    "expected one of "
                            + String.join(", ", allowed.stream().sorted().toList()));
        }
    }

    static void notBlank(String field, @Nullable String value) {
        if (value == null || value.isBlank()) {
            throw invalid(field, value, "expected a text that is not blank");
        }
    }

    /** Plain words: a leading {@code #} or {@code @} belongs to role expressions in policies. */
    static void attributes(String field, Collection<String> attributes) {
        for (String attribute : attributes) {
            if (attribute.isBlank() || attribute.startsWith("#") || attribute.startsWith("@")) {
                throw invalid(
                        field, attribute, "expected a word that is not blank and begins with neither '#' nor '@'");
            }
        }
    }

    static ModelException invalid(String field, @Nullable Object value, String expected) {
        return new ModelException(Kind.INVALID, field + " '" + value + "': " + expected, field, value);
    }
}
