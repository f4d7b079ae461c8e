package io.zitipekko.actors.enrollment;

import static io.zitipekko.actors.model.type.Enrollments.BY_TOKEN;
import static io.zitipekko.actors.model.type.Enrollments.TYPE;

import io.zitipekko.actors.enrollment.EnrollmentException.Code;
import io.zitipekko.actors.identity.NetworkAuthority;
import io.zitipekko.actors.identity.PasswordHashing;
import io.zitipekko.actors.identity.TimeOrderedIds;
import io.zitipekko.actors.model.Change;
import io.zitipekko.actors.model.Model;
import io.zitipekko.actors.model.ModelException;
import io.zitipekko.actors.model.ModelView;
import io.zitipekko.actors.model.Proposal;
import io.zitipekko.actors.model.entity.AuthPolicy;
import io.zitipekko.actors.model.entity.Authenticator;
import io.zitipekko.actors.model.entity.EdgeRouter;
import io.zitipekko.actors.model.entity.Enrollment;
import io.zitipekko.actors.model.entity.Entity.Meta;
import io.zitipekko.actors.model.entity.Identity;
import io.zitipekko.actors.model.id.AuthenticatorId;
import io.zitipekko.actors.model.id.CaId;
import io.zitipekko.actors.model.id.EnrollmentId;
import io.zitipekko.actors.model.id.IdentityId;
import io.zitipekko.actors.model.id.RouterId;
import io.zitipekko.actors.model.type.AuthPolicies;
import io.zitipekko.actors.model.type.Authenticators;
import io.zitipekko.actors.model.type.EdgeRouters;
import io.zitipekko.actors.model.type.Identities;
import io.zitipekko.actors.model.view.Leftovers;
import io.zitipekko.actors.work.BoundedWork;
import io.zitipekko.transport.identity.Fingerprint;
import io.zitipekko.transport.identity.Pem;
import io.zitipekko.transport.identity.PresentedCertificates;
import io.zitipekko.transport.identity.SpiffeId;
import io.zitipekko.transport.pki.AlternativeNames;
import io.zitipekko.transport.pki.CertificateSubject;
import io.zitipekko.transport.pki.Csr;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Enrolments that stand in the model. */
public final class StoredEnrollments implements Enrollments {
    private static final Duration CERTIFICATE_LIFETIME = Duration.ofDays(365);
    private static final int LONGEST_TOKEN = 256;
    private static final int NAMES_TRIED = 5;

    private final Model model;
    private final NetworkAuthority authority;
    private final EnrollmentSettings settings;
    private final EnrollmentTokens tokens;
    private final PasswordHashing passwords;
    private final BoundedWork signing;
    private final TimeOrderedIds ids;
    private final InstantSource clock;
    private final ThirdPartyEnrollments thirdParties;

    public StoredEnrollments(
            Model model,
            NetworkAuthority authority,
            EnrollmentSettings settings,
            EnrollmentTokens tokens,
            PasswordHashing passwords,
            BoundedWork signing,
            InstantSource clock) {
        this.model = model;
        this.authority = authority;
        this.settings = settings;
        this.tokens = tokens;
        this.passwords = passwords;
        this.signing = signing;
        this.ids = new TimeOrderedIds(clock);
        this.clock = clock;
        this.thirdParties = new ThirdPartyEnrollments(ids, clock);
    }

    @Override
    public Enrollment prepareOtt(IdentityId identity, @Nullable Instant expiresAt) {
        return prepare(METHOD_OTT, identity, null, null, null, expiresAt);
    }

    @Override
    public Enrollment prepareOttCa(IdentityId identity, CaId ca, @Nullable Instant expiresAt) {
        return prepare(METHOD_OTTCA, identity, null, null, ca, expiresAt);
    }

    @Override
    public Enrollment prepareUpdb(IdentityId identity, String username, @Nullable Instant expiresAt) {
        return prepare(METHOD_UPDB, identity, null, username, null, expiresAt);
    }

