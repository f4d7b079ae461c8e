package io.zitipekko.actors.router.edge.host;

import io.zitipekko.actors.model.entity.Precedence;
import io.zitipekko.actors.router.edge.session.EdgeSession;
import io.zitipekko.actors.router.edge.session.Grant;
import org.apache.pekko.util.ByteString;
import org.jspecify.annotations.Nullable;

/**
 * One listener of an SDK, and the terminator that stands for it (protocol/02 section 9).
 *
 * @param id of the terminator, chosen here; also its address
 * @param connId of the listener on its channel
 * @param listenerId opaque; the same over re-binds of one listener; nothing when the SDK gave none
 * @param bindToken the very bytes of the bind's body, which every Dial carries back
 * @param publicKey for end-to-end encryption; nothing when the service has none
 * @param routerProvidedIds whether Dials name the new connection's id
 * @param relayed whether circuits end in the SDK
 */
public record HostedTerminator(
        String id,
        HostChannel connection,
        EdgeSession owner,
        int connId,
        @Nullable ByteString listenerId,
        Grant grant,
        ByteString bindToken,
        @Nullable ByteString publicKey,
        int cost,
        Precedence precedence,
        String instanceId,
        ByteString instanceSecret,
        boolean routerProvidedIds,
        boolean wantsBindSuccess,
        boolean supportsInspect,
        boolean relayed) {
    HostedTerminator withId(String newId) {
        return new HostedTerminator(
                newId,
                connection,
                owner,
                connId,
                listenerId,
                grant,
                bindToken,
                publicKey,
                cost,
                precedence,
                instanceId,
                instanceSecret,
                routerProvidedIds,
                wantsBindSuccess,
                supportsInspect,
                relayed);
    }

    HostedTerminator withRank(int newCost, Precedence newPrecedence) {
        return new HostedTerminator(
                id,
                connection,
                owner,
                connId,
                listenerId,
                grant,
                bindToken,
                publicKey,
                newCost,
                newPrecedence,
                instanceId,
                instanceSecret,
                routerProvidedIds,
                wantsBindSuccess,
                supportsInspect,
                relayed);
    }

    @Override
    public String toString() {
        return "HostedTerminator[" + id + ", " + grant + ", conn id " + Integer.toUnsignedString(connId) + "]";
    }
}
