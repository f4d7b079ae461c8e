package io.zitipekko.actors.event;

import io.zitipekko.actors.model.entity.Terminator;
import java.time.Instant;

/** A terminator came, changed or went. {@code eventType}: {@code created}, {@code updated}, {@code deleted}. */
public record TerminatorEvent(Instant at, String eventType, Terminator terminator) implements Event {
    @Override
    public String namespace() {
        return "terminator";
    }
}