    @Override
    public Enrollment prepareAgain(Authenticator authenticator, @Nullable Instant expiresAt) {
        IdentityId identity = authenticator.identityId();
        if (authenticator.credential() instanceof Authenticator.Password password) {
            return prepareUpdb(identity, password.username(), expiresAt);
        }
        return thirdParties
                .authorityOf(authenticator, model.view())
                .map(ca -> prepareOttCa(identity, ca, expiresAt))
                .orElseGet(() -> prepareOtt(identity, expiresAt));
    }

    @Override
    public Enrollment prepareRouter(RouterId router, @Nullable Instant expiresAt) {
        return prepare(METHOD_EROTT, null, router, null, null, expiresAt);
    }

    private Enrollment prepare(
            String method,
            @Nullable IdentityId identity,
            @Nullable RouterId router,
            @Nullable String username,
            @Nullable CaId ca,
            @Nullable Instant wanted) {
        String token = UUID.randomUUID().toString();
        Instant expiresAt = expiry(wanted, router != null);
        String subject = identity != null ? identity.value() : router == null ? "" : router.value();
        return new Enrollment(
                new EnrollmentId(ids.next()),
                Meta.created(clock.instant(), Map.of()),
                method,
                token,
                expiresAt,
                tokens.issue(method, subject, token, expiresAt),
                identity,
                router,
                username,
                ca);
    }

    @Override
    public Enrollment refresh(Enrollment old, @Nullable Instant wanted) {
        String token = UUID.randomUUID().toString();
        Instant expiresAt = expiry(wanted, old.routerId() != null);
        String subject = old.identityId() != null
                ? old.identityId().value()
                : old.routerId() == null ? "" : old.routerId().value();
        return new Enrollment(
                old.id(),
                old.meta().touched(clock.instant()),
                old.method(),
                token,
                expiresAt,
                tokens.issue(old.method(), subject, token, expiresAt),
                old.identityId(),
                old.routerId(),
                old.username(),
                old.caId());
    }

    /** Whole seconds, as the token says it. */
    private Instant expiry(@Nullable Instant wanted, boolean router) {
        Instant end = wanted != null
                ? wanted
                : clock.instant().plus(router ? settings.routerTokens() : settings.identityTokens());
        return end.truncatedTo(ChronoUnit.SECONDS);
    }

    @Override
    public CompletionStage<EnrolledIdentity> enrollOtt(String token, String csrPem, Proposal.Source source) {
        return signing.run(() -> signIdentity(live(token, METHOD_OTT), csrPem))
                .thenCompose(signed -> use(signed.enrollment(), signed.change(), source, signed::answer));
    }

    private Signed<EnrolledIdentity> signIdentity(Enrollment enrollment, String csrPem) {
        Csr csr = CertificateRequests.parse(csrPem);
        IdentityId identity = identityOf(enrollment);
        SpiffeId name = SpiffeId.identity(authority.trustDomain(), identity.value());
        X509Certificate leaf = authority
                .signing()
                .issueClient(CertificateSubject.of(csr, AlternativeNames.of(name)), CERTIFICATE_LIFETIME);
        Authenticator authenticator = new Authenticator(
                new AuthenticatorId(ids.next()),
                Meta.created(clock.instant(), Map.of()),
                identity,
                new Authenticator.Certificate(Fingerprint.of(leaf), Pem.write(leaf), true, null, null));
        return new Signed<>(
                enrollment,
                new Change.Put<>(Authenticators.TYPE, authenticator, null),
                new EnrolledIdentity(identity, Pem.write(authority.signing().presented(leaf))));
    }

    @Override
    public CompletionStage<IdentityId> enrollOttCa(
            String token, PresentedCertificates presented, Proposal.Source source) {
        return signing.run(() -> {
                    Enrollment enrollment = live(token, METHOD_OTTCA);
                    IdentityId identity = identityOf(enrollment);
                    return new Signed<>(
                            enrollment,
                            thirdParties.authenticator(enrollment, identity, presented, model.view()),
                            identity);
                })
                .thenCompose(signed -> use(signed.enrollment(), signed.change(), source, signed::answer));
    }

