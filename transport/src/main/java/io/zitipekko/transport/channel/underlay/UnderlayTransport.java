package io.zitipekko.transport.channel.underlay;

import io.zitipekko.transport.tls.TlsPeer;
import java.util.concurrent.CompletionStage;
import org.apache.pekko.stream.javadsl.Flow;
import org.apache.pekko.util.ByteString;

/** Opens the connection that an underlay runs over. */
@FunctionalInterface
public interface UnderlayTransport {
    /** A flow for one connection: bytes to send in, bytes received out; its value completes when the peer is known. */
    Flow<ByteString, ByteString, CompletionStage<TlsPeer>> open();
}
