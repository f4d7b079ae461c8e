package io.zitipekko.actors.model.id;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;

/** Names one API session. Opaque text: nothing may be read from its shape. */
public record ApiSessionId(@JsonValue String value) implements EntityId {
    @JsonCreator
    public ApiSessionId {
        EntityId.check(value);
    }

    @Override
    public String toString() {
        return value;
    }
}
