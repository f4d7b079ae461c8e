package io.zitipekko.actors.model.id;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;

/** Names one identity. Opaque text: nothing may be read from its shape. */
public record IdentityId(@JsonValue String value) implements EntityId {
    @JsonCreator
    public IdentityId {
        EntityId.check(value);
    }

    @Override
    public String toString() {
        return value;
    }
}
