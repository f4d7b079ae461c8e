package io.zitipekko.actors.model.id;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;

/** Names one service session. Opaque text: nothing may be read from its shape. */
public record SessionId(@JsonValue String value) implements EntityId {
    @JsonCreator
    public SessionId {
        EntityId.check(value);
    }

    @Override
    public String toString() {
        return value;
    }
}
