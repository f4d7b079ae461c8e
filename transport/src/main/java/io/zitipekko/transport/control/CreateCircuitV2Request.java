package io.zitipekko.transport.control;

import io.zitipekko.transport.channel.Headers;
import io.zitipekko.transport.channel.Message;
import java.util.List;
import org.apache.pekko.util.ByteString;

/**
 * 20218: a router asks for a circuit on behalf of an SDK's Connect (protocol/03 section 8.1). Headers only.
 *
 * @param sessionToken the service session token, a secret
 * @param fingerprints of the SDK's client certificate
 * @param terminatorInstanceId the instance wanted, or empty
 * @param apiSessionToken a secret
 */
public record CreateCircuitV2Request(
        String sessionToken,
        String apiSessionToken,
        List<String> fingerprints,
        String terminatorInstanceId,
        PeerData peerData) {
    public CreateCircuitV2Request {
        fingerprints = List.copyOf(fingerprints);
    }

    /** @throws IllegalArgumentException when a slice or map in it is malformed */
    public static CreateCircuitV2Request from(Message message) {
        Headers h = message.headers();
        return new CreateCircuitV2Request(
                h.string(ControlHeader.CIRCUIT_SESSION_TOKEN).orElse(""),
                h.string(ControlHeader.CIRCUIT_API_SESSION_TOKEN).orElse(""),
                h.strings(ControlHeader.CIRCUIT_FINGERPRINTS),
                h.string(ControlHeader.CIRCUIT_TERMINATOR_INSTANCE_ID).orElse(""),
                PeerData.ofBytes(h.byteMap(ControlHeader.CIRCUIT_PEER_DATA)));
    }

    public Message toMessage() {
        Headers headers = Headers.builder()
                .byteMap(ControlHeader.CIRCUIT_PEER_DATA, peerData.toBytes())
                .string(ControlHeader.CIRCUIT_SESSION_TOKEN, sessionToken)
                .strings(ControlHeader.CIRCUIT_FINGERPRINTS, fingerprints)
                .string(ControlHeader.CIRCUIT_TERMINATOR_INSTANCE_ID, terminatorInstanceId)
                .string(ControlHeader.CIRCUIT_API_SESSION_TOKEN, apiSessionToken)
                .build();
        return Message.of(ControlContentType.CREATE_CIRCUIT_V2_REQUEST, headers, ByteString.emptyByteString());
    }

    @Override
    public String toString() {
        return "CreateCircuitV2Request[instance '" + terminatorInstanceId + "', " + peerData + "]";
    }
}
