package io.zitipekko.config;

import java.io.IOException;
import java.io.Reader;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;
import org.yaml.snakeyaml.error.YAMLException;

/** Reads a node file: first document only, YAML 1.1, duplicate keys last-wins, {@code $NAME} replaced in values (protocol/07 section 1). */
final class YamlFile {
    private static final Pattern VARIABLE = Pattern.compile("\\$(?:\\{([^}]*)}|([A-Za-z_][A-Za-z0-9_]*))");

    /** Aliases can make a small file stand for a huge one, or for one without end. */
    private static final int MAX_VALUES = 100_000;

    private static final int MAX_DEPTH = 60;

    private final Path file;
    private final Function<String, String> environment;
    private int values;

    private YamlFile(Path file, Function<String, String> environment) {
        this.file = file;
        this.environment = environment;
    }

    static Section load(Path file, Function<String, String> environment) {
        try (Reader in = Files.newBufferedReader(file)) {
            LoaderOptions options = new LoaderOptions();
            options.setAllowDuplicateKeys(true);
            options.setMaxAliasesForCollections(50);
            for (Object document : new Yaml(new SafeConstructor(options)).loadAll(in)) {
                if (document instanceof Map<?, ?> map) {
                    return new Section("", (Map<?, ?>) new YamlFile(file, environment).replaced(map, 0));
                }
                break;
            }
            throw new ConfigException(file + ": not a node file (expected: a YAML map with 'v: 3')");
        } catch (NoSuchFileException e) {
            throw new ConfigException(file + ": no such file", e);
        } catch (IOException e) {
            throw new ConfigException(file + ": cannot be read: " + e.getMessage(), e);
        } catch (YAMLException e) {
            throw new ConfigException(file + ": not YAML: " + e.getMessage().replaceAll("\\s+", " "), e);
        }
    }

    private Object replaced(Object value, int depth) {
        if (++values > MAX_VALUES || depth > MAX_DEPTH) {
            throw new ConfigException(file + ": more than " + MAX_VALUES + " values, or nested more than " + MAX_DEPTH
                    + " deep (does an alias stand inside its own anchor?)");
        }
        if (value instanceof Map<?, ?> map) {
            Map<Object, Object> out = new LinkedHashMap<>();
            map.forEach((k, v) -> out.put(k, v == null ? null : replaced(v, depth + 1)));
            return out;
        }
        if (value instanceof List<?> list) {
            return list.stream()
                    .map(v -> v == null ? "" : replaced(v, depth + 1))
                    .collect(Collectors.toList());
        }
        if (value instanceof String s && s.indexOf('$') >= 0) {
            Matcher m = VARIABLE.matcher(s);
            return m.replaceAll(r -> {
                String found = environment.apply(r.group(1) != null ? r.group(1) : r.group(2));
                return Matcher.quoteReplacement(found == null ? "" : found);
            });
        }
        return value;
    }
}
