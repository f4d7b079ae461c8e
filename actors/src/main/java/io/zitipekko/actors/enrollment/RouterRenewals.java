package io.zitipekko.actors.enrollment;

import io.zitipekko.actors.enrollment.EnrollmentException.Code;
import io.zitipekko.actors.enrollment.Enrollments.EnrolledRouter;
import io.zitipekko.actors.identity.NetworkAuthority;
import io.zitipekko.actors.model.Change;
import io.zitipekko.actors.model.Model;
import io.zitipekko.actors.model.Proposal;
import io.zitipekko.actors.model.entity.EdgeRouter;
import io.zitipekko.actors.model.id.RouterId;
import io.zitipekko.actors.model.type.EdgeRouters;
import io.zitipekko.actors.work.BoundedWork;
import io.zitipekko.transport.identity.Fingerprint;
import io.zitipekko.transport.identity.InvalidIdentityException;
import io.zitipekko.transport.identity.LeafVerifier;
import io.zitipekko.transport.identity.Pem;
import io.zitipekko.transport.identity.PresentedCertificates;
import io.zitipekko.transport.identity.UntrustedPeerException;
import java.security.cert.X509Certificate;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;

/** Renews the certificates of routers that are enrolled (protocol/03 section 5.4). The stages fail with {@link EnrollmentException}. Thread-safe. */
public final class RouterRenewals {
    private final Model model;
    private final NetworkAuthority authority;
    private final BoundedWork signing;
    private final InstantSource clock;

    public RouterRenewals(Model model, NetworkAuthority authority, BoundedWork signing, InstantSource clock) {
        this.model = model;
        this.authority = authority;
        this.signing = signing;
        this.clock = clock;
    }

    /** Over HTTP, at once: proved by the leaf that the connection presented, which must be the router's current one. */
    public CompletionStage<EnrolledRouter> extend(
            PresentedCertificates presented, String clientCsrPem, String serverCsrPem, Proposal.Source source) {
        return attempt(() -> {
                    Fingerprint leaf;
                    try {
                        leaf = LeafVerifier.verify(presented, authority.rootsAndIntermediates(), clock.instant())
                                .fingerprint();
                    } catch (UntrustedPeerException e) {
                        throw unauthorized("the client certificate is not trusted");
                    }
                    EdgeRouter router = model.view()
                            .find(EdgeRouters.TYPE, EdgeRouters.BY_FINGERPRINT, leaf.hex())
                            .filter(found -> leaf.equals(found.fingerprint()))
                            .orElseThrow(() -> unauthorized("no router has the client certificate " + leaf));
                    return router.id();
                })
                .thenCompose(router -> extend(router, clientCsrPem, serverCsrPem, false, source));
    }

    /**
     * For a router that proved itself already, on its control channel.
     *
     * @param requireVerification the old certificate counts until {@link #verify}
     * @param source for the audit
     */
    public CompletionStage<EnrolledRouter> extend(
            RouterId id,
            String clientCsrPem,
            String serverCsrPem,
            boolean requireVerification,
            Proposal.Source source) {
        return signing.run(() -> RouterCertificates.sign(authority, id, clientCsrPem, serverCsrPem))
                .thenCompose(signed -> attempt(() -> router(id))
                        .thenCompose(before -> propose(
                                before,
                                requireVerification
                                        ? before.withUnverifiedCertificate(
                                                signed.fingerprint(), signed.leafPem(), clock.instant())
                                        : before.withCertificate(
                                                signed.fingerprint(), signed.leafPem(), clock.instant()),
                                source))
                        .thenApply(commit -> signed.answer()));
    }

    /** The router shows that it has the new certificate: from now on only that one counts. */
    public CompletionStage<Void> verify(RouterId id, String clientCertPem, Proposal.Source source) {
        return attempt(() -> {
                    EdgeRouter router = router(id);
                    Fingerprint unverified = router.unverifiedFingerprint();
                    String pem = router.unverifiedCertPem();
                    if (unverified == null || pem == null) {
                        throw new EnrollmentException(
                                Code.COULD_NOT_VALIDATE, "router '" + id + "' has no certificate to be verified");
                    }
                    if (!unverified.equals(firstLeaf(clientCertPem))) {
                        throw new EnrollmentException(
                                Code.INVALID_CLIENT_CERT,
                                "the certificate is not the one that was issued to router '" + id + "'");
                    }
                    return new Promotion(router, router.withCertificate(unverified, pem, clock.instant()));
                })
                .thenCompose(promotion -> propose(promotion.before(), promotion.after(), source))
                .thenApply(commit -> null);
    }

    private EdgeRouter router(RouterId id) {
        return model.view()
                .get(EdgeRouters.TYPE, id)
                .orElseThrow(() -> new EnrollmentException(Code.NOT_FOUND, "router '" + id + "' does not exist"));
    }

    private CompletionStage<Model.Commit> propose(EdgeRouter before, EdgeRouter after, Proposal.Source source) {
        return model.propose(new Proposal(
                List.of(new Change.Put<>(EdgeRouters.TYPE, after, before)),
                new Proposal.Author("router", before.id().value(), before.name(), source)));
    }

    private static Fingerprint firstLeaf(String pem) {
        try {
            List<X509Certificate> certificates = Pem.certificates(pem);
            return Fingerprint.of(certificates.get(0));
        } catch (InvalidIdentityException e) {
            throw new EnrollmentException(
                    Code.INVALID_CLIENT_CERT, "the certificate cannot be read: " + e.getMessage());
        }
    }

    private static EnrollmentException unauthorized(String why) {
        return new EnrollmentException(Code.UNAUTHORIZED, why);
    }

    private static <T> CompletionStage<T> attempt(Supplier<T> work) {
        try {
            return CompletableFuture.completedFuture(work.get());
        } catch (EnrollmentException e) {
            return CompletableFuture.failedFuture(e);
        }
    }

    private record Promotion(EdgeRouter before, EdgeRouter after) {}
}
