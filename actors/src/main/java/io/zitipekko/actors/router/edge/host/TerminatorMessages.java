package io.zitipekko.actors.router.edge.host;

import com.google.protobuf.ByteString;
import io.zitipekko.transport.channel.Headers;
import io.zitipekko.transport.channel.Message;
import io.zitipekko.transport.control.ControlContentType;
import io.zitipekko.transport.control.proto.edge.CreateTerminatorV2Request;
import io.zitipekko.transport.control.proto.edge.TerminatorPrecedence;
import io.zitipekko.transport.control.proto.edge.UpdateTerminatorRequest;
import io.zitipekko.transport.edge.EdgeContentType;
import io.zitipekko.transport.edge.EdgeHeader;

/** What hosting sends: to controllers (protocol/03 section 10) and to the listener (protocol/02 section 9.2). */
public final class TerminatorMessages {
    private TerminatorMessages() {}

    /** 20216. */
    static Message create(HostedTerminator t) {
        CreateTerminatorV2Request.Builder request = CreateTerminatorV2Request.newBuilder()
                .setAddress(t.id())
                .setSessionToken(t.grant().token())
                .addFingerprints(t.owner().fingerprint().hex())
                .setCost(t.cost())
                .setPrecedence(TerminatorPrecedence.forNumber(t.precedence().ordinal()))
                .setInstanceId(t.instanceId())
                .setInstanceSecret(ByteString.copyFrom(t.instanceSecret().toArrayUnsafe()))
                .setApiSessionToken(t.owner().token());
        if (t.publicKey() != null) {
            request.putPeerData(
                    EdgeHeader.PUBLIC_KEY, ByteString.copyFrom(t.publicKey().toArrayUnsafe()));
        }
        return Message.of(
                ControlContentType.CREATE_TERMINATOR_V2_REQUEST,
                Headers.EMPTY,
                request.build().toByteArray());
    }

    /** 20209. */
    static Message update(HostedTerminator t, boolean cost, boolean precedence) {
        return Message.of(
                ControlContentType.EDGE_UPDATE_TERMINATOR_REQUEST,
                Headers.EMPTY,
                UpdateTerminatorRequest.newBuilder()
                        .setSessionToken(t.grant().token())
                        .addFingerprints(t.owner().fingerprint().hex())
                        .setTerminatorId(t.id())
                        .setCost(t.cost())
                        .setPrecedence(
                                TerminatorPrecedence.forNumber(t.precedence().ordinal()))
                        .setUpdateCost(cost)
                        .setUpdatePrecedence(precedence)
                        .setApiSessionToken(t.owner().token())
                        .build()
                        .toByteArray());
    }

    /** The answer to a bind: the listener is known, its terminator follows. */
    static Message bound(HostedTerminator t) {
        Headers.Builder headers = Headers.builder().int32(EdgeHeader.CONN_ID, t.connId());
        if (t.routerProvidedIds()) {
            headers.bool(EdgeHeader.ROUTER_PROVIDED_CONN_ID, true);
        }
        return Message.of(
                EdgeContentType.STATE_CONNECTED, headers.build(), org.apache.pekko.util.ByteString.emptyByteString());
    }

    /** The terminator exists. */
    static Message bindSuccess(HostedTerminator t) {
        return Message.of(
                EdgeContentType.BIND_SUCCESS,
                Headers.builder().int32(EdgeHeader.CONN_ID, t.connId()).build(),
                org.apache.pekko.util.ByteString.emptyByteString());
    }
}
