package io.zitipekko.actors.model.id;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;

/** Names one authentication policy. Opaque text: nothing may be read from its shape. */
public record AuthPolicyId(@JsonValue String value) implements EntityId {
    @JsonCreator
    public AuthPolicyId {
        EntityId.check(value);
    }

    @Override
    public String toString() {
        return value;
    }
}
