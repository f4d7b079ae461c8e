package io.zitipekko.actors.event;

import io.zitipekko.actors.model.id.IdentityId;
import java.time.Instant;

/** Whether an identity has any connection to the network changed. {@code eventType}: {@code sdk-online}, {@code sdk-offline}. */
public record SdkEvent(Instant at, String eventType, IdentityId identityId) implements Event {
    @Override
    public String namespace() {
        return "sdk";
    }
}
