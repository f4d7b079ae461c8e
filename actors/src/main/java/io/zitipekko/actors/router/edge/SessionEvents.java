package io.zitipekko.actors.router.edge;

import java.util.Collection;

/**
 * What the control connections tell the edge about service sessions and hosted terminators; implemented by the edge, called by the
 * control connection. Calls return at once.
 */
public interface SessionEvents {
    /** Message 20102: these service sessions (by token, and by id, which is the token's {@code jti}) are gone. */
    void onServiceSessionsRemoved(Collection<String> tokens, Collection<String> ids);

    /** The tokens of legacy API sessions that have an edge channel open here: what message 20203 reports. */
    Collection<String> liveApiSessionTokens();

    /** The tokens of service sessions in use here: what message 20213 asks about after a reconnect. */
    Collection<String> liveServiceSessionTokens();
}
