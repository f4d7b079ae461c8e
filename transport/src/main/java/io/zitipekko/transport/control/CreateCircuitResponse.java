package io.zitipekko.transport.control;

import io.zitipekko.transport.channel.Headers;
import io.zitipekko.transport.channel.Message;
import java.util.Map;
import org.apache.pekko.util.ByteString;

/**
 * 20219 and 20223: the circuit that was made (protocol/03 section 3). Headers only; both versions look the same.
 *
 * @param address fabric address of the ingress end
 */
public record CreateCircuitResponse(String circuitId, String address, PeerData peerData, Map<String, String> tags) {
    public CreateCircuitResponse {
        tags = Map.copyOf(tags);
    }

    /** @throws IllegalArgumentException when a map in it is malformed, or the circuit id or address is missing */
    public static CreateCircuitResponse from(Message message) {
        Headers h = message.headers();
        return new CreateCircuitResponse(
                required(h, ControlHeader.CIRCUIT_RESPONSE_ID, "circuit id"),
                required(h, ControlHeader.CIRCUIT_RESPONSE_ADDRESS, "circuit address"),
                PeerData.ofBytes(h.byteMap(ControlHeader.CIRCUIT_PEER_DATA)),
                h.stringMap(ControlHeader.CIRCUIT_RESPONSE_TAGS));
    }

    /** The answer to a V2 request. */
    public Message toV2Message() {
        return toMessage(ControlContentType.CREATE_CIRCUIT_V2_RESPONSE);
    }

    /** The answer to a V3 request. */
    public Message toV3Message() {
        return toMessage(ControlContentType.CREATE_CIRCUIT_V3_RESPONSE);
    }

    private Message toMessage(int contentType) {
        Headers headers = Headers.builder()
                .byteMap(ControlHeader.CIRCUIT_PEER_DATA, peerData.toBytes())
                .string(ControlHeader.CIRCUIT_RESPONSE_ID, circuitId)
                .string(ControlHeader.CIRCUIT_RESPONSE_ADDRESS, address)
                .stringMap(ControlHeader.CIRCUIT_RESPONSE_TAGS, tags)
                .build();
        return Message.of(contentType, headers, ByteString.emptyByteString());
    }

    private static String required(Headers headers, int id, String what) {
        return headers.string(id)
                .orElseThrow(() -> new IllegalArgumentException(
                        "create-circuit response without " + what + " (header " + id + ")"));
    }
}
