package io.zitipekko.actors.event;

import io.zitipekko.actors.model.id.RouterId;
import java.time.Instant;

/** A router came or went. {@code eventType}: {@code router-online}, {@code router-offline}. */
public record RouterEvent(Instant at, String eventType, RouterId routerId, String routerName, String reason)
        implements Event {
    @Override
    public String namespace() {
        return "router";
    }
}
