package io.zitipekko.actors.identity;

import io.zitipekko.actors.model.Authenticator;
import io.zitipekko.actors.model.CaId;
import io.zitipekko.actors.model.Identity;
import java.security.cert.X509Certificate;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** What became of a credential. */
public sealed interface LoginCheck {
    /**
     * It is right, and its identity may log in with it.
     *
     * @param leaf the certificate that was proved, for a log-in by certificate
     * @param improperChain the client sent too few intermediates; the server knew them
     * @param thirdParty the authority under which that certificate was believed; empty for the network's own
     */
    record Passed(
            Identity identity,
            Authenticator authenticator,
            Optional<X509Certificate> leaf,
            boolean improperChain,
            Optional<CaId> thirdParty)
            implements LoginCheck {}

    /**
     * @param reason for the log; holds no secret
     * @param authenticator whose the credential seems to be; null when it names nobody
     */
    record Failed(String reason, @Nullable Authenticator authenticator) implements LoginCheck {
        public Failed(String reason) {
            this(reason, null);
        }
    }
}
