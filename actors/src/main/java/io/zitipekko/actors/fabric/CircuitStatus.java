package io.zitipekko.actors.fabric;

import io.zitipekko.actors.model.id.RouterId;
import io.zitipekko.actors.model.id.ServiceId;
import io.zitipekko.actors.model.id.TerminatorId;
import io.zitipekko.transport.xgress.CircuitId;
import java.time.Instant;
import java.util.List;
import java.util.Map;

/**
 * One open circuit.
 *
 * @param clientId session id, identity id or router id of who dialed (protocol/03 section 8.2, last paragraph)
 * @param nodes routers from ingress to egress
 * @param links between them, one less
 * @param tags as given to the routers
 */
public record CircuitStatus(
        CircuitId id,
        String clientId,
        ServiceId serviceId,
        TerminatorId terminatorId,
        List<RouterId> nodes,
        List<LinkId> links,
        Instant createdAt,
        Instant updatedAt,
        Map<String, String> tags) {
    public CircuitStatus {
        nodes = List.copyOf(nodes);
        links = List.copyOf(links);
        tags = Map.copyOf(tags);
    }
}
