package io.zitipekko.sdk.host;

import io.zitipekko.sdk.edge.ConnId;
import io.zitipekko.sdk.edge.EdgeChannel;
import io.zitipekko.transport.channel.Headers;
import io.zitipekko.transport.channel.Message;
import io.zitipekko.transport.edge.EdgeHeader;
import java.util.Optional;
import org.apache.pekko.util.ByteString;

/**
 * A dial that waits for our answer (protocol/02 section 10).
 *
 * @param arrivedNanos {@code System.nanoTime()} when it came: the router waits 5 s
 */
record DialRequest(String service, EdgeChannel channel, Message message, long arrivedNanos) {
    /** The id that the router gives to the connection; empty from a router that leaves it to us, which is not supported. */
    Optional<ConnId> connId() {
        Headers headers = message.headers();
        return headers.int32(EdgeHeader.ROUTER_PROVIDED_CONN_ID).isPresent()
                ? Optional.of(new ConnId(
                        headers.int32(EdgeHeader.ROUTER_PROVIDED_CONN_ID).getAsInt()))
                : Optional.empty();
    }

    Optional<byte[]> dialerKey() {
        return message.headers().bytes(EdgeHeader.PUBLIC_KEY);
    }

    /** Whether the connection has to be the end of its circuit itself, as the listener asked for. */
    boolean endsCircuit() {
        return message.headers().bool(EdgeHeader.USE_XGRESS_TO_SDK);
    }

    String circuitId() {
        return message.headers().string(EdgeHeader.CIRCUIT_ID).orElse("");
    }

    String callerId() {
        return message.headers().string(EdgeHeader.CALLER_ID).orElse("");
    }

    Optional<String> dialerIdentityId() {
        return message.headers().string(EdgeHeader.DIALER_IDENTITY_ID);
    }

    Optional<String> dialerIdentityName() {
        return message.headers().string(EdgeHeader.DIALER_IDENTITY_NAME);
    }

    ByteString appData() {
        return message.headers()
                .bytes(EdgeHeader.APP_DATA)
                .map(ByteString::fromArrayUnsafe)
                .orElse(ByteString.emptyByteString());
    }
}
