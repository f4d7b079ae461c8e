package io.zitipekko.actors.identity;

import io.zitipekko.actors.model.ModelView;
import io.zitipekko.actors.model.entity.AuthPolicy;
import io.zitipekko.actors.model.entity.Authenticator;
import io.zitipekko.actors.model.entity.Ca;
import io.zitipekko.actors.model.entity.ClaimedId;
import io.zitipekko.actors.model.entity.ExternalIdClaim;
import io.zitipekko.actors.model.entity.Identity;
import io.zitipekko.actors.model.id.AuthenticatorId;
import io.zitipekko.actors.model.id.CaId;
import io.zitipekko.actors.model.type.AuthPolicies;
import io.zitipekko.actors.model.type.Authenticators;
import io.zitipekko.actors.model.type.Cas;
import io.zitipekko.actors.model.type.Identities;
import io.zitipekko.transport.identity.Fingerprint;
import io.zitipekko.transport.identity.PeerIdentity;
import io.zitipekko.transport.identity.PresentedCertificates;
import io.zitipekko.transport.identity.ProvedPaths;
import io.zitipekko.transport.identity.UntrustedPeerException;
import io.zitipekko.transport.refusal.PlainText;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.Optional;

/**
 * Who a TLS client certificate logs in (protocol/05 section 5.2): whoever has it as an authenticator, or whom it names itself by the external id
 * that its third party's authority claims. Only the leaf counts, the one whose key the handshake proved; what else was presented is material
 * for its path. Remembers paths that held, nothing else: the rest is asked of the model each time.
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
        if (authenticator.isEmpty() && thirdParty.isPresent()) {
            return byExternalId(peer.leaf(), thirdParty.get(), view, now);
        }
        // A renewed certificate that is still pending finds its authenticator too, but must not log in.
        if (authenticator.isEmpty()
                || !(authenticator.get().credential() instanceof Authenticator.Certificate stored)
                || !stored.fingerprint().equals(fingerprint)) {
            return new LoginCheck.Failed("no authenticator has the certificate " + fingerprint);
        }
        Optional<Identity> identity =
                view.get(Identities.TYPE, authenticator.get().identityId());
        if (identity.isEmpty()) {
            return new LoginCheck.Failed(
                    "authenticator " + authenticator.get().id() + " has no identity", authenticator.get());
        }
        return admit(
                new LoginCheck.Passed(
                        identity.get(),
                        authenticator.get().id(),
                        Optional.of(peer.leaf()),
                        improperChain,
                        thirdParty,
                        Optional.empty()),
                peer.leaf(),
                view,
                now);
    }

    /** A certificate that no authenticator has names its identity itself, where the authority's claim says so. */
    private static LoginCheck byExternalId(X509Certificate leaf, CaId thirdParty, ModelView view, Instant now) {
        ExternalIdClaim claim =
                view.get(Cas.TYPE, thirdParty).map(Ca::externalIdClaim).orElse(null);
        Optional<String> externalId = claim == null ? Optional.empty() : ExternalIds.of(claim, leaf);
        Optional<Identity> identity =
                externalId.flatMap(id -> view.find(Identities.TYPE, Identities.BY_EXTERNAL_ID, id));
        if (claim == null || identity.isEmpty()) {
            return new LoginCheck.Failed("no authenticator has the certificate " + Fingerprint.of(leaf)
                    + externalId
                            .map(id -> ", and no identity the external id '" + PlainText.of(id) + "'")
                            .orElse(", and it gives no external id"));
        }
        return admit(
                new LoginCheck.Passed(
                        identity.get(),
                        AuthenticatorId.INTERNAL,
                        Optional.of(leaf),
                        false,
                        Optional.of(thirdParty),
                        Optional.of(new ClaimedId(claim, externalId.get()))),
                leaf,
                view,
                now);
    }

    /** What the identity and its policy say to one who proved to be it. */
    private static LoginCheck admit(LoginCheck.Passed proved, X509Certificate leaf, ModelView view, Instant now) {
        Identity identity = proved.identity();
        if (identity.disabled(now)) {
            return refused(proved, "identity " + identity.id() + " is disabled");
        }
        Optional<AuthPolicy> policy = view.get(AuthPolicies.TYPE, identity.authPolicyId());
        if (policy.isEmpty() || !policy.get().certAllowed()) {
            return refused(
                    proved, "the authentication policy of identity " + identity.id() + " admits no certificates");
        }
        boolean expired = now.isAfter(leaf.getNotAfter().toInstant());
        boolean early = now.isBefore(leaf.getNotBefore().toInstant());
        if (early || expired && !policy.get().certAllowExpired()) {
            return refused(
                    proved,
                    "the client certificate is valid from "
                            + leaf.getNotBefore().toInstant() + " to "
                            + leaf.getNotAfter().toInstant() + " only");
        }
        return proved;
    }

    private static LoginCheck refused(LoginCheck.Passed proved, String reason) {
        return new LoginCheck.Failed(reason, proved.identity().id(), proved.authenticatorId());
    }
}
