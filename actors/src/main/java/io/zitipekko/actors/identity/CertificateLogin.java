package io.zitipekko.actors.identity;

import io.zitipekko.actors.model.AuthPolicy;
import io.zitipekko.actors.model.Authenticator;
import io.zitipekko.actors.model.Ca;
import io.zitipekko.actors.model.CaId;
import io.zitipekko.actors.model.Identity;
import io.zitipekko.actors.model.ModelView;
import io.zitipekko.actors.model.type.AuthPolicies;
import io.zitipekko.actors.model.type.Authenticators;
import io.zitipekko.actors.model.type.Identities;
import io.zitipekko.transport.identity.Fingerprint;
import io.zitipekko.transport.identity.PeerIdentity;
import io.zitipekko.transport.identity.PresentedCertificates;
import io.zitipekko.transport.identity.ProvedPaths;
import io.zitipekko.transport.identity.UntrustedPeerException;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.Optional;

/**
 * Who a TLS client certificate logs in (protocol/05 section 5.2). Only the leaf counts, the one whose key the handshake proved; what else was
 * presented is material for its path. Remembers paths that held, nothing else: the rest is asked of the model each time.
 */
public final class CertificateLogin {
    private final ProvedPaths roots;
    private final ProvedPaths rootsAndIntermediates;
    private final ThirdParties thirdParties = new ThirdParties(Ca::admitsLogIn);

    public CertificateLogin(NetworkAuthority authority) {
        this.roots = new ProvedPaths(authority.roots());
        this.rootsAndIntermediates = new ProvedPaths(authority.rootsAndIntermediates());
    }

    /** Who it is; fails closed, with the reason for the log. */
    public LoginCheck check(PresentedCertificates presented, ModelView view, Instant now) {
        Optional<X509Certificate> leaf = presented.leaf();
        if (leaf.isEmpty()) {
            return new LoginCheck.Failed("no client certificate was presented");
        }
        PeerIdentity peer;
        Optional<CaId> thirdParty = Optional.empty();
        boolean improperChain = false;
        try {
            peer = roots.verifyIgnoringLeafDates(presented, now);
        } catch (UntrustedPeerException first) {
            try {
                peer = rootsAndIntermediates.verifyIgnoringLeafDates(presented, now);
                improperChain = true;
            } catch (UntrustedPeerException second) {
                try {
                    ThirdParties.Proved proved = thirdParties.verify(presented, view, now);
                    peer = proved.peer();
                    thirdParty = Optional.of(proved.ca());
                } catch (UntrustedPeerException third) {
                    return new LoginCheck.Failed("the client certificate is not trusted: " + second.getMessage());
                }
            }
        }
        Fingerprint fingerprint = peer.fingerprint();
        Optional<Authenticator> authenticator =
                view.find(Authenticators.TYPE, Authenticators.BY_FINGERPRINT, fingerprint.hex());
        // A renewed certificate that is still pending finds its authenticator too, but must not log in.
        if (authenticator.isEmpty()
                || !(authenticator.get().credential() instanceof Authenticator.Certificate stored)
                || !stored.fingerprint().equals(fingerprint)) {
            return new LoginCheck.Failed("no authenticator has the certificate " + fingerprint);
        }
        return admit(authenticator.get(), peer.leaf(), improperChain, thirdParty, view, now);
    }

    private static LoginCheck admit(
            Authenticator authenticator,
            X509Certificate leaf,
            boolean improperChain,
            Optional<CaId> thirdParty,
            ModelView view,
            Instant now) {
        Optional<Identity> identity = view.get(Identities.TYPE, authenticator.identityId());
        if (identity.isEmpty()) {
            return new LoginCheck.Failed("authenticator " + authenticator.id() + " has no identity", authenticator);
        }
        if (identity.get().disabled(now)) {
            return new LoginCheck.Failed("identity " + identity.get().id() + " is disabled", authenticator);
        }
        Optional<AuthPolicy> policy = view.get(AuthPolicies.TYPE, identity.get().authPolicyId());
        if (policy.isEmpty() || !policy.get().certAllowed()) {
            return new LoginCheck.Failed(
                    "the authentication policy of identity " + identity.get().id() + " admits no certificates",
                    authenticator);
        }
        boolean expired = now.isAfter(leaf.getNotAfter().toInstant());
        boolean early = now.isBefore(leaf.getNotBefore().toInstant());
        if (early || expired && !policy.get().certAllowExpired()) {
            return new LoginCheck.Failed(
                    "the client certificate is valid from "
                            + leaf.getNotBefore().toInstant() + " to "
                            + leaf.getNotAfter().toInstant() + " only",
                    authenticator);
        }
        return new LoginCheck.Passed(identity.get(), authenticator, Optional.of(leaf), improperChain, thirdParty);
    }
}
