package io.zitipekko.actors.event;

import io.zitipekko.actors.model.id.IdentityId;
import io.zitipekko.actors.model.id.RouterId;
import java.time.Instant;

/** An SDK of an identity connected to a router. */
public record ConnectEvent(Instant at, IdentityId identityId, RouterId routerId, String srcAddress, String dstAddress)
        implements Event {
    @Override
    public String namespace() {
        return "connect";
    }

    @Override
    public String eventType() {
        return "connected";
    }
}
