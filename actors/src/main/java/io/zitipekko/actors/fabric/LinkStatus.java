package io.zitipekko.actors.fabric;

import io.zitipekko.actors.model.id.RouterId;
import java.time.Duration;
import java.util.List;

/**
 * One link between two routers, as the router that dialed it reported it (protocol/03 section 9.5).
 *
 * @param iteration grows with each redial of the same id
 * @param source the dialer
 * @param down taken out of use by the operator
 * @param staticCost set by the operator, default 1
 * @param sourceLatency the source's last measurement; absent values are shown as the initial latency
 * @param cost what path finding uses
 * @param connections its underlays
 */
public record LinkStatus(
        LinkId id,
        int iteration,
        RouterId source,
        RouterId dest,
        String protocol,
        String dialAddress,
        State state,
        boolean down,
        int staticCost,
        Duration sourceLatency,
        Duration destLatency,
        long cost,
        List<Connection> connections) {
    public LinkStatus {
        connections = List.copyOf(connections);
    }

    /** Whether circuits may be routed over it. */
    public boolean usable() {
        return state == State.CONNECTED && !down;
    }

    /** Where a link is in its life. */
    public enum State {
        CONNECTED("Connected"),
        FAILED("Failed"),
        DUPLICATE("Duplicate");

        private final String json;

        State(String json) {
            this.json = json;
        }

        /** As JSON shows it. */
        public String json() {
            return json;
        }
    }

    /** One underlay: its type and both socket addresses, seen from the source. */
    public record Connection(String type, String source, String dest) {}
}
