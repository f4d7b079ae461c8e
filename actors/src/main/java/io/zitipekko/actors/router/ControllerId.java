package io.zitipekko.actors.router;

import java.util.Objects;

/** Names one controller as a router knows it: the id that its channel gave (protocol/03 section 6.3). Opaque text. */
public record ControllerId(String value) {
    public ControllerId {
        Objects.requireNonNull(value, "value");
        if (value.isEmpty()) {
            throw new IllegalArgumentException(
                    "controller id is empty (expected: the id of the controller's certificate)");
        }
    }

    @Override
    public String toString() {
        return value;
    }
}
