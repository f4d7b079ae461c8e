package io.zitipekko.transport.control;

import io.zitipekko.transport.channel.Headers;
import io.zitipekko.transport.channel.Message;
import java.util.List;
import org.apache.pekko.util.ByteString;

/**
 * 20222: a router asks for a circuit on behalf of an SDK's ConnectV2, which it has authorised from its data model (protocol/03
 * section 8.1). Headers only.
 *
 * @param apiSessionToken the access token, which alone proves the identity; a secret
 * @param fingerprints of the SDK's client certificate
 * @param terminatorInstanceId the instance wanted, or empty
 * @param circuitId the id wanted, or empty
 */
public record CreateCircuitV3Request(
        String identityId,
        String serviceId,
        String apiSessionToken,
        List<String> fingerprints,
        String terminatorInstanceId,
        String circuitId,
        PeerData peerData) {
    public CreateCircuitV3Request {
        fingerprints = List.copyOf(fingerprints);
    }

    /** @throws IllegalArgumentException when a slice or map in it is malformed */
    public static CreateCircuitV3Request from(Message message) {
        Headers h = message.headers();
        return new CreateCircuitV3Request(
                h.string(ControlHeader.CIRCUIT_IDENTITY_ID).orElse(""),
                h.string(ControlHeader.CIRCUIT_SERVICE_ID).orElse(""),
                h.string(ControlHeader.CIRCUIT_API_SESSION_TOKEN).orElse(""),
                h.strings(ControlHeader.CIRCUIT_FINGERPRINTS),
                h.string(ControlHeader.CIRCUIT_TERMINATOR_INSTANCE_ID).orElse(""),
                h.string(ControlHeader.CIRCUIT_REQUESTED_ID).orElse(""),
                PeerData.ofBytes(h.byteMap(ControlHeader.CIRCUIT_PEER_DATA)));
    }

    public Message toMessage() {
        Headers.Builder headers = Headers.builder()
                .byteMap(ControlHeader.CIRCUIT_PEER_DATA, peerData.toBytes())
                .strings(ControlHeader.CIRCUIT_FINGERPRINTS, fingerprints)
                .string(ControlHeader.CIRCUIT_TERMINATOR_INSTANCE_ID, terminatorInstanceId)
                .string(ControlHeader.CIRCUIT_API_SESSION_TOKEN, apiSessionToken)
                .string(ControlHeader.CIRCUIT_IDENTITY_ID, identityId)
                .string(ControlHeader.CIRCUIT_SERVICE_ID, serviceId);
        if (!circuitId.isEmpty()) {
            headers.string(ControlHeader.CIRCUIT_REQUESTED_ID, circuitId);
        }
        return Message.of(ControlContentType.CREATE_CIRCUIT_V3_REQUEST, headers.build(), ByteString.emptyByteString());
    }

    @Override
    public String toString() {
        return "CreateCircuitV3Request[identity " + identityId + ", service " + serviceId + ", instance '"
                + terminatorInstanceId + "', circuit '" + circuitId + "', " + peerData + "]";
    }
}
