package io.zitipekko.actors.model.id;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;

/** Names one API-session certificate. Opaque text: nothing may be read from its shape. */
public record ApiSessionCertificateId(@JsonValue String value) implements EntityId {
    @JsonCreator
    public ApiSessionCertificateId {
        EntityId.check(value);
    }

    @Override
    public String toString() {
        return value;
    }
}
