package io.zitipekko.actors.router.forwarder;

import io.zitipekko.actors.router.ControllerId;
import io.zitipekko.transport.xgress.CircuitId;
import io.zitipekko.transport.xgress.XgressAddress;
import java.util.Map;
import java.util.Optional;

/** Where the data plane reports what controllers must know (message 1004, 1034). Implementations return at once. */
public interface Faults {
    /** A payload could not go on. {@code owner} is empty when the circuit is unknown here. Repeats are collapsed. */
    void forwardFailed(CircuitId circuit, Optional<ControllerId> owner);

    /** An end of the circuit at this router is closed. */
    void ended(CircuitId circuit, ControllerId owner, boolean initiator);

    /** A route named a link that is not here. */
    void linkMissing(XgressAddress link);

    /** These circuits carried nothing for so many nanoseconds; does the owner still know them? */
    void idle(ControllerId owner, Map<CircuitId, Long> idleNanos);

    /** Reports to nobody. */
    Faults NONE = new Faults() {
        @Override
        public void forwardFailed(CircuitId circuit, Optional<ControllerId> owner) {}

        @Override
        public void ended(CircuitId circuit, ControllerId owner, boolean initiator) {}

        @Override
        public void linkMissing(XgressAddress link) {}

        @Override
        public void idle(ControllerId owner, Map<CircuitId, Long> idleNanos) {}
    };
}
