package io.zitipekko.actors.session.store;

import static io.zitipekko.actors.model.type.ApiSessionCertificates.BY_API_SESSION;
import static io.zitipekko.actors.model.type.ApiSessionCertificates.TYPE;

import io.zitipekko.actors.enrollment.CertificateRequests;
import io.zitipekko.actors.identity.NetworkAuthority;
import io.zitipekko.actors.identity.TimeOrderedIds;
import io.zitipekko.actors.model.Change;
import io.zitipekko.actors.model.Model;
import io.zitipekko.actors.model.ModelException;
import io.zitipekko.actors.model.Proposal;
import io.zitipekko.actors.model.entity.ApiSession;
import io.zitipekko.actors.model.entity.ApiSessionCertificate;
import io.zitipekko.actors.model.entity.Entity.Meta;
import io.zitipekko.actors.model.id.ApiSessionCertificateId;
import io.zitipekko.actors.model.type.ApiSessions;
import io.zitipekko.actors.session.AuthenticatedSession;
import io.zitipekko.actors.session.SessionCertificates;
import io.zitipekko.actors.work.BoundedWork;
import io.zitipekko.transport.identity.Fingerprint;
import io.zitipekko.transport.identity.Pem;
import io.zitipekko.transport.identity.SpiffeId;
import io.zitipekko.transport.pki.AlternativeNames;
import io.zitipekko.transport.pki.CertificateSubject;
import io.zitipekko.transport.pki.Csr;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;

/** Certificates of API sessions in the model; issuing one also lets its fingerprint open edge connections for the session. */
public final class StoredSessionCertificates implements SessionCertificates {
    private static final Duration LIFETIME = Duration.ofHours(12);
    private static final int TRIES = 5;

    private final Model model;
    private final NetworkAuthority authority;
    private final BoundedWork signing;
    private final TimeOrderedIds ids;
    private final InstantSource clock;

    public StoredSessionCertificates(
            Model model, NetworkAuthority authority, BoundedWork signing, TimeOrderedIds ids, InstantSource clock) {
        this.model = model;
        this.authority = authority;
        this.signing = signing;
        this.ids = ids;
        this.clock = clock;
    }

    @Override
    public CompletionStage<Issued> issue(AuthenticatedSession session, String csrPem) {
        return signing.run(() -> sign(session, csrPem))
                .thenCompose(issued -> store(session, issued, TRIES).thenApply(done -> issued));
    }

    private Issued sign(AuthenticatedSession session, String csrPem) {
        Csr csr = CertificateRequests.parse(csrPem);
        String identity = session.identity().id().value();
        ApiSessionCertificateId id = new ApiSessionCertificateId(ids.next());
        SpiffeId name = new SpiffeId(
                authority.trustDomain(),
                "/identity/" + identity + "/apiSession/" + session.session().id() + "/apiSessionCertificate/" + id);
        X509Certificate leaf = authority
                .signing()
                .issueClient(CertificateSubject.of(identity, csr.publicKey(), AlternativeNames.of(name)), LIFETIME);
        ApiSessionCertificate stored = new ApiSessionCertificate(
                id,
                Meta.created(clock.instant(), Map.of()),
                session.session().id(),
                leaf.getSubjectX500Principal().getName(),
                Fingerprint.of(leaf),
                leaf.getNotBefore().toInstant(),
                leaf.getNotAfter().toInstant(),
                Pem.write(leaf));
        return new Issued(stored, Pem.write(authority.signing().presented(leaf)), authority.bundlePem());
    }

    private CompletionStage<Void> store(AuthenticatedSession session, Issued issued, int tries) {
        ApiSession before = current(session);
        List<Fingerprint> prints = new ArrayList<>(before.certFingerprints());
        prints.add(issued.certificate().fingerprint());
        return propose(
                        session,
                        List.of(
                                new Change.Put<>(TYPE, issued.certificate(), null),
                                new Change.Put<>(ApiSessions.TYPE, before.withCertFingerprints(prints), before)))
                .handle((done, failure) -> retried(failure, tries, () -> store(session, issued, tries - 1)))
                .thenCompose(stage -> stage);
    }

    @Override
    public List<ApiSessionCertificate> of(AuthenticatedSession session) {
        return model.view().findAll(TYPE, BY_API_SESSION, session.session().id().value());
    }

    @Override
    public Optional<ApiSessionCertificate> find(AuthenticatedSession session, ApiSessionCertificateId id) {
        return model.view().get(TYPE, id).filter(found -> found.apiSessionId()
                .equals(session.session().id()));
    }

    @Override
    public CompletionStage<Boolean> delete(AuthenticatedSession session, ApiSessionCertificateId id) {
        Optional<ApiSessionCertificate> certificate = find(session, id);
        if (certificate.isEmpty()) {
            return java.util.concurrent.CompletableFuture.completedFuture(false);
        }
        return take(session, certificate.get(), TRIES).thenApply(done -> true);
    }

    private CompletionStage<Void> take(AuthenticatedSession session, ApiSessionCertificate certificate, int tries) {
        ApiSession before = current(session);
        List<Fingerprint> prints = new ArrayList<>(before.certFingerprints());
        prints.remove(certificate.fingerprint());
        return propose(
                        session,
                        List.of(
                                new Change.Delete(TYPE, certificate.id()),
                                new Change.Put<>(ApiSessions.TYPE, before.withCertFingerprints(prints), before)))
                .handle((done, failure) -> retried(failure, tries, () -> take(session, certificate, tries - 1)))
                .thenCompose(stage -> stage);
    }

    private ApiSession current(AuthenticatedSession session) {
        return model.view()
                .get(ApiSessions.TYPE, session.session().id())
                .orElseThrow(() -> new ModelException(
                        ModelException.Kind.NOT_FOUND,
                        "API session '" + session.session().id() + "' ended meanwhile"));
    }

    private CompletionStage<Model.Commit> propose(AuthenticatedSession session, List<Change> changes) {
        return model.propose(new Proposal(
                changes,
                new Proposal.Author(
                        "identity",
                        session.identity().id().value(),
                        session.identity().name())));
    }

    private static CompletionStage<Void> retried(
            @org.jspecify.annotations.Nullable Throwable failure,
            int tries,
            java.util.function.Supplier<CompletionStage<Void>> again) {
        if (failure == null) {
            return java.util.concurrent.CompletableFuture.completedFuture(null);
        }
        Throwable cause = BoundedWork.cause(failure);
        if (tries > 1 && cause instanceof ModelException refusal && refusal.kind() == ModelException.Kind.CONFLICT) {
            return again.get();
        }
        throw new CompletionException(cause);
    }
}
