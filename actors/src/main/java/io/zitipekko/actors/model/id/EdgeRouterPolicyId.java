package io.zitipekko.actors.model.id;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;

/** Names one edge-router policy. Opaque text: nothing may be read from its shape. */
public record EdgeRouterPolicyId(@JsonValue String value) implements EntityId {
    @JsonCreator
    public EdgeRouterPolicyId {
        EntityId.check(value);
    }

    @Override
    public String toString() {
        return value;
    }
}
