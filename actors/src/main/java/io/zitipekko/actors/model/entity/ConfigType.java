package io.zitipekko.actors.model.entity;

import com.fasterxml.jackson.databind.JsonNode;
import io.zitipekko.actors.model.id.ConfigTypeId;
import org.jspecify.annotations.Nullable;

/**
 * The shape of configs. protocol/06 section 6.7 and 11.2.
 *
 * @param name unique
 * @param target {@code service}, {@code router} or {@code other}
 * @param schema JSON schema; null accepts everything
 */
public record ConfigType(ConfigTypeId id, Meta meta, String name, String target, @Nullable JsonNode schema)
        implements Entity {}
