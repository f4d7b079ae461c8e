package io.zitipekko.actors.event;

import java.time.Instant;

/** Something that happened, for whom it may concern: who, what, why. Events never carry secrets. */
public interface Event {
    Instant at();

    /** OpenZiti's event type name, e.g. {@code circuit}, {@code router}, {@code link}. */
    String namespace();

    /** What happened within that type, e.g. {@code created}. */
    String eventType();
}
