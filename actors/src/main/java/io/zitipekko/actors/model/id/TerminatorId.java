package io.zitipekko.actors.model.id;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;

/** Names one terminator. Opaque text: nothing may be read from its shape. */
public record TerminatorId(@JsonValue String value) implements EntityId {
    @JsonCreator
    public TerminatorId {
        EntityId.check(value);
    }

    @Override
    public String toString() {
        return value;
    }
}
