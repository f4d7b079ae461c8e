package io.zitipekko.transport.control;

import io.zitipekko.transport.channel.Headers;
import io.zitipekko.transport.channel.Message;
import java.util.HashMap;
import java.util.Map;

/**
 * 1022: what became of a Route on one router (protocol/03 section 8.4).
 *
 * @param success whether header 1102 is there: peers test its presence, so it is never sent on failure
 * @param error empty on success
 * @param peerData of the egress, empty on failure
 */
public record RouteResult(
        String circuitId, int attempt, boolean success, String error, RouteErrorCode errorCode, PeerData peerData) {
    private static final int FIRST_KIND_HEADER = 20;

    public static RouteResult success(String circuitId, int attempt, PeerData peerData) {
        return new RouteResult(circuitId, attempt, true, "", RouteErrorCode.GENERIC, peerData);
    }

    public static RouteResult failure(String circuitId, int attempt, RouteErrorCode code, String error) {
        return new RouteResult(circuitId, attempt, false, error, code, PeerData.EMPTY);
    }

    /** @throws IllegalArgumentException without an attempt (header 1101) */
    public static RouteResult from(Message message) {
        Headers h = message.headers();
        int attempt = h.int32(ControlHeader.ROUTE_ATTEMPT)
                .orElseThrow(() -> new IllegalArgumentException(
                        "route result without attempt (header " + ControlHeader.ROUTE_ATTEMPT + ")"));
        Map<Integer, byte[]> peerData = new HashMap<>();
        h.forEach((id, value) -> {
            if (id >= FIRST_KIND_HEADER && (id < ControlHeader.ROUTE_ATTEMPT || id > ControlHeader.ROUTE_ERROR_CODE)) {
                peerData.put(id, value);
            }
        });
        return new RouteResult(
                message.bodyText(),
                attempt,
                h.has(ControlHeader.ROUTE_SUCCESS),
                h.string(ControlHeader.ROUTE_ERROR).orElse(""),
                RouteErrorCode.of(h.uint8(ControlHeader.ROUTE_ERROR_CODE).orElse(0)),
                PeerData.ofBytes(peerData));
    }

    public Message toMessage() {
        Headers.Builder headers = Headers.builder();
        peerData.addTo(headers);
        headers.int32(ControlHeader.ROUTE_ATTEMPT, attempt);
        if (success) {
            headers.bool(ControlHeader.ROUTE_SUCCESS, true);
        } else {
            headers.string(ControlHeader.ROUTE_ERROR, error);
            headers.bytes(ControlHeader.ROUTE_ERROR_CODE, new byte[] {(byte) errorCode.code()});
        }
        return Message.of(ControlContentType.ROUTE_RESULT, headers.build(), circuitId);
    }
}
