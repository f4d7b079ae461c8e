package io.zitipekko.api.management.entity;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.zitipekko.actors.model.entity.Entity;
import io.zitipekko.api.http.ApiErrors;
import io.zitipekko.api.http.Json;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * A body with the rules of its verb, so that an entity says once how its fields are read. POST and PUT: what is absent falls to its
 * default. PATCH: what is absent or {@code null} stays as it is; maps are replaced whole. protocol/06 section 1.4.
 *
 * @param <E> what the body becomes
 */
public final class Fields<E extends Entity> {
    private static final int MAX_TAGS = 1000;

    private final ObjectNode body;
    private final @Nullable E before;
    private final boolean patch;

    private Fields(ObjectNode body, @Nullable E before, boolean patch) {
        this.body = body;
        this.before = before;
        this.patch = patch;
    }

    public static <E extends Entity> Fields<E> create(ObjectNode body) {
        return new Fields<>(body, null, false);
    }

    public static <E extends Entity> Fields<E> replace(ObjectNode body, E before) {
        return new Fields<>(body, before, false);
    }

    public static <E extends Entity> Fields<E> patch(ObjectNode body, E before) {
        return new Fields<>(body, before, true);
    }

    /** What the entity was; null for a new one. */
    public @Nullable E before() {
        return before;
    }

    public boolean isCreate() {
        return before == null;
    }

    public boolean isPatch() {
        return patch;
    }

    /** Whether the body says something of that field. */
    public boolean has(String name) {
        return present(name) != null;
    }

    private @Nullable JsonNode present(String name) {
        JsonNode value = body.get(name);
        return value == null || value.isNull() ? null : value;
    }

    /** The field as {@code read} understands it, or what the verb says when it is absent. */
    public <T extends @Nullable Object> T get(
            String name, Function<JsonNode, T> read, Function<E, T> current, T absent) {
        JsonNode value = present(name);
        if (value != null) {
            return read.apply(value);
        }
        return patch && before != null ? current.apply(before) : absent;
    }

    /** A field that POST and PUT must have. */
    public <T> T required(String name, Function<JsonNode, T> read, Function<E, T> current) {
        JsonNode value = present(name);
        if (value != null) {
            return read.apply(value);
        }
        if (patch && before != null) {
            return current.apply(before);
        }
        throw ApiErrors.required(name);
    }

    public String requiredText(String name, Function<E, String> current) {
        return required(name, value -> text(name, value), current);
    }

    public String text(String name, Function<E, String> current, String absent) {
        return get(name, value -> text(name, value), current, absent);
    }

    /** Blank text clears it. */
    public @Nullable String nullableText(String name, Function<E, @Nullable String> current) {
        String value = get(name, node -> text(name, node), current, null);
        return value == null || value.isBlank() ? null : value;
    }

    public boolean bool(String name, Function<E, Boolean> current, boolean absent) {
        return get(name, value -> bool(name, value), current, absent);
    }

    public boolean requiredBool(String name, Function<E, Boolean> current) {
        return required(name, value -> bool(name, value), current);
    }

    public long integer(String name, Function<E, Long> current, long absent) {
        return get(name, value -> integer(name, value), current, absent);
    }

    /** A number from 0 to 65535. */
    public int cost(String name, Function<E, Integer> current) {
        return get(name, value -> cost(name, value), current, 0);
    }

    public List<String> texts(String name, Function<E, List<String>> current) {
        return get(name, value -> texts(name, value), current, List.of());
    }

    /** An object of any values; replaced whole. */
    public Map<String, Object> map(String name, Function<E, Map<String, Object>> current) {
        return get(name, value -> map(name, value), current, Map.of());
    }

    /** The base of the entity that the body makes: tags checked, dates set. */
    public Entity.Meta meta(Instant now) {
        Map<String, Object> tags =
                get("tags", Fields::tags, entity -> entity.meta().tags(), Map.of());
        return before == null ? Entity.Meta.created(now, tags) : before.meta().updated(now, tags);
    }

    /** @throws io.zitipekko.api.http.ApiError {@code COULD_NOT_PARSE_BODY} */
    public static String text(String name, JsonNode value) {
        if (!value.isTextual()) {
            throw wrongType(name, "a string", value);
        }
        return value.textValue();
    }

    /** A text as an id. @throws io.zitipekko.api.http.ApiError 400 for what cannot be one */
    public static <T> T id(String name, String text, Function<String, T> make) {
        try {
            return make.apply(text);
        } catch (IllegalArgumentException e) {
            throw ApiErrors.couldNotValidate(name, String.valueOf(e.getMessage()), text);
        }
    }

    public static boolean bool(String name, JsonNode value) {
        if (!value.isBoolean()) {
            throw wrongType(name, "a boolean", value);
        }
        return value.booleanValue();
    }

    public static long integer(String name, JsonNode value) {
        if (!value.isIntegralNumber() || !value.canConvertToLong()) {
            throw wrongType(name, "an integer", value);
        }
        return value.longValue();
    }

    public static int cost(String name, JsonNode value) {
        long cost = integer(name, value);
        if (cost < 0 || cost > 65_535) {
            throw ApiErrors.couldNotValidate(name, name + " in body should be 0 to 65535", cost);
        }
        return (int) cost;
    }

    public static List<String> texts(String name, JsonNode value) {
        if (!value.isArray()) {
            throw wrongType(name, "a list of strings", value);
        }
        List<String> out = new ArrayList<>(value.size());
        value.forEach(item -> out.add(text(name, item)));
        return out;
    }

    public static Map<String, Object> map(String name, JsonNode value) {
        if (!(value instanceof ObjectNode object)) {
            throw wrongType(name, "an object", value);
        }
        Map<String, Object> out = new LinkedHashMap<>();
        for (Iterator<Map.Entry<String, JsonNode>> fields = object.fields(); fields.hasNext(); ) {
            Map.Entry<String, JsonNode> field = fields.next();
            out.put(field.getKey(), Json.convert(field.getValue(), Object.class));
        }
        return out;
    }

    /** One of a few words; the answer blames the field and names them. */
    public static <T> T oneOf(String name, JsonNode value, Map<String, T> words) {
        T found = words.get(text(name, value));
        if (found == null) {
            throw ApiErrors.couldNotValidate(
                    name, name + " in body should be one of " + new ArrayList<>(words.keySet()), value.textValue());
        }
        return found;
    }

    private static Map<String, Object> tags(JsonNode value) {
        Map<String, Object> tags = map("tags", value);
        if (tags.size() > MAX_TAGS) {
            throw ApiErrors.couldNotValidate("tags", "more than " + MAX_TAGS + " tags", tags.size());
        }
        tags.forEach((key, tag) -> {
            if (tag instanceof Map || tag instanceof List) {
                throw ApiErrors.couldNotValidate(
                        "tags", "tag '" + key + "' should be a string, number or boolean", tag);
            }
        });
        return tags;
    }

    private static io.zitipekko.api.http.ApiError wrongType(String name, String expected, JsonNode value) {
        return ApiErrors.couldNotParseBody("field '" + name + "' should be " + expected + ", not "
                + value.getNodeType().name().toLowerCase(java.util.Locale.ROOT));
    }
}
