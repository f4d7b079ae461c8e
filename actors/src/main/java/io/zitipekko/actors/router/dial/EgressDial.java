package io.zitipekko.actors.router.dial;

import io.zitipekko.actors.router.ControllerId;
import io.zitipekko.transport.control.PeerData;
import io.zitipekko.transport.xgress.CircuitId;
import io.zitipekko.transport.xgress.XgressAddress;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;

/**
 * A terminator to be dialled (Route.egress).
 *
 * @param address where the circuit will find its end here
 * @param destination the terminator's address
 * @param peerData what the dialling side sends along
 * @param owner the controller that sent the route
 * @param deadline when the controller stops waiting
 */
public record EgressDial(
        CircuitId circuit,
        XgressAddress address,
        String destination,
        PeerData peerData,
        ControllerId owner,
        Map<String, String> tags,
        Instant deadline) {
    public EgressDial {
        tags = Map.copyOf(tags);
    }

    /** What is left until the deadline, not below zero. */
    public Duration left(Instant now) {
        Duration left = Duration.between(now, deadline);
        return left.isNegative() ? Duration.ZERO : left;
    }
}
