package io.zitipekko.actors.router.edge;

import io.zitipekko.actors.model.id.ApiSessionId;
import io.zitipekko.actors.model.id.IdentityId;
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
import java.util.List;
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

    private static final String IDENTITY = "/identity/";
    private static final String API_SESSION = "/apiSession/";

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
        return admits(parts, presented);
    }

    /** The same question, later. */
    static boolean admits(EdgeParts parts, PresentedCertificates presented) {
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
        Optional<SpiffeId> name = firstPartyName(presented);
        Optional<LegacyApiSession> known = parts.apiSessions().find(token);
        if (known.isPresent()
                && !known.get().fingerprints().contains(fingerprint)
                && name.filter(id -> namesAnother(id, known.get().identityId())).isPresent()) {
            // No list that is still to come can make somebody else's certificate this one's.
            return CompletableFuture.completedFuture(Optional.empty());
        }
        return parts.apiSessions()
                .await(token, session -> belongs(session, leaf, fingerprint, name), timeout)
                .thenApply(found -> found.map(session -> {
                    boolean listed = session.fingerprints().contains(fingerprint);
                    return new EdgeSession(
                            session.id(),
                            session.identityId(),
                            token,
                            fingerprint,
                            EdgeSession.Kind.LEGACY,
                            Optional.of(session.controller()),
                            Optional.empty(),
                            listed,
                            // An enrolled certificate on the list may outlive its dates: the controllers take it off in
                            // time.
                            listed && !ofApiSession(name) ? Optional.empty() : Optional.of(end(leaf)));
                }));
    }

    /** A token that is not good yet may become so when the data model catches up; one that never does is refused when the time is up. */
    private CompletionStage<Optional<EdgeSession>> accessToken(
            String token, X509Certificate leaf, PresentedCertificates presented, Duration left) {
        try {
            AccessToken access = accessTokens.verify(token);
            if (access.endedBy(parts.model(), parts.clock().instant()).isEmpty()) {
                return CompletableFuture.completedFuture(session(access, token, leaf, presented));
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

    private Optional<EdgeSession> session(
            AccessToken access, String token, X509Certificate leaf, PresentedCertificates presented) {
        boolean listed =
                access.fingerprints().contains(Fingerprint.of(leaf)) && (!isOver(leaf) || access.expiredCertificates());
        boolean named = !isOver(leaf)
                && firstPartyName(presented)
                        .filter(id -> namesIdentity(id, access.identityId())
                                || namesSession(id, access.identityId(), access.apiSessionId()))
                        .isPresent();
        if (!listed && !named) {
            return Optional.empty();
        }
        return Optional.of(new EdgeSession(
                access.apiSessionId(),
                access.identityId(),
                token,
                Fingerprint.of(leaf),
                EdgeSession.Kind.OIDC,
                Optional.empty(),
                Optional.of(access),
                listed,
                listed && access.expiredCertificates() ? Optional.empty() : Optional.of(end(leaf))));
    }

    /**
     * A certificate that the session lists, or one of the identity's own. One that was issued for an API session must be listed: its name
     * alone says nothing of its having been taken back.
     */
    private boolean belongs(
            LegacyApiSession session, X509Certificate leaf, Fingerprint fingerprint, Optional<SpiffeId> name) {
        if (session.fingerprints().contains(fingerprint)) {
            return !ofApiSession(name) || !isOver(leaf);
        }
        return !isOver(leaf)
                && name.filter(id -> namesIdentity(id, session.identityId())).isPresent();
    }

    private boolean isOver(X509Certificate leaf) {
        return !end(leaf).isAfter(parts.clock().instant());
    }

    private static Instant end(X509Certificate leaf) {
        return leaf.getNotAfter().toInstant();
    }

    /** {@code /identity/<id>}. */
    private static boolean namesIdentity(SpiffeId id, IdentityId identity) {
        return id.path().equals(IDENTITY + identity);
    }

    private static boolean namesAnother(SpiffeId id, IdentityId identity) {
        return id.path().startsWith(IDENTITY)
                && !namesIdentity(id, identity)
                && !id.path().startsWith(IDENTITY + identity + "/");
    }

    /** {@code /identity/<id>/apiSession/<asid>[/apiSessionCertificate/<cert>]}. */
    private static boolean namesSession(SpiffeId id, IdentityId identity, ApiSessionId session) {
        String ofSession = IDENTITY + identity + API_SESSION + session;
        if (id.path().equals(ofSession)) {
            return true;
        }
        String certificate = ofSession + "/apiSessionCertificate/";
        return id.path().startsWith(certificate)
                && id.path().length() > certificate.length()
                && id.path().indexOf('/', certificate.length()) < 0;
    }

    private static boolean ofApiSession(Optional<SpiffeId> name) {
        return name.filter(id -> id.path().contains(API_SESSION)).isPresent();
    }

    /** The SPIFFE id of a leaf that the controllers issued, whether it has expired or not. */
    private Optional<SpiffeId> firstPartyName(PresentedCertificates presented) {
        try {
            PeerIdentity peer = LeafVerifier.verifyIgnoringLeafDates(
                    presented,
                    parts.identity().get().anchors(),
                    List.of(),
                    parts.clock().instant());
            return peer.spiffeId();
        } catch (UntrustedPeerException e) {
            // A third-party certificate: its names are not the controllers' word.
            return Optional.empty();
        }
    }
}
