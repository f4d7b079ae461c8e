package io.zitipekko.actors.model.entity;

import com.fasterxml.jackson.databind.JsonNode;
import io.zitipekko.actors.model.id.ConfigId;
import io.zitipekko.actors.model.id.ConfigTypeId;

/**
 * Data of one config type, attached to services. protocol/06 section 6.7.
 *
 * @param name unique
 * @param data an object that its type's schema accepts
 */
public record Config(ConfigId id, Meta meta, String name, ConfigTypeId configTypeId, JsonNode data) implements Entity {}
