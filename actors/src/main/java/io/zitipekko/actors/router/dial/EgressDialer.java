package io.zitipekko.actors.router.dial;

import io.zitipekko.transport.control.PeerData;
import java.util.concurrent.CompletionStage;

/** Dials terminators of one binding. */
public interface EgressDialer {
    /** The binding that routes name, e.g. {@code transport}. */
    String binding();

    /**
     * Dials. Completes, when the other side has accepted, with the peer data for the initiator; the circuit's end is registered with
     * the forwarder under {@link EgressDial#address} by then. Fails with {@link RouteException}, and leaves nothing behind then.
     */
    CompletionStage<PeerData> dial(EgressDial dial);

    /** Whether this router can serve a terminator that a controller believes to be here (protocol/03 section 10, message 1041). */
    CompletionStage<TerminatorState> validate(String terminatorId, String destination);
}
