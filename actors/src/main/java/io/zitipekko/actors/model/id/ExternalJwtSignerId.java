package io.zitipekko.actors.model.id;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;

/** Names one external JWT signer. Opaque text: nothing may be read from its shape. */
public record ExternalJwtSignerId(@JsonValue String value) implements EntityId {
    @JsonCreator
    public ExternalJwtSignerId {
        EntityId.check(value);
    }

    @Override
    public String toString() {
        return value;
    }
}
