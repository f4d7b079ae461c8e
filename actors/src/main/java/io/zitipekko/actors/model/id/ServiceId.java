package io.zitipekko.actors.model.id;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;

/** Names one service. Opaque text: nothing may be read from its shape. */
public record ServiceId(@JsonValue String value) implements EntityId {
    @JsonCreator
    public ServiceId {
        EntityId.check(value);
    }

    @Override
    public String toString() {
        return value;
    }
}
