package io.zitipekko.actors.model.id;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;

/** Names one router (edge or transit). Opaque text: nothing may be read from its shape. */
public record RouterId(@JsonValue String value) implements EntityId {
    @JsonCreator
    public RouterId {
        EntityId.check(value);
    }

    @Override
    public String toString() {
        return value;
    }
}
