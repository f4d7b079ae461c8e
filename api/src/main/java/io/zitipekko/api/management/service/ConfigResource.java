package io.zitipekko.api.management.service;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.zitipekko.actors.model.entity.Config;
import io.zitipekko.actors.model.entity.ConfigType;
import io.zitipekko.actors.model.id.ConfigId;
import io.zitipekko.actors.model.id.ConfigTypeId;
import io.zitipekko.actors.model.type.ConfigTypes;
import io.zitipekko.actors.model.type.Configs;
import io.zitipekko.api.entity.Shapes;
import io.zitipekko.api.entity.Symbols;
import io.zitipekko.api.http.ApiErrors;
import io.zitipekko.api.management.entity.EntityResource;
import io.zitipekko.api.management.entity.Fields;
import io.zitipekko.api.management.entity.ManagementContext;
import io.zitipekko.api.management.entity.Reading;
import io.zitipekko.api.query.SymbolTable;
import java.time.Instant;
import java.util.List;

/** Configs. protocol/06 section 6.7. */
public final class ConfigResource extends EntityResource<Config> {
    private static final SymbolTable<Config> SYMBOLS = Symbols.<Config>base()
            .string("name", Config::name)
            .string("type", config -> config.configTypeId().value())
            .build();

    public ConfigResource(ManagementContext context) {
        super(context, "configs", "config", Configs.TYPE, SYMBOLS, List.of("services"));
    }

    @Override
    protected void describe(Config config, ObjectNode out, Reading reading) {
        out.put("name", config.name());
        out.put("configTypeId", config.configTypeId().value());
        String typeName = reading.view()
                .get(ConfigTypes.TYPE, config.configTypeId())
                .map(ConfigType::name)
                .orElse(null);
        out.set("configType", Shapes.ref("config-types", config.configTypeId(), typeName));
        out.set("data", config.data());
    }

    @Override
    protected Config read(Fields<Config> fields, String id, Instant now) {
        Config before = fields.before();
        ConfigTypeId type = before != null
                ? before.configTypeId()
                : Fields.id("type", fields.requiredText("configTypeId", c -> ""), ConfigTypeId::new);
        return new Config(
                new ConfigId(id),
                fields.meta(now),
                fields.requiredText("name", Config::name),
                type,
                fields.required("data", ConfigResource::object, Config::data));
    }

    private static JsonNode object(JsonNode value) {
        if (!value.isObject()) {
            throw ApiErrors.couldNotParseBody("field 'data' should be an object");
        }
        return value;
    }
}