    @Override
    public CompletionStage<IdentityId> enrollCa(
            PresentedCertificates presented, @Nullable String requestedName, Proposal.Source source) {
        return enrollCa(presented, requestedName, source, NAMES_TRIED);
    }

    /** Two who enrol at the same time may be given the same name: the later one is given another. */
    private CompletionStage<IdentityId> enrollCa(
            PresentedCertificates presented, @Nullable String requestedName, Proposal.Source source, int tries) {
        return signing.run(() -> thirdParties.identity(presented, requestedName, model.view()))
                .thenCompose(made -> {
                    Identity identity = made.identity();
                    Proposal.Author author =
                            new Proposal.Author("identity", identity.id().value(), identity.name(), source);
                    return model.propose(new Proposal(made.changes(), author))
                            .handle((commit, failure) -> {
                                if (failure == null) {
                                    return CompletableFuture.completedFuture(identity.id());
                                }
                                Throwable cause = refused(BoundedWork.cause(failure));
                                boolean nameTaken = cause instanceof ModelException refusal
                                        && refusal.kind() == ModelException.Kind.NOT_UNIQUE
                                        && refusal.field()
                                                .filter("name"::equals)
                                                .isPresent();
                                return nameTaken && tries > 1
                                        ? enrollCa(presented, requestedName, source, tries - 1)
                                                .toCompletableFuture()
                                        : CompletableFuture.<IdentityId>failedFuture(cause);
                            })
                            .thenCompose(stage -> stage);
                });
    }

    /** The certificate may have become somebody's meanwhile. */
    private static Throwable refused(Throwable cause) {
        return cause instanceof ModelException refusal
                        && refusal.kind() == ModelException.Kind.NOT_UNIQUE
                        && refusal.field()
                                .filter(Authenticators.BY_FINGERPRINT.name()::equals)
                                .isPresent()
                ? ThirdPartyEnrollments.inUse()
                : cause;
    }

    @Override
    public CompletionStage<String> enrollUpdb(String token, String username, String password, Proposal.Source source) {
        return attempt(() -> {
                    Enrollment enrollment = live(token, METHOD_UPDB);
                    String stored = enrollment.username() == null ? "" : enrollment.username();
                    if (!stored.equals(username)) {
                        throw new EnrollmentException(
                                Code.COULD_NOT_VALIDATE,
                                "the user name is not the one that the enrolment is for",
                                "username",
                                null);
                    }
                    checkPassword(identityOf(enrollment), password);
                    return enrollment;
                })
                .thenCompose(enrollment -> passwords
                        .hash(username, password)
                        .thenCompose(hash -> use(
                                enrollment,
                                new Change.Put<>(
                                        Authenticators.TYPE,
                                        new Authenticator(
                                                new AuthenticatorId(ids.next()),
                                                Meta.created(clock.instant(), Map.of()),
                                                identityOf(enrollment),
                                                hash),
                                        null),
                                source,
                                () -> username)));
    }

    private void checkPassword(IdentityId identity, String password) {
        int shortest = model.view()
                .get(Identities.TYPE, identity)
                .flatMap(known -> model.view().get(AuthPolicies.TYPE, known.authPolicyId()))
                .map(AuthPolicy::updbMinPasswordLength)
                .map(length -> Math.max(length, PasswordHashing.SHORTEST))
                .orElse(PasswordHashing.SHORTEST);
        if (password.length() < shortest || password.length() > PasswordHashing.LONGEST) {
            throw new EnrollmentException(
                    Code.COULD_NOT_VALIDATE,
                    "a password of " + password.length() + " characters (expected: " + shortest + " to "
                            + PasswordHashing.LONGEST + ")",
                    "password",
                    null);
        }
    }

