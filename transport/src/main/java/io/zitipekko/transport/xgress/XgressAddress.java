package io.zitipekko.transport.xgress;

import java.util.Objects;

/**
 * Where a message of a circuit comes from or goes to within one router: one of the circuit's two ends, or the id of a link.
 * Allocated by the controller for ends (protocol/04 section 4).
 *
 * @param value not empty
 */
public record XgressAddress(String value) {
    public XgressAddress {
        Objects.requireNonNull(value, "value");
        if (value.isEmpty()) {
            throw new IllegalArgumentException("xgress address is empty (expected: an id)");
        }
    }

    @Override
    public String toString() {
        return value;
    }
}
