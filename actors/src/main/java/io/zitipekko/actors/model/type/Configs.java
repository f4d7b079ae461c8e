package io.zitipekko.actors.model.type;

import io.zitipekko.actors.model.Entities;
import io.zitipekko.actors.model.EntityType;
import io.zitipekko.actors.model.EntityType.Key;
import io.zitipekko.actors.model.Reference;
import io.zitipekko.actors.model.entity.Config;
import io.zitipekko.actors.model.entity.ConfigType;
import io.zitipekko.actors.model.id.ConfigId;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Configs. protocol/06 section 6.7. */
public final class Configs {
    public static final Key<Config> BY_NAME = new Key<>("name", config -> FieldRules.optional(config.name()));
    public static final Key<Config> BY_TYPE =
            new Key<>("type", config -> List.of(config.configTypeId().value()));

    public static final EntityType<Config> TYPE = EntityType.named("configs", Config.class, ConfigId::new)
            .unique(BY_NAME)
            .reference(Reference.restrict(BY_TYPE, () -> ConfigTypes.TYPE).missingIsInvalid())
            .rules(Configs::check)
            .build();

    private Configs() {}

    private static void check(Config config, @Nullable Config before, Entities entities) {
        FieldRules.name(config.name());
        if (before != null && !before.configTypeId().equals(config.configTypeId())) {
            throw FieldRules.invalid(
                    "configTypeId", config.configTypeId(), "cannot be changed, it is '" + before.configTypeId() + "'");
        }
        ConfigType type = entities.get(ConfigTypes.TYPE, config.configTypeId()).orElseThrow(AssertionError::new);
        if (config.data() == null || !config.data().isObject()) {
            throw FieldRules.invalid("data", config.data(), "expected a JSON object");
        }
        if (type.schema() != null && !type.schema().isNull()) {
            ConfigSchemas.compile(type.schema()).check(config.data());
        }
    }

    /**
     * That {@code configs}, which exist, may be attached to something.
     *
     * @param target what their types must be for: {@code service} or {@code router}
     */
    static void checkAttached(List<ConfigId> configs, String target, Entities entities) {
        Map<String, ConfigId> byType = new HashMap<>();
        for (ConfigId id : configs) {
            Config config = entities.get(TYPE, id).orElseThrow(AssertionError::new);
            ConfigType type =
                    entities.get(ConfigTypes.TYPE, config.configTypeId()).orElseThrow(AssertionError::new);
            if (!target.equals(type.target())) {
                throw FieldRules.invalid(
                        "configs",
                        id,
                        "its type '" + type.name() + "' is for target '" + type.target() + "', not '" + target + "'");
            }
            ConfigId other = byType.put(type.id().value(), id);
            if (other != null) {
                throw FieldRules.invalid(
                        "configs",
                        id,
                        "only one config of type '" + type.name() + "' is allowed, '" + other + "' is another");
            }
        }
    }
}
