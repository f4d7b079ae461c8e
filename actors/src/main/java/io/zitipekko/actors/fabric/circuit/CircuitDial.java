package io.zitipekko.actors.fabric.circuit;

import io.zitipekko.actors.model.entity.Service;
import io.zitipekko.actors.model.entity.Terminator;
import io.zitipekko.actors.model.id.ApiSessionId;
import io.zitipekko.actors.model.id.IdentityId;
import io.zitipekko.actors.model.id.SessionId;
import io.zitipekko.transport.control.PeerData;
import io.zitipekko.transport.xgress.CircuitId;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * A wish for a circuit that was admitted: who wants what, proved.
 *
 * @param instanceId of the terminator wanted; empty matches only terminators without one
 * @param clientData what the client tells the host
 * @param clientId as events and the API show it: session, identity or router id
 * @param clientTag tag {@code clientId}; empty for none
 * @param identity who dials; empty for a circuit between fabric ends
 * @param apiSession of the dialer, when it has a stored one
 * @param session the service session, when it is a stored one
 * @param requestedId the circuit id asked for
 */
record CircuitDial(
        Service service,
        String instanceId,
        PeerData clientData,
        String clientId,
        String clientTag,
        Optional<IdentityId> identity,
        Optional<ApiSessionId> apiSession,
        Optional<SessionId> session,
        Optional<CircuitId> requestedId) {

    /** The service as the client addressed it: {@code instance@service} or {@code service}. */
    String addressedService() {
        return instanceId.isEmpty()
                ? service.id().value()
                : instanceId + "@" + service.id().value();
    }

    /** What every router keeps with the circuit for metering (protocol/03 section 8.2). */
    Map<String, String> tags(Terminator terminator) {
        Map<String, String> all = new LinkedHashMap<>();
        all.put("serviceId", addressedService());
        if (!clientTag.isEmpty()) {
            all.put("clientId", clientTag);
        }
        all.put("hostId", terminator.hostId() == null ? "" : terminator.hostId().value());
        return all;
    }

    /** What routers put into their logs. @param attempt from 0 */
    Map<String, String> logFields(CircuitId circuit, int attempt) {
        Map<String, String> fields = new LinkedHashMap<>();
        fields.put("circuitId", circuit.value());
        fields.put("serviceId", service.id().value());
        fields.put("attemptNumber", Integer.toString(attempt + 1));
        apiSession.ifPresent(s -> fields.put("apiSessionId", s.value()));
        session.ifPresent(s -> fields.put("sessionId", s.value()));
        return fields;
    }
}
