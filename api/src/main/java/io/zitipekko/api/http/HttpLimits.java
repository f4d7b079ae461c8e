package io.zitipekko.api.http;

import java.time.Duration;

/**
 * What a request may cost. protocol/05 sections 1.1 and 1.4.
 *
 * @param bodyBytes largest body
 * @param headTimeout from a request's first byte to the end of its headers
 * @param bodyTimeout from there to the end of its body
 * @param idleTimeout without a byte in either direction
 * @param handlerTimeout to answer; then 503 {@code TIMEOUT}
 */
public record HttpLimits(
        long bodyBytes, Duration headTimeout, Duration bodyTimeout, Duration idleTimeout, Duration handlerTimeout) {
    public static final HttpLimits DEFAULT = new HttpLimits(
            1 << 20, Duration.ofSeconds(5), Duration.ofSeconds(10), Duration.ofSeconds(30), Duration.ofSeconds(10));
}
