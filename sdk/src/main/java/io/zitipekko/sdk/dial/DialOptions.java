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
 */
public record DialOptions(Duration timeout, Optional<String> instance, ByteString appData) {
    public static final DialOptions DEFAULTS =
            new DialOptions(Duration.ofSeconds(30), Optional.empty(), ByteString.emptyByteString());

    public DialOptions withTimeout(Duration newTimeout) {
        return new DialOptions(newTimeout, instance, appData);
    }

    public DialOptions withInstance(String newInstance) {
        return new DialOptions(timeout, Optional.of(newInstance), appData);
    }

    public DialOptions withAppData(ByteString newAppData) {
        return new DialOptions(timeout, instance, newAppData);
    }
}
