package io.zitipekko.actors.router.edge;

import io.zitipekko.actors.model.ApiSessionId;
import io.zitipekko.actors.model.IdentityId;
import io.zitipekko.actors.router.edge.session.AccessToken;
import io.zitipekko.actors.router.edge.session.AccessTokens;
import io.zitipekko.actors.router.edge.session.EdgeSession;
import io.zitipekko.actors.router.edge.session.LegacyApiSession;
import io.zitipekko.actors.session.token.InvalidTokenException;
import io.zitipekko.transport.channel.Hello;
import io.zitipekko.transport.edge.EdgeHeader;
import io.zitipekko.transport.identity.Fingerprint;
import io.zitipekko.transport.identity.LeafVerifier;
import io.zitipekko.transport.identity.PeerIdentity;
import io.zitipekko.transport.identity.PresentedCertificates;
import io.zitipekko.transport.identity.SpiffeId;
import io.zitipekko.transport.identity.UntrustedPeerException;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.Date;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Finds out whose channel it is, after its Hello was accepted (protocol/02 sections 4.3 and 4.4): the token names an API session, and
 * the certificate whose key the handshake proved must belong to that session.
 */
final class SdkAuthenticator {
    private static final Logger LOG = LoggerFactory.getLogger(SdkAuthenticator.class);
    /** How often a token is looked at again whose key the data model may not have yet. */
    private static final Duration AGAIN = Duration.ofMillis(250);

    private final EdgeParts parts;
    private final AccessTokens accessTokens;
    private final Duration timeout;

    SdkAuthenticator(EdgeParts parts, Duration timeout) {
        this.parts = parts;
        this.accessTokens = new AccessTokens(parts.model(), parts.clock());
        this.timeout = timeout;
    }

    /**
     * The TLS handshake's question: does the leaf chain to a certificate that the data model trusts for clients? Its own dates do not
     * count; who it is is judged later.
     */
    boolean admits(PresentedCertificates presented) {
        try {
            LeafVerifier.verifyIgnoringLeafDates(
                    presented,
                    parts.model().clientAnchors(),
                    parts.identity().get().anchors().certificates(),
                    parts.clock().instant());
            return true;
        } catch (UntrustedPeerException e) {
            return false;
        }
    }

    /**
     * Completes with the session within the look-up time, or with nothing. The session may be announced after its SDK has connected, and
     * its certificate after that; both are waited for.
     */
    CompletionStage<Optional<EdgeSession>> authenticate(Hello hello, PresentedCertificates presented) {
        Optional<String> token =
                hello.headers().string(EdgeHeader.SESSION_TOKEN).filter(text -> !text.isEmpty());
        Optional<X509Certificate> leaf = presented.leaf();
        if (token.isEmpty() || leaf.isEmpty()) {
            return CompletableFuture.completedFuture(Optional.empty());
        }
        return token.get().startsWith("ey")
                ? accessToken(token.get(), leaf.get(), presented, timeout)
                : legacy(token.get(), leaf.get(), presented);
    }

    private CompletionStage<Optional<EdgeSession>> legacy(
            String token, X509Certificate leaf, PresentedCertificates presented) {
        Fingerprint fingerprint = Fingerprint.of(leaf);
        Optional<SpiffeId> firstParty = firstPartyId(leaf, presented);
        return parts.apiSessions()
                .await(token, session -> belongs(session, fingerprint, firstParty), timeout)
                .thenApply(found -> found.map(session -> new EdgeSession(
                        session.id(),
                        session.identityId(),
                        token,
                        fingerprint,
                        EdgeSession.Kind.LEGACY,
                        Optional.of(session.controller()),
                        Optional.empty())));
    }

    /** A token that is not good yet may become so when the data model catches up; one that never does is refused when the time is up. */
    private CompletionStage<Optional<EdgeSession>> accessToken(
            String token, X509Certificate leaf, PresentedCertificates presented, Duration left) {
        try {
            AccessToken access = accessTokens.verify(token);
            if (access.endedBy(parts.model(), parts.clock().instant()).isEmpty()) {
                return CompletableFuture.completedFuture(
                        belongs(access, leaf, presented)
                                ? Optional.of(session(access, token, leaf))
                                : Optional.empty());
            }
        } catch (InvalidTokenException e) {
            LOG.debug("an access token is not accepted: {}", e.getMessage());
        }
        if (left.isZero() || left.isNegative()) {
            return CompletableFuture.completedFuture(Optional.empty());
        }
        Duration pause = left.compareTo(AGAIN) < 0 ? left : AGAIN;
        return CompletableFuture.supplyAsync(
                        () -> accessToken(token, leaf, presented, left.minus(pause)),
                        CompletableFuture.delayedExecutor(pause.toMillis(), TimeUnit.MILLISECONDS, parts.executor()))
                .thenCompose(next -> next);
    }

    private static EdgeSession session(AccessToken access, String token, X509Certificate leaf) {
        return new EdgeSession(
                access.apiSessionId(),
                access.identityId(),
                token,
                Fingerprint.of(leaf),
                EdgeSession.Kind.OIDC,
                Optional.empty(),
                Optional.of(access));
    }

    private boolean belongs(AccessToken access, X509Certificate leaf, PresentedCertificates presented) {
        boolean expired = leaf.getNotAfter().before(Date.from(parts.clock().instant()));
        if (access.fingerprints().contains(Fingerprint.of(leaf)) && (!expired || access.expiredCertificates())) {
            return true;
        }
        return firstPartyId(leaf, presented)
                .filter(id -> names(id, access.identityId(), access.apiSessionId()))
                .isPresent();
    }

    private static boolean belongs(LegacyApiSession session, Fingerprint fingerprint, Optional<SpiffeId> firstParty) {
        if (session.fingerprints().contains(fingerprint)) {
            return true;
        }
        return firstParty.isPresent() && (names(firstParty.get(), session.identityId(), session.id()));
    }

    /** {@code /identity/<id>}, or {@code /identity/<id>/apiSession/<asid>[/apiSessionCertificate/<cert>]}. */
    private static boolean names(SpiffeId id, IdentityId identity, ApiSessionId session) {
        String[] path = id.path().split("/", -1);
        if (path.length < 3 || !path[0].isEmpty() || !path[1].equals("identity") || !path[2].equals(identity.value())) {
            return false;
        }
        if (path.length == 3) {
            return true;
        }
        boolean ofSession = path.length >= 5 && path[3].equals("apiSession") && path[4].equals(session.value());
        return ofSession
                && (path.length == 5
                        || path.length == 7 && path[5].equals("apiSessionCertificate") && !path[6].isEmpty());
    }

    /** The SPIFFE id of a leaf that the controllers issued and that has not expired. */
    private Optional<SpiffeId> firstPartyId(X509Certificate leaf, PresentedCertificates presented) {
        Instant now = parts.clock().instant();
        if (leaf.getNotAfter().before(Date.from(now))) {
            return Optional.empty();
        }
        try {
            PeerIdentity peer =
                    LeafVerifier.verify(presented, parts.identity().get().anchors(), now);
            return peer.spiffeId();
        } catch (UntrustedPeerException e) {
            // A third-party certificate: its names are not the controllers' word.
            return Optional.empty();
        }
    }
}
