package io.zitipekko.actors.model.id;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;

/** Names one service-edge-router policy. Opaque text: nothing may be read from its shape. */
public record ServiceEdgeRouterPolicyId(@JsonValue String value) implements EntityId {
    @JsonCreator
    public ServiceEdgeRouterPolicyId {
        EntityId.check(value);
    }

    @Override
    public String toString() {
        return value;
    }
}
