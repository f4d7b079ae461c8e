package io.zitipekko.actors.model.type;

import com.fasterxml.jackson.databind.JsonNode;
import com.networknt.schema.JsonSchema;
import com.networknt.schema.JsonSchemaFactory;
import com.networknt.schema.SchemaValidatorsConfig;
import com.networknt.schema.SpecVersion;
import com.networknt.schema.ValidationMessage;
import io.zitipekko.actors.model.ModelException;
import io.zitipekko.actors.model.ModelException.Kind;
import java.util.Collections;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Compiled JSON schemas (draft 7) of config types, kept because compiling one costs milliseconds. A schema may not refer to other
 * documents: nothing is ever fetched for one.
 */
final class ConfigSchemas {
    private static final int KEPT = 64;
    private static final Map<JsonNode, Compiled> CACHE =
            Collections.synchronizedMap(new LinkedHashMap<>(KEPT, 0.75f, true) {
                private static final long serialVersionUID = 1L;

                @Override
                protected boolean removeEldestEntry(Map.Entry<JsonNode, Compiled> eldest) {
                    return size() > KEPT;
                }
            });

    private static final JsonSchemaFactory FACTORY = JsonSchemaFactory.builder(
                    JsonSchemaFactory.getInstance(SpecVersion.VersionFlag.V7))
            .schemaLoaders(loaders -> loaders.values(present -> {
                present.clear();
                present.add(iri -> {
                    throw new IllegalArgumentException("a schema may not refer to other documents: " + iri);
                });
            }))
            .build();
    private static final SchemaValidatorsConfig CONFIG =
            SchemaValidatorsConfig.builder().formatAssertionsEnabled(true).build();

    private ConfigSchemas() {}

    /** @throws ModelException when {@code schema} is not a JSON schema */
    static Compiled compile(JsonNode schema) {
        return CACHE.computeIfAbsent(schema, ConfigSchemas::compileNew);
    }

    private static Compiled compileNew(JsonNode schema) {
        try {
            JsonSchema compiled = FACTORY.getSchema(schema, CONFIG);
            compiled.initializeValidators();
            return new Compiled(compiled);
        } catch (RuntimeException e) {
            throw FieldRules.invalid("schema", schema, "not a JSON schema: " + e.getMessage());
        }
    }

    /** One schema, ready to check data. */
    record Compiled(JsonSchema schema) {
        /** @throws ModelException whose field is the JSON path of the first thing wrong, {@code (root)} for the whole */
        void check(JsonNode data) {
            schema.validate(data).stream()
                    .min(Comparator.comparing(
                            message -> message.getInstanceLocation().toString()))
                    .ifPresent(message -> {
                        throw refusal(message);
                    });
        }

        private static ModelException refusal(ValidationMessage message) {
            var location = message.getInstanceLocation();
            StringBuilder path = new StringBuilder();
            for (int i = 0; i < location.getNameCount(); i++) {
                path.append(i == 0 ? "" : ".").append(location.getName(i));
            }
            JsonNode value = message.getInstanceNode();
            return new ModelException(
                    Kind.INVALID,
                    "config data: " + message.getMessage(),
                    path.isEmpty() ? "(root)" : path.toString(),
                    value == null ? "" : value.toString());
        }
    }
}
