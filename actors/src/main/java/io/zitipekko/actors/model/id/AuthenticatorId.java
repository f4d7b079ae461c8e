package io.zitipekko.actors.model.id;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;

/** Names one authenticator. Opaque text: nothing may be read from its shape. */
public record AuthenticatorId(@JsonValue String value) implements EntityId {
    /** Stands for the authenticator of a log-in that needs none, one by external id; the word is OpenZiti's. */
    public static final AuthenticatorId INTERNAL = new AuthenticatorId("internal");

    @JsonCreator
    public AuthenticatorId {
        EntityId.check(value);
    }

    @Override
    public String toString() {
        return value;
    }
}
