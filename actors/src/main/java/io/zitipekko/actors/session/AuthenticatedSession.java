package io.zitipekko.actors.session;

import io.zitipekko.actors.model.entity.ApiSession;
import io.zitipekko.actors.model.entity.Identity;
import java.time.Duration;
import java.time.Instant;

/**
 * An API session whose token was presented and which may be used at this moment: its identity exists and is enabled, its time has not run out.
 *
 * @param session as stored
 * @param identity whose it is
 * @param lastActivityAt when it was last used, as far as this controller knows
 * @param timeout how long it lives without activity
 */
public record AuthenticatedSession(ApiSession session, Identity identity, Instant lastActivityAt, Duration timeout) {
    /** When it ends if it is not used before. */
    public Instant expiresAt() {
        return lastActivityAt.plus(timeout);
    }
}