    @Override
    public CompletionStage<EnrolledRouter> enrollRouter(
            String token, String clientCsrPem, String serverCsrPem, Proposal.Source source) {
        return signing.run(() -> signRouter(live(token, METHOD_EROTT), clientCsrPem, serverCsrPem))
                .thenCompose(signed -> use(signed.enrollment(), signed.change(), source, signed::answer));
    }

    private Signed<EnrolledRouter> signRouter(Enrollment enrollment, String clientCsrPem, String serverCsrPem) {
        RouterId id = enrollment.routerId();
        EdgeRouter router =
                id == null ? null : model.view().get(EdgeRouters.TYPE, id).orElse(null);
        if (router == null) {
            throw unknownToken();
        }
        RouterCertificates certificates = RouterCertificates.sign(authority, router.id(), clientCsrPem, serverCsrPem);
        return new Signed<>(
                enrollment,
                new Change.Put<>(
                        EdgeRouters.TYPE,
                        router.withCertificate(certificates.fingerprint(), certificates.leafPem(), clock.instant()),
                        router),
                certificates.answer());
    }

    @Override
    public void checkMethod(String token, String method) {
        Enrollment enrollment = find(token);
        if (!enrollment.method().equals(method)) {
            throw wrongMethod(method);
        }
    }

    private Enrollment live(String token, String method) {
        Enrollment enrollment = find(token);
        if (!enrollment.method().equals(method)) {
            throw wrongMethod(method);
        }
        if (!clock.instant().isBefore(enrollment.expiresAt())) {
            throw new EnrollmentException(
                    Code.ENROLLMENT_EXPIRED, "The enrollment expired at " + enrollment.expiresAt());
        }
        return enrollment;
    }

    private Enrollment find(String token) {
        if (token.isEmpty() || token.length() > LONGEST_TOKEN) {
            throw unknownToken();
        }
        ModelView view = model.view();
        return view.find(TYPE, BY_TOKEN, token)
                .filter(enrollment -> Leftovers.stands(view, TYPE, enrollment))
                .orElseThrow(StoredEnrollments::unknownToken);
    }

    /** One proposal: what was earned, and the end of the token. Whoever comes second finds the token gone. */
    private <T> CompletionStage<T> use(
            Enrollment enrollment, Change earned, Proposal.Source source, Supplier<T> answer) {
        String subject = enrollment.identityId() != null
                ? enrollment.identityId().value()
                : String.valueOf(enrollment.routerId());
        Proposal.Author author =
                new Proposal.Author(enrollment.identityId() != null ? "identity" : "router", subject, subject, source);
        return model.propose(new Proposal(List.of(new Change.Delete(TYPE, enrollment.id()), earned), author))
                .handle((commit, failure) -> {
                    if (failure == null) {
                        return answer.get();
                    }
                    Throwable cause = BoundedWork.cause(failure);
                    if (cause instanceof ModelException refusal && refusal.kind() == ModelException.Kind.NOT_FOUND) {
                        throw new CompletionException(unknownToken());
                    }
                    throw new CompletionException(refused(cause));
                });
    }

    private static IdentityId identityOf(Enrollment enrollment) {
        IdentityId identity = enrollment.identityId();
        if (identity == null) {
            throw unknownToken();
        }
        return identity;
    }

    private static <T> CompletionStage<T> attempt(Supplier<T> work) {
        try {
            return CompletableFuture.completedFuture(work.get());
        } catch (EnrollmentException e) {
            return CompletableFuture.failedFuture(e);
        }
    }

    private static EnrollmentException unknownToken() {
        return new EnrollmentException(Code.INVALID_ENROLLMENT_TOKEN, "The supplied token is not valid");
    }

    private static EnrollmentException wrongMethod(String method) {
        return new EnrollmentException(
                Code.INVALID_ENROLL_METHOD, "The supplied enrollment method '" + method + "' is not that of the token");
    }

    /** What was signed for whom, before it is stored. */
    private record Signed<T>(Enrollment enrollment, Change change, T answer) {}
}
