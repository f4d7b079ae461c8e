package io.zitipekko.transport.channel;

import io.zitipekko.transport.tls.TlsPeer;
import java.util.concurrent.CompletionStage;

/** What decides about incoming channels of one kind. Called on the underlay's thread: must not block. */
public interface ChannelAcceptor {
    /** Called for <em>every</em> underlay, joins included, before its Result. A failed stage closes without a Result. */
    CompletionStage<HelloAnswer> onHello(Hello hello, TlsPeer peer);

    /**
     * Called once per new channel, right after its first Result was queued and before anything more is read. The handler may
     * close the channel at once (that is how post-Result checks refuse).
     */
    ChannelHandler onChannel(Channel channel, Hello hello);
}
