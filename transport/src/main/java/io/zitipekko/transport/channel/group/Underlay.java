package io.zitipekko.transport.channel.group;

import io.zitipekko.transport.channel.UnderlayInfo;

/** One transport connection, as its channel drives it. Every method may be called from any thread. */
public interface Underlay {
    UnderlayInfo info();

    /** If it waits for something to send: makes it ask {@link UnderlayGroup#drain} soon, and says true. */
    boolean tryWake();

    /** Reading may go on. */
    void resume();

    /** Sends what is queued already, if the peer takes it within a short time, and ends. */
    void shutDown(String reason);
}
