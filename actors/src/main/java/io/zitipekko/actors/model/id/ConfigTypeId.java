package io.zitipekko.actors.model.id;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;

/** Names one config type. Opaque text: nothing may be read from its shape. */
public record ConfigTypeId(@JsonValue String value) implements EntityId {
    @JsonCreator
    public ConfigTypeId {
        EntityId.check(value);
    }

    @Override
    public String toString() {
        return value;
    }
}
