package io.zitipekko.transport.tls;

import io.zitipekko.transport.address.TransportAddress;
import io.zitipekko.transport.identity.Identity;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;
import org.apache.pekko.actor.ClassicActorSystemProvider;
import org.apache.pekko.stream.javadsl.Flow;
import org.apache.pekko.util.ByteString;

/** Dials TLS: server chain against the identity's anchors, host name against the SANs (protocol/01 sections 2 and 13, S10). */
public final class TlsDialer {
    private TlsDialer() {}

    /**
     * A connection per materialization.
     *
     * @param alpn names offered in order; empty for no ALPN
     * @param timeout for connecting and the handshake together
     * @return bytes to send in, bytes received out; the value completes after the handshake, or fails with its reason
     */
    public static Flow<ByteString, ByteString, CompletionStage<TlsPeer>> dial(
            ClassicActorSystemProvider system,
            TransportAddress address,
            Supplier<Identity> identity,
            List<String> alpn,
            Duration timeout) {
        throw new UnsupportedOperationException();
    }
}
