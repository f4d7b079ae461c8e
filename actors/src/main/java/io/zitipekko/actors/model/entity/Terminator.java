package io.zitipekko.actors.model.entity;

import io.zitipekko.actors.model.id.IdentityId;
import io.zitipekko.actors.model.id.RouterId;
import io.zitipekko.actors.model.id.ServiceId;
import io.zitipekko.actors.model.id.TerminatorId;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.Map;
import java.util.Objects;
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
        implements Entity {
    public Terminator {
        instanceId = instanceId == null ? "" : instanceId;
        instanceSecret = instanceSecret == null ? new byte[0] : instanceSecret;
        precedence = precedence == null ? Precedence.DEFAULT : precedence;
        peerData = Immutable.map(peerData);
    }

    /** By content, of the byte arrays too. */
    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof Terminator that
                && id.equals(that.id)
                && meta.equals(that.meta)
                && serviceId.equals(that.serviceId)
                && routerId.equals(that.routerId)
                && binding.equals(that.binding)
                && address.equals(that.address)
                && instanceId.equals(that.instanceId)
                && MessageDigest.isEqual(instanceSecret, that.instanceSecret)
                && cost == that.cost
                && precedence == that.precedence
                && Objects.equals(hostId, that.hostId)
                && peerData.keySet().equals(that.peerData.keySet())
                && peerData.entrySet().stream()
                        .allMatch(entry -> Arrays.equals(entry.getValue(), that.peerData.get(entry.getKey())));
    }

    @Override
    public int hashCode() {
        return Objects.hash(id, meta, serviceId, routerId, binding, address, cost, precedence);
    }

    @Override
    public String toString() {
        return "Terminator[" + id + ", service " + serviceId + ", router " + routerId + ", " + binding + " " + address
                + "]";
    }
}
