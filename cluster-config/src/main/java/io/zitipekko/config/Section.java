package io.zitipekko.config;

import io.zitipekko.transport.address.TransportAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;

/**
 * One map of a node file. Remembers which of its keys were asked for, so that what nobody reads can be named in a warning
 * instead of being silently without effect. Every error names the path of the key. Not thread-safe.
 */
final class Section {
    private final String path;
    private final Map<String, Object> values;
    private final Set<String> read = new LinkedHashSet<>();
    private final List<Section> children = new ArrayList<>();

    Section(String path, Map<?, ?> values) {
        this.path = path;
        Map<String, Object> byName = new LinkedHashMap<>();
        values.forEach((k, v) -> byName.put(String.valueOf(k), v));
        this.values = byName;
    }

    /** Path of a key for messages, e.g. {@code edge.api.address}. */
    String at(String key) {
        return path.isEmpty() ? key : path + "." + key;
    }

    boolean has(String key) {
        return values.get(key) != null;
    }

    Set<String> keys() {
        return values.keySet();
    }

    /** Marks keys as known although they have no effect here; they are not warned about. */
    void tolerate(String... keys) {
        read.addAll(List.of(keys));
    }

    Optional<String> text(String key) {
        Object v = value(key);
        if (v == null) {
            return Optional.empty();
        }
        if (v instanceof Map || v instanceof List) {
            throw wrong(key, v, "a text");
        }
        return Optional.of(String.valueOf(v));
    }

    String requiredText(String key) {
        return text(key).filter(s -> !s.isBlank()).orElseThrow(() -> missing(key));
    }

    /** An integer, also when written as text (so that environment variables can fill it). */
    Optional<Integer> integer(String key, int min, int max) {
        Object v = value(key);
        if (v == null) {
            return Optional.empty();
        }
        long n;
        if (v instanceof Integer || v instanceof Long) {
            n = ((Number) v).longValue();
        } else {
            try {
                n = Long.parseLong(String.valueOf(v).strip());
            } catch (NumberFormatException e) {
                throw wrong(key, v, "an integer");
            }
        }
        if (n < min || n > max) {
            throw wrong(key, v, "an integer of " + min + " to " + max);
        }
        return Optional.of((int) n);
    }

    Optional<Double> decimal(String key, double min, double max) {
        Object v = value(key);
        if (v == null) {
            return Optional.empty();
        }
        try {
            double d = Double.parseDouble(String.valueOf(v));
            if (d >= min && d <= max) {
                return Optional.of(d);
            }
        } catch (NumberFormatException e) {
            throw wrong(key, v, "a number");
        }
        throw wrong(key, v, "a number of " + min + " to " + max);
    }

    /** True only for the text {@code true} in any case, as the reference reads such fields. */
    Optional<Boolean> bool(String key) {
        return text(key).map(s -> s.toLowerCase(Locale.ROOT).equals("true"));
    }

    Optional<Duration> duration(String key) {
        return parsed(key, "a duration such as 30s or 500ms", GoDuration::parse);
    }

    Optional<TransportAddress> address(String key) {
        return parsed(key, "type:host:port", TransportAddress::parse);
    }

    TransportAddress requiredAddress(String key) {
        return address(key).orElseThrow(() -> missing(key));
    }

    <T> Optional<T> parsed(String key, String expected, Function<String, T> parse) {
        return text(key).map(s -> {
            try {
                return parse.apply(s);
            } catch (IllegalArgumentException e) {
                throw new ConfigException(at(key) + ": '" + s + "' (expected: " + expected + ")", e);
            }
        });
    }

    Optional<Section> section(String key) {
        Object v = value(key);
        if (v == null) {
            return Optional.empty();
        }
        if (!(v instanceof Map<?, ?> map)) {
            throw wrong(key, v, "a section");
        }
        Section child = new Section(at(key), map);
        children.add(child);
        return Optional.of(child);
    }

    Section requiredSection(String key) {
        return section(key).orElseThrow(() -> missing(key));
    }

    /** The maps of a list; empty when absent. */
    List<Section> sections(String key) {
        Object v = value(key);
        if (v == null) {
            return List.of();
        }
        if (!(v instanceof List<?> list)) {
            throw wrong(key, v, "a list");
        }
        List<Section> out = new ArrayList<>();
        for (int i = 0; i < list.size(); i++) {
            if (!(list.get(i) instanceof Map<?, ?> map)) {
                throw wrong(key + "[" + i + "]", String.valueOf(list.get(i)), "a section");
            }
            Section child = new Section(at(key) + "[" + i + "]", map);
            children.add(child);
            out.add(child);
        }
        return out;
    }

    /** A list of texts; one text alone is a list of one. */
    List<String> texts(String key) {
        Object v = value(key);
        if (v == null) {
            return List.of();
        }
        if (v instanceof List<?> list) {
            return list.stream().map(String::valueOf).toList();
        }
        if (v instanceof Map) {
            throw wrong(key, v, "a list of texts");
        }
        return List.of(String.valueOf(v));
    }

    /** The paths of everything below here that nobody asked for. */
    List<String> unread() {
        List<String> out = new ArrayList<>();
        for (String key : values.keySet()) {
            if (!read.contains(key)) {
                out.add(at(key));
            }
        }
        children.forEach(c -> out.addAll(c.unread()));
        return out;
    }

    ConfigException missing(String key) {
        return new ConfigException(at(key) + " is missing");
    }

    ConfigException wrong(String key, Object value, String expected) {
        return new ConfigException(
                at(key) + ": '" + abbreviate(String.valueOf(value)) + "' (expected: " + expected + ")");
    }

    private static String abbreviate(String s) {
        return s.length() <= 80 ? s : s.substring(0, 77) + "...";
    }

    private @org.jspecify.annotations.Nullable Object value(String key) {
        read.add(key);
        return values.get(key);
    }
}
