package io.zitipekko.actors.model;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A configured way out of the network for a service. SDK-hosted ones are not here but in the TerminatorDirectory. protocol/06 section 6.6.
 *
 * @param binding {@code transport}, {@code edge} …
 * @param instanceId empty for none
 * @param cost 0..65535
 */
public record Terminator(
        TerminatorId id,
        Meta meta,
        ServiceId serviceId,
        RouterId routerId,
        String binding,
        String address,
        String instanceId,
        byte[] instanceSecret,
        int cost,
        Precedence precedence,
        Map<Integer, byte[]> peerData,
        @Nullable IdentityId hostId)
        implements Entity {}
