package io.zitipekko.actors.event;

import io.zitipekko.transport.refusal.RefusalLog;
import io.zitipekko.transport.refusal.RefusalSink;
import io.zitipekko.transport.tls.SharedTlsListener;
import io.zitipekko.transport.tls.TlsPeer;
import java.time.InstantSource;
import org.slf4j.LoggerFactory;

/** Makes events of what a controller's listener refuses before any protocol has spoken, and lines of its log; of both only so many. */
public final class ConnectionRefusals {
    private ConnectionRefusals() {}

    /** @param listener whose refusals they are, {@code host:port} */
    public static RefusalSink at(String listener, EventBus events, InstantSource clock) {
        return RefusalLog.to(
                LoggerFactory.getLogger(SharedTlsListener.class),
                (peer, what, reason) -> events.publish(new AccessRefused(
                        clock.instant(),
                        AccessRefused.Door.CONNECTION,
                        "somebody unknown",
                        TlsPeer.text(peer),
                        what + " at " + listener,
                        reason)));
    }
}
