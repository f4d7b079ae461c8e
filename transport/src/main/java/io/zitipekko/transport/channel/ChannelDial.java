package io.zitipekko.transport.channel;

import io.zitipekko.transport.address.TransportAddress;
import io.zitipekko.transport.identity.Identity;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;

/**
 * What to dial, and with which Hello.
 *
 * @param identity read at every dial, so that a renewed certificate is used
 * @param alpn protocol names to offer
 * @param helloToken body of the Hello: who we claim to be (on links, the link id)
 * @param helloHeaders the kind's own; the channel adds 7, 9, 11, and 0 and 10 on underlays that join. A header 0 given here names the group
 * @param grouped whether to offer several underlays; a listener that declines gets one
 * @param wantedUnderlays how many of each type to keep up; empty for the kind's default. The first is always of {@link ChannelKind#firstType}
 */
public record ChannelDial(
        ChannelKind kind,
        TransportAddress address,
        Supplier<Identity> identity,
        List<String> alpn,
        String helloToken,
        Headers helloHeaders,
        ChannelOptions options,
        boolean grouped,
        Map<String, Integer> wantedUnderlays) {
    public ChannelDial {
        alpn = List.copyOf(alpn);
        wantedUnderlays = wantedUnderlays.isEmpty() ? kind.wanted() : Map.copyOf(wantedUnderlays);
    }
}
