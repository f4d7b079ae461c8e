package io.zitipekko.actors.router.circuit;

import io.zitipekko.transport.channel.Channel;
import io.zitipekko.transport.channel.Headers;
import io.zitipekko.transport.channel.Lane;
import io.zitipekko.transport.channel.Message;
import io.zitipekko.transport.edge.EdgeContentType;
import io.zitipekko.transport.edge.EdgeFlags;
import io.zitipekko.transport.edge.EdgeHeader;
import io.zitipekko.transport.xgress.Payload;
import io.zitipekko.transport.xgress.XgressHeader;
import java.util.Optional;
import org.apache.pekko.util.ByteString;

/** How an SDK's messages on a connection map to a circuit's payloads and back (protocol/02 section 11). */
public final class SdkMessages {
    private SdkMessages() {}

    /** What of a Data message travels with its body: the flags but for FIN, and the trace id. */
    static Headers payloadHeaders(Message data) {
        int flags = flags(data) & ~EdgeFlags.FIN;
        Optional<byte[]> uuid = data.headers().bytes(EdgeHeader.UUID);
        if (flags == 0 && uuid.isEmpty()) {
            return Headers.EMPTY;
        }
        Headers.Builder headers = Headers.builder();
        uuid.ifPresent(id -> headers.bytes(XgressHeader.PAYLOAD_FIRST, id));
        if (flags != 0) {
            headers.int32(XgressHeader.EDGE_FLAGS, flags);
        }
        return headers.build();
    }

    static int flags(Message data) {
        return data.headers().int32(EdgeHeader.FLAGS).orElse(0);
    }

    /** The Data message of a payload. */
    static Message data(int connId, Payload payload) {
        Headers.Builder headers = Headers.builder().int32(EdgeHeader.CONN_ID, connId);
        payload.payloadHeaders().bytes(XgressHeader.PAYLOAD_FIRST).ifPresent(id -> headers.bytes(EdgeHeader.UUID, id));
        int flags = payload.edgeFlags() & ~EdgeFlags.FIN;
        if (flags != 0) {
            headers.int32(EdgeHeader.FLAGS, flags);
        }
        return Message.of(EdgeContentType.DATA, headers.build(), payload.body());
    }

    /** The Data message that says that no more comes. */
    static Message fin(int connId) {
        return Message.of(
                EdgeContentType.DATA,
                Headers.builder()
                        .int32(EdgeHeader.CONN_ID, connId)
                        .int32(EdgeHeader.FLAGS, EdgeFlags.FIN)
                        .build(),
                ByteString.emptyByteString());
    }

    /** The end of a connection that was open; the body is never empty, since some SDKs take an empty one for a lost session. */
    public static Message closed(int connId, String text) {
        return Message.of(
                EdgeContentType.STATE_CLOSED,
                Headers.builder()
                        .int32(EdgeHeader.CONN_ID, connId)
                        .int32(EdgeHeader.SEQ, 1)
                        .build(),
                text);
    }

    /**
     * Sends behind what is queued on the data lane, however long that takes. Unlike {@link Channel#send} a full lane does not close
     * the channel: an SDK that reads slowly is no fault.
     */
    public static void sendBehindData(Channel channel, Message message) {
        if (!channel.isClosed() && !channel.offer(Lane.DEFAULT, message)) {
            channel.whenWritable(Lane.DEFAULT, () -> sendBehindData(channel, message));
        }
    }
}
