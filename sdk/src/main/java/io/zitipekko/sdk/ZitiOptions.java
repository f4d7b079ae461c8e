package io.zitipekko.sdk;

import java.time.Duration;

/**
 * Times of a {@link ZitiContext}; defaults are those of other SDKs (protocol/02 section 17).
 *
 * @param httpTimeout for one call of a controller
 * @param connectTimeout for connecting to an edge router
 * @param probeInterval between latency probes of a connected router
 * @param probeTimeout a router that does not answer a probe in this time is taken for lost
 * @param retryMin first pause before something that failed is tried again; doubles each time
 * @param retryMax longest such pause
 */
public record ZitiOptions(
        Duration httpTimeout,
        Duration connectTimeout,
        Duration probeInterval,
        Duration probeTimeout,
        Duration retryMin,
        Duration retryMax) {
    public static final ZitiOptions DEFAULTS = new ZitiOptions(
            Duration.ofSeconds(30),
            Duration.ofSeconds(15),
            Duration.ofSeconds(30),
            Duration.ofSeconds(10),
            Duration.ofMillis(250),
            Duration.ofSeconds(30));

    public ZitiOptions {
        if (retryMin.isNegative() || retryMin.isZero() || retryMax.compareTo(retryMin) < 0) {
            throw new IllegalArgumentException("retry " + retryMin + " to " + retryMax + " (expected: 0 < min <= max)");
        }
    }
}
