package io.zitipekko.actors.event;

import io.zitipekko.actors.model.entity.ApiSession;
import java.time.Instant;

/** An API session began or ended. {@code eventType}: {@code created}, {@code deleted}. The session's token is never written. */
public record ApiSessionEvent(Instant at, String eventType, ApiSession session) implements Event {
    @Override
    public String namespace() {
        return "apiSession";
    }
}
