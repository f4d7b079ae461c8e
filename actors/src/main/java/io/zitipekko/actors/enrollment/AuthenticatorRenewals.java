package io.zitipekko.actors.enrollment;

import io.zitipekko.actors.enrollment.EnrollmentException.Code;
import io.zitipekko.actors.identity.NetworkAuthority;
import io.zitipekko.actors.identity.PasswordHashing;
import io.zitipekko.actors.model.Change;
import io.zitipekko.actors.model.Model;
import io.zitipekko.actors.model.Proposal;
import io.zitipekko.actors.model.entity.Authenticator;
import io.zitipekko.actors.model.type.Authenticators;
import io.zitipekko.actors.work.BoundedWork;
import io.zitipekko.transport.identity.Fingerprint;
import io.zitipekko.transport.identity.InvalidIdentityException;
import io.zitipekko.transport.identity.Pem;
import io.zitipekko.transport.identity.PresentedCertificates;
import io.zitipekko.transport.identity.SpiffeId;
import io.zitipekko.transport.pki.AlternativeNames;
import io.zitipekko.transport.pki.CertificateSubject;
import io.zitipekko.transport.pki.Csr;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/**
 * What an identity may do with its own authenticators: renew a certificate in two steps, change a password (protocol/05 section 7.6). The
 * caller has checked that the authenticator is the identity's own. The stages fail with {@link EnrollmentException}. Thread-safe.
 */
public final class AuthenticatorRenewals {
    private static final Duration CERTIFICATE_LIFETIME = Duration.ofDays(365);

    private final Model model;
    private final NetworkAuthority authority;
    private final PasswordHashing passwords;
    private final BoundedWork signing;
    private final InstantSource clock;

    public AuthenticatorRenewals(
            Model model,
            NetworkAuthority authority,
            PasswordHashing passwords,
            BoundedWork signing,
            InstantSource clock) {
        this.model = model;
        this.authority = authority;
        this.passwords = passwords;
        this.signing = signing;
        this.clock = clock;
    }

    /**
     * Signs a new certificate; the old one counts until {@link #verify}.
     *
     * @param presented of the connection: its leaf must be the authenticator's current certificate
     * @param source for the audit
     */
    public CompletionStage<Renewal> extend(
            Authenticator authenticator, PresentedCertificates presented, String csrPem, Proposal.Source source) {
        if (!(authenticator.credential() instanceof Authenticator.Certificate current) || !current.issuedByNetwork()) {
            return CompletableFuture.failedFuture(new EnrollmentException(
                    Code.INVALID_CLIENT_CERT, "only a certificate that this network issued can be renewed"));
        }
        Optional<Fingerprint> leaf = presented.leaf().map(Fingerprint::of);
        if (leaf.isEmpty() || !leaf.get().equals(current.fingerprint())) {
            return CompletableFuture.failedFuture(new EnrollmentException(
                    Code.UNAUTHORIZED, "the connection does not present the certificate that is to be renewed"));
        }
        return signing.run(() -> sign(authenticator, csrPem)).thenCompose(certificate -> propose(
                        authenticator,
                        new Authenticator.Certificate(
                                current.fingerprint(),
                                current.pem(),
                                true,
                                Fingerprint.of(certificate),
                                Pem.write(certificate)),
                        source)
                .thenApply(commit ->
                        new Renewal(Pem.write(authority.signing().presented(certificate)), authority.bundlePem())));
    }

    private X509Certificate sign(Authenticator authenticator, String csrPem) {
        Csr csr = CertificateRequests.parse(csrPem);
        SpiffeId name = SpiffeId.identity(
                authority.trustDomain(), authenticator.identityId().value());
        return authority
                .signing()
                .issueClient(CertificateSubject.of(csr, AlternativeNames.of(name)), CERTIFICATE_LIFETIME);
    }

    /** The identity has the new certificate: from now on only that one counts. */
    public CompletionStage<Void> verify(Authenticator authenticator, String clientCertPem, Proposal.Source source) {
        if (!(authenticator.credential() instanceof Authenticator.Certificate current)
                || current.pendingFingerprint() == null
                || current.pendingPem() == null) {
            return CompletableFuture.failedFuture(
                    new EnrollmentException(Code.INVALID_CLIENT_CERT, "no renewal is waiting to be verified"));
        }
        Fingerprint shown;
        try {
            shown = Fingerprint.of(Pem.certificates(clientCertPem).get(0));
        } catch (InvalidIdentityException e) {
            return CompletableFuture.failedFuture(new EnrollmentException(
                    Code.INVALID_CLIENT_CERT, "the certificate cannot be read: " + e.getMessage()));
        }
        if (!shown.equals(current.pendingFingerprint())) {
            return CompletableFuture.failedFuture(
                    new EnrollmentException(Code.INVALID_CLIENT_CERT, "that is not the certificate that was issued"));
        }
        return propose(
                        authenticator,
                        new Authenticator.Certificate(
                                current.pendingFingerprint(), current.pendingPem(), true, null, null),
                        source)
                .thenApply(commit -> null);
    }

    /** A new user name or password, proved by the current password; null keeps what is. */
    public CompletionStage<Void> changePassword(
            Authenticator authenticator,
            String currentPassword,
            @org.jspecify.annotations.Nullable String newUsername,
            @org.jspecify.annotations.Nullable String newPassword,
            Proposal.Source source) {
        if (!(authenticator.credential() instanceof Authenticator.Password stored)) {
            return CompletableFuture.failedFuture(new EnrollmentException(
                    Code.CAN_NOT_UPDATE_AUTHENTICATOR, "a certificate authenticator has no password to change"));
        }
        String username = newUsername == null ? stored.username() : newUsername;
        String password = newPassword == null ? currentPassword : newPassword;
        if (password.length() < PasswordHashing.SHORTEST || password.length() > PasswordHashing.LONGEST) {
            return CompletableFuture.failedFuture(new EnrollmentException(
                    Code.COULD_NOT_VALIDATE,
                    "a password of " + password.length() + " characters (expected: " + PasswordHashing.SHORTEST + " to "
                            + PasswordHashing.LONGEST + ")",
                    "password",
                    null));
        }
        return passwords
                .matches(Optional.of(stored), currentPassword)
                .thenCompose(right -> right
                        ? passwords.hash(username, password)
                        : CompletableFuture.failedFuture(new EnrollmentException(
                                Code.UNAUTHORIZED, "the current password is wrong", "currentPassword", null)))
                .thenCompose(hash -> propose(authenticator, hash, source))
                .thenApply(commit -> null);
    }

    private CompletionStage<Model.Commit> propose(
            Authenticator before, Authenticator.Credential credential, Proposal.Source source) {
        Authenticator after =
                new Authenticator(before.id(), before.meta().touched(clock.instant()), before.identityId(), credential);
        return model.propose(new Proposal(
                List.of(new Change.Put<>(Authenticators.TYPE, after, before)),
                new Proposal.Author(
                        "identity",
                        before.identityId().value(),
                        before.identityId().value(),
                        source)));
    }

    /**
     * @param clientCertPem leaf, then intermediates, without the root
     * @param caPem the first-party bundle
     */
    public record Renewal(String clientCertPem, String caPem) {}
}
