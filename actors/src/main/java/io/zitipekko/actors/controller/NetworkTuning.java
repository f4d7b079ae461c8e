package io.zitipekko.actors.controller;

import java.time.Duration;

/**
 * How the fabric behaves; defaults are protocol/07 section 9's.
 *
 * @param minRouterCost added to each hop at least
 * @param routerConnectChurnLimit a connection younger than this keeps a second one of the same router out
 * @param routeTimeout for one attempt to route a circuit
 * @param createCircuitRetries attempts in total
 * @param initialLinkLatency assumed for each side of a link until it is measured
 * @param cycle between two passes of smart rerouting
 * @param smartRerouteFraction of the circuits, at most, moved in one pass
 * @param smartRerouteCap circuits, at most, moved in one pass
 * @param smartMinCostDelta a new path must be cheaper by this much
 */
public record NetworkTuning(
        int minRouterCost,
        Duration routerConnectChurnLimit,
        Duration routeTimeout,
        int createCircuitRetries,
        Duration initialLinkLatency,
        Duration cycle,
        double smartRerouteFraction,
        int smartRerouteCap,
        int smartMinCostDelta) {
    public static final NetworkTuning DEFAULT = new NetworkTuning(
            10,
            Duration.ofMinutes(1),
            Duration.ofSeconds(10),
            2,
            Duration.ofSeconds(65),
            Duration.ofSeconds(60),
            0.02,
            4,
            15);

    public NetworkTuning {
        if (minRouterCost < 0 || minRouterCost > 65535) {
            throw new IllegalArgumentException("minRouterCost: " + minRouterCost + " (expected: 0..65535)");
        }
        if (createCircuitRetries < 0) {
            throw new IllegalArgumentException("createCircuitRetries: " + createCircuitRetries + " (expected: >= 0)");
        }
    }
}
