package io.zitipekko.actors.router.edge.session;

import io.zitipekko.actors.model.id.ApiSessionId;
import io.zitipekko.actors.model.id.IdentityId;
import io.zitipekko.actors.router.ControllerId;
import io.zitipekko.actors.router.ControllerPreference;
import io.zitipekko.transport.identity.Fingerprint;
import java.time.Instant;
import java.util.Optional;
import java.util.Set;

/**
 * Who an SDK channel belongs to, once its token and its certificate have been found to belong together.
 *
 * @param token what it showed; secret
 * @param fingerprint of its leaf
 * @param kind who decides about its rights
 * @param controller the one that announced a legacy session
 * @param access what the token says, unless the session is a legacy one
 * @param listed whether the certificate was admitted because its session lists it: taken off the list, it ends
 * @param certificateEnds when the certificate's own end ends the channel; nothing when that is the controllers' to say
 */
public record EdgeSession(
        ApiSessionId apiSessionId,
        IdentityId identityId,
        String token,
        Fingerprint fingerprint,
        Kind kind,
        Optional<ControllerId> controller,
        Optional<AccessToken> access,
        boolean listed,
        Optional<Instant> certificateEnds) {
    /** Where the rights of a session are decided. */
    public enum Kind {
        /** By the controller, which made the service session; the router only notices what is lost. */
        LEGACY,
        /** By the router too, at every dial and bind. */
        OIDC
    }

    /** Whom to ask for circuits: the controller that owns the session while it is connected. */
    public ControllerPreference preference(Set<ControllerId> connected) {
        return controller
                .filter(connected::contains)
                .map(ControllerPreference::only)
                .orElse(ControllerPreference.MOST_RESPONSIVE);
    }

    /** The same with a fresh access token. */
    public EdgeSession renewed(String freshToken, AccessToken freshAccess) {
        return new EdgeSession(
                apiSessionId,
                identityId,
                freshToken,
                fingerprint,
                kind,
                controller,
                Optional.of(freshAccess),
                listed,
                certificateEnds);
    }

    /** When it ends if nothing is done about it. */
    public Optional<Instant> endsAt() {
        Optional<Instant> token = access.map(AccessToken::expiresAt);
        return token.isPresent()
                        && certificateEnds.isPresent()
                        && certificateEnds.get().isBefore(token.get())
                ? certificateEnds
                : token.or(() -> certificateEnds);
    }

    @Override
    public String toString() {
        return "EdgeSession[" + apiSessionId + ", identity " + identityId + ", " + kind + ", token ***]";
    }
}
