package io.zitipekko.actors.model.entity;

import io.zitipekko.actors.model.id.ApiSessionId;
import io.zitipekko.actors.model.id.AuthenticatorId;
import io.zitipekko.actors.model.id.CaId;
import io.zitipekko.actors.model.id.IdentityId;
import io.zitipekko.transport.identity.Fingerprint;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A legacy API session: what {@code zt-session} names. protocol/05 section 5.
 *
 * @param token opaque, secret; unique
 * @param authenticatorId {@link AuthenticatorId#INTERNAL} when it was opened by an external id
 * @param configTypes ids, or {@code all}
 * @param certFingerprints leaves that may open edge connections for it
 * @param caId the third party's authority under which its certificate was believed; null for the network's own, and for passwords
 * @param claimed the external id by which it was opened, in place of an authenticator; null otherwise
 */
public record ApiSession(
        ApiSessionId id,
        Meta meta,
        String token,
        IdentityId identityId,
        @Nullable AuthenticatorId authenticatorId,
        List<String> configTypes,
        String ipAddress,
        List<Fingerprint> certFingerprints,
        boolean improperClientCertChain,
        @Nullable CaId caId,
        @Nullable ClaimedId claimed)
        implements Entity {
    public ApiSession {
        configTypes = Immutable.list(configTypes);
        certFingerprints = Immutable.list(certFingerprints);
    }

    /** The same, with these leaves admitted to edge connections. */
    public ApiSession withCertFingerprints(List<Fingerprint> leaves) {
        return new ApiSession(
                id,
                meta,
                token,
                identityId,
                authenticatorId,
                configTypes,
                ipAddress,
                leaves,
                improperClientCertChain,
                caId,
                claimed);
    }

    @Override
    public String toString() {
        return "ApiSession[" + id + ", identity " + identityId + ", token ***]";
    }
}
