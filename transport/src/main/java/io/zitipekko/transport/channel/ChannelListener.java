package io.zitipekko.transport.channel;

import io.zitipekko.transport.channel.group.GroupRegistry;
import io.zitipekko.transport.channel.underlay.AcceptingHandshake;
import io.zitipekko.transport.channel.underlay.ChannelFlow;
import io.zitipekko.transport.memory.SharedMemory;
import io.zitipekko.transport.refusal.AddressQuota;
import io.zitipekko.transport.refusal.RefusalLog;
import io.zitipekko.transport.tls.TlsPeer;
import java.util.function.Supplier;
import org.apache.pekko.NotUsed;
import org.apache.pekko.actor.ClassicActorSystemProvider;
import org.apache.pekko.stream.javadsl.Flow;
import org.apache.pekko.util.ByteString;
import org.slf4j.LoggerFactory;

/**
 * The accepting side of one connection kind: answers hellos, keeps the groups that were created through it and lets underlays join
 * them (protocol/01 sections 6 and 7). One per socket and kind; thread-safe.
 */
public final class ChannelListener {
    /** Connections from one address whose hello is not settled: a TLS handshake alone proves nothing, any certificate will do. */
    private static final int MAX_HELLOS_PER_ADDRESS = 1024;

    private static final RefusalLog REFUSALS = RefusalLog.to(LoggerFactory.getLogger(ChannelListener.class));

    private final AcceptingHandshake.Host host;

    private ChannelListener(AcceptingHandshake.Host host) {
        this.host = host;
    }

    /** One for peers who are trusted and few. */
    public static ChannelListener create(
            ClassicActorSystemProvider system,
            ChannelKind kind,
            ChannelOptions options,
            Supplier<String> ownToken,
            ChannelAcceptor acceptor) {
        return create(system, kind, options, ownToken, acceptor, SharedMemory.unbounded());
    }

    /**
     * @param ownToken our id, sent as Result header 8 (the CN of our client certificate); read at every hello
     * @param memory for what waits in the lanes of all channels for peers who do not read
     */
    public static ChannelListener create(
            ClassicActorSystemProvider system,
            ChannelKind kind,
            ChannelOptions options,
            Supplier<String> ownToken,
            ChannelAcceptor acceptor,
            SharedMemory memory) {
        return new ChannelListener(new AcceptingHandshake.Host(
                system,
                kind,
                options,
                ownToken,
                acceptor,
                new GroupRegistry(),
                new AddressQuota(MAX_HELLOS_PER_ADDRESS),
                REFUSALS,
                memory));
    }

    /** The handler for one accepted underlay, to be materialized once: frames in, frames out. */
    public Flow<ByteString, ByteString, NotUsed> handle(TlsPeer peer) {
        return Flow.fromGraph(ChannelFlow.of(new AcceptingHandshake(host, peer), host.options()));
    }
}
