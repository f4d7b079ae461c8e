package io.zitipekko.actors.event;

import io.zitipekko.actors.fabric.LinkStatus;
import java.time.Instant;

/**
 * A link changed. {@code eventType}: {@code routerLinkNew}, {@code routerLinkDisconnectedDest}, {@code fault}, {@code routerLinkRemoved},
 * {@code connectionsUpdated}.
 */
public record LinkEvent(Instant at, String eventType, LinkStatus link, String reason) implements Event {
    @Override
    public String namespace() {
        return "link";
    }
}
