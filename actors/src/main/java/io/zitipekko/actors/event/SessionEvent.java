package io.zitipekko.actors.event;

import io.zitipekko.actors.model.entity.Session;
import java.time.Instant;

/** A service session began or ended. {@code eventType}: {@code created}, {@code deleted}. */
public record SessionEvent(Instant at, String eventType, Session session) implements Event {
    @Override
    public String namespace() {
        return "session";
    }
}
