package io.zitipekko.actors.router.edge;

import io.zitipekko.transport.channel.Message;
import java.util.Collection;

/** What the control connections tell the edge about sessions, and ask it. Calls return at once, on any thread. */
public interface SessionEvents {
    /** Message 20102: these service sessions (by token, and by id, which is the token's {@code jti}) are gone. */
    void onServiceSessionsRemoved(Collection<String> tokens, Collection<String> ids);

    /** The tokens of legacy API sessions that have an edge channel open here: what message 20203 reports. */
    Collection<String> liveApiSessionTokens();

    /** The tokens of service sessions in use here: what message 20213 asks about after a reconnect. */
    Collection<String> liveServiceSessionTokens();

    /** Message 20217 that is not the reply to a request of ours: some controllers answer so. */
    void onTerminatorCreated(Message answer);
}
