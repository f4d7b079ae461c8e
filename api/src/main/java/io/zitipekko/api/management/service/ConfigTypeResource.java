package io.zitipekko.api.management.service;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.zitipekko.actors.model.entity.ConfigType;
import io.zitipekko.actors.model.id.ConfigTypeId;
import io.zitipekko.actors.model.type.ConfigTypes;
import io.zitipekko.api.entity.Symbols;
import io.zitipekko.api.management.entity.EntityResource;
import io.zitipekko.api.management.entity.Fields;
import io.zitipekko.api.management.entity.ManagementContext;
import io.zitipekko.api.management.entity.Reading;
import io.zitipekko.api.query.SymbolTable;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Config types. protocol/06 section 6.7. */
public final class ConfigTypeResource extends EntityResource<ConfigType> {
    private static final SymbolTable<ConfigType> SYMBOLS = Symbols.<ConfigType>base()
            .string("name", ConfigType::name)
            .string(
                    "schema",
                    type -> type.schema() == null ? null : type.schema().toString())
            .string("target", ConfigType::target)
            .build();

    public ConfigTypeResource(ManagementContext context) {
        super(context, "config-types", "config-type", ConfigTypes.TYPE, SYMBOLS, List.of("configs"));
    }

    @Override
    protected void describe(ConfigType type, ObjectNode out, Reading reading) {
        out.put("name", type.name());
        out.put("target", type.target());
        out.set("schema", type.schema());
    }

    @Override
    protected ConfigType read(Fields<ConfigType> fields, String id, Instant now) {
        ConfigType before = fields.before();
        @Nullable JsonNode schema = fields.get("schema", value -> value, ConfigType::schema, null);
        String target = before != null ? before.target() : fields.text("target", ConfigType::target, "");
        return new ConfigType(
                new ConfigTypeId(id),
                fields.meta(now),
                fields.requiredText("name", ConfigType::name),
                target.isEmpty() ? "service" : target,
                schema);
    }
}
