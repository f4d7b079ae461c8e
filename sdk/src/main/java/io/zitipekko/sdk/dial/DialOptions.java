package io.zitipekko.sdk.dial;

import java.time.Duration;
import java.util.Optional;
import org.apache.pekko.util.ByteString;

/**
 * How to dial.
 *
 * @param timeout for the router's and the host's answer, once connected to the router
 * @param instance only this instance of an addressable service
 * @param appData passed to the host as it is; empty for none
 * @param ownFlowControl whether the connection is the end of its circuit itself, so that a slow reader slows no other, where the router
 *     offers it; otherwise, and with other routers, the wire knows no credit and a connection that nobody reads stops its neighbours
 */
public record DialOptions(Duration timeout, Optional<String> instance, ByteString appData, boolean ownFlowControl) {
    public static final DialOptions DEFAULTS =
            new DialOptions(Duration.ofSeconds(30), Optional.empty(), ByteString.emptyByteString(), true);

    public DialOptions withTimeout(Duration newTimeout) {
        return new DialOptions(newTimeout, instance, appData, ownFlowControl);
    }

    public DialOptions withInstance(String newInstance) {
        return new DialOptions(timeout, Optional.of(newInstance), appData, ownFlowControl);
    }

    public DialOptions withAppData(ByteString newAppData) {
        return new DialOptions(timeout, instance, newAppData, ownFlowControl);
    }

    public DialOptions withOwnFlowControl(boolean newOwnFlowControl) {
        return new DialOptions(timeout, instance, appData, newOwnFlowControl);
    }
}
