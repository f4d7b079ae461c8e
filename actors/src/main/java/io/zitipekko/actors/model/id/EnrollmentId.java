package io.zitipekko.actors.model.id;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;

/** Names one enrollment. Opaque text: nothing may be read from its shape. */
public record EnrollmentId(@JsonValue String value) implements EntityId {
    @JsonCreator
    public EnrollmentId {
        EntityId.check(value);
    }

    @Override
    public String toString() {
        return value;
    }
}
