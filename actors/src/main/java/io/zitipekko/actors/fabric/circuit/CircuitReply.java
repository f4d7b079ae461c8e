package io.zitipekko.actors.fabric.circuit;

import io.zitipekko.transport.channel.Headers;
import io.zitipekko.transport.channel.Message;
import io.zitipekko.transport.control.ControlContentType;
import io.zitipekko.transport.control.ControlHeader;
import io.zitipekko.transport.control.CreateCircuitResponse;
import io.zitipekko.transport.control.EdgeError;
import io.zitipekko.transport.control.PeerData;
import io.zitipekko.transport.control.proto.edge.CreateTunnelCircuitV2Response;
import io.zitipekko.transport.edge.EdgeErrorCode;
import io.zitipekko.transport.edge.RetryHint;
import java.util.Map;

/** The answers to the several ways of asking for a circuit (protocol/03 section 8.1). */
final class CircuitReply {
    private CircuitReply() {}

    /** The circuit is open. @throws IllegalArgumentException when peer data or tags are beyond what a header may hold */
    static Message success(
            Message request, String circuitId, String address, PeerData peerData, Map<String, String> tags) {
        CreateCircuitResponse response = new CreateCircuitResponse(circuitId, address, peerData, tags);
        return switch (request.contentType()) {
            case ControlContentType.CREATE_CIRCUIT_V2_REQUEST -> response.toV2Message();
            case ControlContentType.CREATE_CIRCUIT_V3_REQUEST -> response.toV3Message();
            case ControlContentType.CREATE_CIRCUIT_REQUEST ->
                Message.of(
                        ControlContentType.CREATE_CIRCUIT_RESPONSE,
                        Headers.EMPTY,
                        io.zitipekko.transport.control.proto.edge.CreateCircuitResponse.newBuilder()
                                .setCircuitId(circuitId)
                                .setAddress(address)
                                .putAllPeerData(peerData.values())
                                .putAllTags(tags)
                                .build()
                                .toByteArray());
            case ControlContentType.CREATE_TUNNEL_CIRCUIT_V2_REQUEST ->
                Message.of(
                        ControlContentType.CREATE_TUNNEL_CIRCUIT_V2_RESPONSE,
                        Headers.EMPTY,
                        CreateTunnelCircuitV2Response.newBuilder()
                                .setCircuitId(circuitId)
                                .setAddress(address)
                                .putAllPeerData(peerData.values())
                                .putAllTags(tags)
                                .build()
                                .toByteArray());
            case ControlContentType.CIRCUIT_REQUEST -> {
                Headers.Builder headers = Headers.builder();
                peerData.toBytes().forEach(headers::bytes);
                yield Message.of(
                        ControlContentType.CIRCUIT_SUCCESS,
                        headers.string(ControlHeader.CIRCUIT_ADDRESS, address).build(),
                        circuitId);
            }
            default ->
                throw new IllegalArgumentException("content type " + request.contentType() + " asks for no circuit");
        };
    }

    /** There is no circuit, and why. @param circuitId empty if none was begun */
    static Message failure(Message request, EdgeErrorCode code, RetryHint hint, String text, String circuitId) {
        return request.contentType() == ControlContentType.CIRCUIT_REQUEST
                ? Message.of(ControlContentType.CIRCUIT_FAILED, Headers.EMPTY, text)
                : new EdgeError(code, hint, text, circuitId).toMessage();
    }
}
