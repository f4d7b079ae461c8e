package io.zitipekko.actors.enrollment;

import io.zitipekko.actors.enrollment.EnrollmentException.Code;
import io.zitipekko.actors.identity.ExternalIds;
import io.zitipekko.actors.identity.ThirdParties;
import io.zitipekko.actors.identity.TimeOrderedIds;
import io.zitipekko.actors.model.Change;
import io.zitipekko.actors.model.ModelView;
import io.zitipekko.actors.model.entity.Authenticator;
import io.zitipekko.actors.model.entity.Ca;
import io.zitipekko.actors.model.entity.Enrollment;
import io.zitipekko.actors.model.entity.Entity.Meta;
import io.zitipekko.actors.model.entity.Identity;
import io.zitipekko.actors.model.id.AuthenticatorId;
import io.zitipekko.actors.model.id.CaId;
import io.zitipekko.actors.model.id.IdentityId;
import io.zitipekko.actors.model.type.Authenticators;
import io.zitipekko.actors.model.type.Cas;
import io.zitipekko.actors.model.type.Identities;
import io.zitipekko.transport.identity.CertificateNames;
import io.zitipekko.transport.identity.Fingerprint;
import io.zitipekko.transport.identity.InvalidIdentityException;
import io.zitipekko.transport.identity.Pem;
import io.zitipekko.transport.identity.PresentedCertificates;
import io.zitipekko.transport.identity.UntrustedPeerException;
import java.security.cert.CertificateParsingException;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What is made of a certificate of a third party's authority that a client proved in its handshake: the authenticator of an identity that
 * exists, or an identity. Only the leaf counts. Decides by the state that it is given; whether that still holds the writer says.
 */
final class ThirdPartyEnrollments {
    private static final String CLIENT_AUTHENTICATION = "1.3.6.1.5.5.7.3.2";
    private static final String ANY_USAGE = "2.5.29.37.0";
    private static final Pattern WORDS = Pattern.compile("\\[(caName|caId|commonName|requestedName|identityId)]");
    /** How many names with a number are tried. */
    private static final int NAMESAKES = 1_000;

    private final ThirdParties enrollingByToken = new ThirdParties(ca -> ca.verified() && ca.ottEnrollmentEnabled());
    private final ThirdParties enrollingByThemselves =
            new ThirdParties(ca -> ca.verified() && ca.autoEnrollmentEnabled());
    private final ThirdParties all = new ThirdParties(ca -> true);
    private final TimeOrderedIds ids;
    private final InstantSource clock;

    ThirdPartyEnrollments(TimeOrderedIds ids, InstantSource clock) {
        this.ids = ids;
        this.clock = clock;
    }

    /** An identity with its authenticator. */
    record Made(Identity identity, List<Change> changes) {}

    /** The authenticator that a token of method {@code ottca} earns, under the very authority that it names. */
    Change authenticator(Enrollment enrollment, IdentityId identity, PresentedCertificates presented, ModelView view) {
        CaId ca = enrollment.caId();
        if (ca == null
                || view.get(Cas.TYPE, ca)
                        .filter(known -> known.verified() && known.ottEnrollmentEnabled())
                        .isEmpty()) {
            throw new EnrollmentException(
                    Code.ENROLLMENT_CA_NOT_VALID,
                    "The certificate authority of the enrollment is not verified or enrolls nobody");
        }
        Instant now = clock.instant();
        ThirdParties.Proved proved = proved(() -> enrollingByToken.verify(ca, presented, view, now), now);
        return put(identity, proved.peer().leaf(), view);
    }

    /**
     * The identity that a certificate makes by itself.
     *
     * @param requestedName what the client would like to be called; null for nothing
     */
    Made identity(PresentedCertificates presented, @Nullable String requestedName, ModelView view) {
        Instant now = clock.instant();
        if (!enrollingByThemselves.any(view)) {
            throw new EnrollmentException(
                    Code.ENROLLMENT_NO_VALID_CAS, "No certificate authority of this network enrolls by itself");
        }
        ThirdParties.Proved proved = proved(() -> enrollingByThemselves.verify(presented, view, now), now);
        X509Certificate leaf = proved.peer().leaf();
        Ca ca = view.get(Cas.TYPE, proved.ca()).orElseThrow(AssertionError::new);
        String externalId = null;
        if (ca.externalIdClaim() != null) {
            externalId = ExternalIds.of(ca.externalIdClaim(), leaf)
                    .orElseThrow(() -> failed("it names no identity where the authority's claim says"));
        }
        IdentityId id = new IdentityId(ids.next());
        Change authenticator = put(id, leaf, view);
        Identity identity = Identities.unconfigured(
                id,
                Meta.created(now, Map.of()),
                name(ca, leaf, requestedName == null ? "" : requestedName, id, view),
                Identities.TYPE_DEFAULT,
                ca.identityRoles(),
                externalId);
        return new Made(identity, List.of(new Change.Put<>(Identities.TYPE, identity, null), authenticator));
    }

