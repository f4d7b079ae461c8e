package io.zitipekko.actors.router.edge.session;

import io.zitipekko.actors.model.id.ApiSessionId;
import io.zitipekko.actors.model.id.IdentityId;
import io.zitipekko.actors.router.ControllerId;
import io.zitipekko.transport.identity.Fingerprint;
import java.util.Set;

/**
 * A legacy API session as a controller announced it (protocol/03 section 11).
 *
 * @param token what SDKs name it by; secret
 * @param fingerprints leaves that may open edge channels for it
 * @param controller who announced it, and whom its circuits are asked of
 */
public record LegacyApiSession(
        ApiSessionId id, String token, IdentityId identityId, Set<Fingerprint> fingerprints, ControllerId controller) {
    public LegacyApiSession {
        fingerprints = Set.copyOf(fingerprints);
    }

    @Override
    public String toString() {
        return "LegacyApiSession[" + id + ", identity " + identityId + ", token ***, from " + controller + "]";
    }
}
