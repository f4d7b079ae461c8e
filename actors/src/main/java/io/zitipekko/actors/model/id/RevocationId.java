package io.zitipekko.actors.model.id;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;

/** Names one revocation. Opaque text: nothing may be read from its shape. */
public record RevocationId(@JsonValue String value) implements EntityId {
    @JsonCreator
    public RevocationId {
        EntityId.check(value);
    }

    @Override
    public String toString() {
        return value;
    }
}
