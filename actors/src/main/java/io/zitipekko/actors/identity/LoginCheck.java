package io.zitipekko.actors.identity;

import io.zitipekko.actors.model.entity.Authenticator;
import io.zitipekko.actors.model.entity.ClaimedId;
import io.zitipekko.actors.model.entity.Identity;
import io.zitipekko.actors.model.id.AuthenticatorId;
import io.zitipekko.actors.model.id.CaId;
import io.zitipekko.actors.model.id.IdentityId;
import java.security.cert.X509Certificate;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** What became of a credential. */
public sealed interface LoginCheck {
    /**
     * It is right, and its identity may log in with it.
     *
     * @param authenticatorId which credential; {@link AuthenticatorId#INTERNAL} for one by external id
     * @param leaf the certificate that was proved, for a log-in by certificate
     * @param improperChain the client sent too few intermediates; the server knew them
     * @param thirdParty the authority under which that certificate was believed; empty for the network's own
     * @param claimed the external id that named the identity; empty when an authenticator did
     */
    record Passed(
            Identity identity,
            AuthenticatorId authenticatorId,
            Optional<X509Certificate> leaf,
            boolean improperChain,
            Optional<CaId> thirdParty,
            Optional<ClaimedId> claimed)
            implements LoginCheck {}

    /**
     * @param reason for the log; holds no secret
     * @param identityId whose the credential seems to be; null when it names nobody
     * @param authenticatorId likewise
     */
    record Failed(String reason, @Nullable IdentityId identityId, @Nullable AuthenticatorId authenticatorId)
            implements LoginCheck {
        public Failed(String reason) {
            this(reason, null, null);
        }

        public Failed(String reason, Authenticator authenticator) {
            this(reason, authenticator.identityId(), authenticator.id());
        }
    }
}