    /** The authority whose certificate it is, whatever it may do now; empty for the network's own and for one that nobody knows. */
    Optional<CaId> authorityOf(Authenticator authenticator, ModelView view) {
        if (!(authenticator.credential() instanceof Authenticator.Certificate certificate)
                || certificate.issuedByNetwork()) {
            return Optional.empty();
        }
        try {
            PresentedCertificates stored = new PresentedCertificates(Pem.certificates(certificate.pem()));
            return Optional.of(all.verify(stored, view, clock.instant()).ca());
        } catch (UntrustedPeerException | InvalidIdentityException nobodys) {
            return Optional.empty();
        }
    }

    /** The first that nobody has of the name that the authority's form gives and that name with a number. */
    private static String name(Ca ca, X509Certificate leaf, String requested, IdentityId id, ModelView view) {
        // In one pass: what is put in is somebody else's text and is not looked at again.
        String name = WORDS.matcher(ca.identityNameFormat())
                .replaceAll(word -> Matcher.quoteReplacement(
                        switch (word.group(1)) {
                            case "caName" -> ca.name();
                            case "caId" -> ca.id().value();
                            case "commonName" -> CertificateNames.commonName(leaf);
                            case "requestedName" -> requested;
                            default -> id.value();
                        }));
        String free = name;
        for (int i = 1; view.find(Identities.TYPE, Identities.BY_NAME, free).isPresent(); i++) {
            if (i > NAMESAKES) {
                throw new EnrollmentException(
                        Code.COULD_NOT_VALIDATE, "identities named '" + name + "' are too many", "name", null);
            }
            free = name + String.format("%06d", i);
        }
        return free;
    }

    private Change put(IdentityId identity, X509Certificate leaf, ModelView view) {
        Fingerprint fingerprint = Fingerprint.of(leaf);
        if (view.find(Authenticators.TYPE, Authenticators.BY_FINGERPRINT, fingerprint.hex())
                .isPresent()) {
            throw inUse();
        }
        return new Change.Put<>(
                Authenticators.TYPE,
                new Authenticator(
                        new AuthenticatorId(ids.next()),
                        Meta.created(clock.instant(), Map.of()),
                        identity,
                        new Authenticator.Certificate(fingerprint, Pem.write(leaf), false, null, null)),
                null);
    }

    /** Somebody else has that certificate. */
    static EnrollmentException inUse() {
        return new EnrollmentException(Code.CERT_IN_USE, "The client certificate is in use already");
    }

    @FunctionalInterface
    private interface Proof {
        ThirdParties.Proved find() throws UntrustedPeerException;
    }

    private static ThirdParties.Proved proved(Proof proof, Instant now) {
        ThirdParties.Proved proved;
        try {
            proved = proof.find();
        } catch (UntrustedPeerException e) {
            throw failed(String.valueOf(e.getMessage()));
        }
        X509Certificate leaf = proved.peer().leaf();
        if (now.isBefore(leaf.getNotBefore().toInstant())
                || now.isAfter(leaf.getNotAfter().toInstant())) {
            throw failed("it is valid from " + leaf.getNotBefore().toInstant() + " to "
                    + leaf.getNotAfter().toInstant() + " only");
        }
        if (!forClients(leaf)) {
            throw failed("its extended key usage is not for clients");
        }
        return proved;
    }

    private static boolean forClients(X509Certificate leaf) {
        try {
            List<String> usages = leaf.getExtendedKeyUsage();
            return usages == null || usages.contains(CLIENT_AUTHENTICATION) || usages.contains(ANY_USAGE);
        } catch (CertificateParsingException e) {
            return false;
        }
    }

    private static EnrollmentException failed(String why) {
        return new EnrollmentException(Code.CERT_FAILED_VALIDATION, "The client certificate failed validation: " + why);
    }
}
