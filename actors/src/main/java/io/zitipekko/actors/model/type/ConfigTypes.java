package io.zitipekko.actors.model.type;

import com.fasterxml.jackson.databind.JsonNode;
import io.zitipekko.actors.model.Entities;
import io.zitipekko.actors.model.EntityType;
import io.zitipekko.actors.model.EntityType.Key;
import io.zitipekko.actors.model.entity.ConfigType;
import io.zitipekko.actors.model.id.ConfigTypeId;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The shapes of configs. protocol/06 section 6.7. */
public final class ConfigTypes {
    public static final Key<ConfigType> BY_NAME = new Key<>("name", type -> FieldRules.optional(type.name()));

    public static final EntityType<ConfigType> TYPE = EntityType.named(
                    "config-types", ConfigType.class, ConfigTypeId::new)
            .unique(BY_NAME)
            .rules(ConfigTypes::check)
            .build();

    private static final Set<String> TARGETS = Set.of("service", "router", "other");
    /** In lists of config types it stands for every type. */
    private static final String RESERVED_NAME = "all";

    private ConfigTypes() {}

    private static void check(ConfigType type, @Nullable ConfigType before, Entities entities) {
        FieldRules.name(type.name());
        if (type.name().equals(RESERVED_NAME)) {
            throw FieldRules.invalid("name", type.name(), "the name is reserved");
        }
        FieldRules.oneOf("target", type.target(), TARGETS);
        if (before != null && !before.target().equals(type.target())) {
            throw FieldRules.invalid("target", type.target(), "cannot be changed, it is '" + before.target() + "'");
        }
        JsonNode schema = type.schema();
        if (schema == null || schema.isNull()) {
            return;
        }
        if (!schema.isObject() || !"object".equals(schema.path("type").asText())) {
            throw FieldRules.invalid("schema", schema, "expected a JSON schema whose root type is 'object'");
        }
        if (!type.meta().system()) {
            // The built-in ones are known to be right, and a new store should not wait for eight schemas to be
            // compiled.
            ConfigSchemas.compile(schema);
        }
    }
}
