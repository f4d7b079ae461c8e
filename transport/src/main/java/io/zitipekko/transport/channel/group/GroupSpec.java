package io.zitipekko.transport.channel.group;

import io.zitipekko.transport.channel.ChannelKind;
import io.zitipekko.transport.channel.ChannelOptions;
import io.zitipekko.transport.channel.Message;
import io.zitipekko.transport.memory.SharedMemory;
import io.zitipekko.transport.tls.TlsPeer;
import java.security.MessageDigest;

/**
 * What is settled about a channel by its first underlay.
 *
 * @param grouped whether further underlays may join
 * @param dialed whether this side dialed
 * @param secret what a joining underlay must show; empty when not grouped
 * @param proven what the first underlay's certificate proved; empty on the dialing side
 * @param handshake the Hello that came, or the Result that answered ours
 * @param memory what its lanes and those of others have together
 */
public record GroupSpec(
        ChannelKind kind,
        ChannelOptions options,
        String connectionId,
        boolean grouped,
        boolean dialed,
        byte[] secret,
        String proven,
        Message handshake,
        TlsPeer peer,
        SharedMemory memory) {
    /** Compared in constant time; an empty secret opens nothing. */
    public boolean admits(byte[] shown) {
        return grouped && secret.length > 0 && MessageDigest.isEqual(secret, shown);
    }

    @Override
    public String toString() {
        return "GroupSpec[" + connectionId + ", " + kind.alpn() + (grouped ? ", grouped" : "") + "]";
    }
}
