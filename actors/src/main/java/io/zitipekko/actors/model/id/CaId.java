package io.zitipekko.actors.model.id;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;

/** Names one certificate authority. Opaque text: nothing may be read from its shape. */
public record CaId(@JsonValue String value) implements EntityId {
    @JsonCreator
    public CaId {
        EntityId.check(value);
    }

    @Override
    public String toString() {
        return value;
    }
}
