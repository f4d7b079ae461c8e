package io.zitipekko.actors.model.id;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;

/** Names one posture check. Opaque text: nothing may be read from its shape. */
public record PostureCheckId(@JsonValue String value) implements EntityId {
    @JsonCreator
    public PostureCheckId {
        EntityId.check(value);
    }

    @Override
    public String toString() {
        return value;
    }
}
