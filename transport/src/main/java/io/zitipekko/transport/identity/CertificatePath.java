package io.zitipekko.transport.identity;

import java.security.GeneralSecurityException;
import java.security.cert.CertPath;
import java.security.cert.CertPathValidator;
import java.security.cert.CertPathValidatorException;
import java.security.cert.CertPathValidatorException.BasicReason;
import java.security.cert.CertificateFactory;
import java.security.cert.PKIXParameters;
import java.security.cert.TrustAnchor;
import java.security.cert.X509Certificate;
import java.security.interfaces.RSAKey;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.Date;
import java.util.Deque;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.bouncycastle.asn1.ASN1OctetString;
import org.bouncycastle.asn1.x509.AuthorityKeyIdentifier;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.SubjectKeyIdentifier;
import org.jspecify.annotations.Nullable;

/**
 * Search for one path from a leaf to any anchor, bounded in length and in tries. A path is found by names and key ids and
 * then judged as a whole by the JDK's PKIX validator (signatures, basic constraints, key usage, path lengths, name
 * constraints, unknown critical extensions); what that one leaves out for the anchor itself is checked here. So a signature,
 * the costly part, is checked once.
 *
 * <p>Why not the JDK's own path builder: it has no budget, so a peer could make it search, and it knows only one date for all
 * certificates of a path.
 */
final class CertificatePath {
    /** Certificates of a path, leaf and anchor included, and also how many a peer may present. */
    static final int MAX_LENGTH = 10;

    /** Beyond this a signature check costs more than an unauthenticated peer may ask for. */
    static final int MAX_RSA_BITS = 8192;

    /** Paths judged, and certificates put into one, before the search gives up. */
    private static final int MAX_TRIES = 50;

    private static final int MAX_STEPS = 500;
    private static final int KEY_CERT_SIGN = 5;

    private final TrustAnchors anchors;
    private final List<X509Certificate> candidates;
    private final Instant now;
    private final boolean leafDatesCount;
    private int triesLeft = MAX_TRIES;
    private int stepsLeft = MAX_STEPS;
    /** Why the most promising path failed; what a person needs to hear when none held. */
    private String reason;
    /** Of the path that held. */
    private Validity issuersValid = Validity.ALWAYS;

    private CertificatePath(
            TrustAnchors anchors,
            List<X509Certificate> candidates,
            Instant now,
            boolean leafDatesCount,
            String firstReason) {
        this.anchors = anchors;
        this.candidates = candidates;
        this.now = now;
        this.leafDatesCount = leafDatesCount;
        this.reason = firstReason;
    }

    /**
     * From when to when a path holds, as far as its issuers' dates go; the leaf's own are another matter.
     *
     * @param from inclusive
     * @param until inclusive
     */
    record Validity(Instant from, Instant until) {
        /** What rests on nobody's dates. */
        static final Validity ALWAYS = new Validity(Instant.MIN, Instant.MAX);

        boolean holdsAt(Instant now) {
            return !now.isBefore(from) && !now.isAfter(until);
        }

        private static Validity of(List<X509Certificate> issuers) {
            Validity all = ALWAYS;
            for (X509Certificate issuer : issuers) {
                Instant from = issuer.getNotBefore().toInstant();
                Instant until = issuer.getNotAfter().toInstant();
                all = new Validity(
                        from.isAfter(all.from) ? from : all.from, until.isBefore(all.until) ? until : all.until);
            }
            return all;
        }
    }

    /**
     * @return when the path's issuers are valid, now among it
     * @throws UntrustedPeerException when no path holds
     */
    static Validity check(
            PresentedCertificates presented,
            TrustAnchors anchors,
            Collection<X509Certificate> intermediates,
            Instant now,
            boolean leafDatesCount)
            throws UntrustedPeerException {
        if (presented.chain().isEmpty()) {
            throw new UntrustedPeerException("peer presented no certificate");
        }
        if (anchors.isEmpty()) {
            throw new UntrustedPeerException("no trust anchors are known, so no peer can be trusted");
        }
        checkBounds(presented);
        X509Certificate leaf = presented.chain().get(0);
        List<X509Certificate> candidates =
                new ArrayList<>(presented.chain().subList(1, presented.chain().size()));
        candidates.addAll(intermediates);
        CertificatePath search = new CertificatePath(
                anchors,
                candidates,
                now,
                leafDatesCount,
                "no issuer '" + leaf.getIssuerX500Principal() + "' among the anchors or the certificates presented");
        Deque<X509Certificate> path = new ArrayDeque<>();
        path.addLast(leaf);
        if (!search.isTrustedItself(leaf) && !search.reachesAnchor(path)) {
            throw new UntrustedPeerException(
                    "certificate '" + leaf.getSubjectX500Principal() + "' is not trusted: " + search.reason);
        }
        return search.issuersValid;
    }

    /**
     * Bounds on what a peer may make us compute with.
     *
     * @throws UntrustedPeerException naming the bound
     */
    static void checkBounds(PresentedCertificates presented) throws UntrustedPeerException {
        if (presented.chain().size() > MAX_LENGTH) {
            throw new UntrustedPeerException("peer presented "
                    + presented.chain().size() + " certificates (expected: at most " + MAX_LENGTH + ")");
        }
        for (X509Certificate certificate : presented.chain()) {
            if (certificate.getPublicKey() instanceof RSAKey rsa
                    && rsa.getModulus().bitLength() > MAX_RSA_BITS) {
                throw new UntrustedPeerException(
                        "certificate '" + certificate.getSubjectX500Principal() + "' has an RSA key of "
                                + rsa.getModulus().bitLength() + " bits (expected: at most " + MAX_RSA_BITS + ")");
            }
        }
    }

    private boolean isTrustedItself(X509Certificate leaf) {
        if (!anchors.contains(leaf)) {
            return false;
        }
        if (leafDatesCount && !isValidAt(leaf, now)) {
            reason = datesReason(leaf);
            return false;
        }
        return true;
    }

    private boolean reachesAnchor(Deque<X509Certificate> path) {
        X509Certificate last = path.getLast();
        for (X509Certificate anchor : anchors.certificates()) {
            if (mayBeIssuedBy(last, anchor) && holds(List.copyOf(path), anchor)) {
                return true;
            }
        }
        if (path.size() + 1 >= MAX_LENGTH) {
            return false;
        }
        for (X509Certificate candidate : candidates) {
            if (!path.contains(candidate) && mayBeIssuedBy(last, candidate)) {
                path.addLast(candidate);
                if (reachesAnchor(path)) {
                    return true;
                }
                path.removeLast();
            }
        }
        return false;
    }

    /** Whether names and key ids say so; the signature is for {@link #holds} to check. */
    private boolean mayBeIssuedBy(X509Certificate certificate, X509Certificate issuer) {
        if (!certificate.getIssuerX500Principal().equals(issuer.getSubjectX500Principal())) {
            return false;
        }
        if (!mayIssue(issuer)) {
            reason = "'" + issuer.getSubjectX500Principal() + "' is not a certificate authority";
            return false;
        }
        if (usesBrokenHash(certificate)) {
            reason = "'" + certificate.getSubjectX500Principal() + "' is signed with " + certificate.getSigAlgName()
                    + " (expected: SHA-256 or better)";
            return false;
        }
        byte[] wanted = authorityKeyId(certificate);
        byte[] found = subjectKeyId(issuer);
        if (wanted != null && found != null && !Arrays.equals(wanted, found)) {
            reason = notSigned(certificate, issuer);
            return false;
        }
        return stepsLeft-- > 0;
    }

    private static String notSigned(X509Certificate certificate, X509Certificate issuer) {
        return "'" + certificate.getSubjectX500Principal() + "' was not signed by the '"
                + issuer.getSubjectX500Principal() + "' that is known here";
    }

    private static byte @Nullable [] authorityKeyId(X509Certificate certificate) {
        byte[] extension = certificate.getExtensionValue(Extension.authorityKeyIdentifier.getId());
        try {
            return extension == null
                    ? null
                    : AuthorityKeyIdentifier.getInstance(
                                    ASN1OctetString.getInstance(extension).getOctets())
                            .getKeyIdentifierOctets();
        } catch (IllegalArgumentException unreadable) {
            return null; // only a hint; the signature decides
        }
    }

    private static byte @Nullable [] subjectKeyId(X509Certificate certificate) {
        byte[] extension = certificate.getExtensionValue(Extension.subjectKeyIdentifier.getId());
        try {
            return extension == null
                    ? null
                    : SubjectKeyIdentifier.getInstance(
                                    ASN1OctetString.getInstance(extension).getOctets())
                            .getKeyIdentifier();
        } catch (IllegalArgumentException unreadable) {
            return null; // only a hint; the signature decides
        }
    }

    /** Whether a path joined by names keeps every rule. */
    private boolean holds(List<X509Certificate> path, X509Certificate anchor) {
        if (triesLeft-- <= 0) {
            reason = "more than " + MAX_TRIES + " paths would have to be tried";
            return false;
        }
        X509Certificate leaf = path.get(0);
        List<X509Certificate> issuers = new ArrayList<>(path.subList(1, path.size()));
        issuers.add(anchor);
        for (X509Certificate issuer : issuers) {
            if (!isValidAt(issuer, now)) {
                reason = datesReason(issuer);
                return false;
            }
        }
        if (leafDatesCount && !isValidAt(leaf, now)) {
            reason = datesReason(leaf);
            return false;
        }
        long authoritiesBelowAnchor =
                path.stream().skip(1).filter(c -> !isSelfIssued(c)).count();
        if (authoritiesBelowAnchor > anchor.getBasicConstraints()) {
            reason = "'" + anchor.getSubjectX500Principal() + "' allows " + anchor.getBasicConstraints()
                    + " authorities below itself, found " + authoritiesBelowAnchor;
            return false;
        }
        try {
            CertPath certPath = CertificateFactory.getInstance("X.509").generateCertPath(path);
            PKIXParameters parameters = new PKIXParameters(Set.of(new TrustAnchor(anchor, nameConstraints(anchor))));
            parameters.setRevocationEnabled(false);
            parameters.setDate(Date.from(dateFor(leaf)));
            CertPathValidator.getInstance("PKIX").validate(certPath, parameters);
            issuersValid = Validity.of(issuers);
            return true;
        } catch (CertPathValidatorException e) {
            int index = e.getIndex();
            if (e.getReason() == BasicReason.INVALID_SIGNATURE && index >= 0 && index < issuers.size()) {
                reason = notSigned(path.get(index), issuers.get(index));
                return false;
            }
            String at =
                    index >= 0 && index < path.size() ? "'" + path.get(index).getSubjectX500Principal() + "': " : "";
            reason = at + e.getMessage();
            return false;
        } catch (GeneralSecurityException | IllegalArgumentException e) {
            reason = "the path cannot be checked: " + e.getMessage();
            return false;
        }
    }

    /**
     * The one date that the PKIX validator applies to all. Where the leaf's dates do not count it is the moment of the leaf's
     * validity that is nearest to now; the issuers have been judged by now itself before.
     */
    private Instant dateFor(X509Certificate leaf) {
        if (leafDatesCount || isValidAt(leaf, now)) {
            return now;
        }
        Instant notBefore = leaf.getNotBefore().toInstant();
        return now.isBefore(notBefore) ? notBefore : leaf.getNotAfter().toInstant();
    }

    private String datesReason(X509Certificate certificate) {
        return "'" + certificate.getSubjectX500Principal() + "' is valid from "
                + certificate.getNotBefore().toInstant() + " to "
                + certificate.getNotAfter().toInstant() + ", now is " + now;
    }

    private static boolean isValidAt(X509Certificate certificate, Instant now) {
        return !now.isBefore(certificate.getNotBefore().toInstant())
                && !now.isAfter(certificate.getNotAfter().toInstant());
    }

    /** An end-entity certificate must never sign another one. */
    private static boolean mayIssue(X509Certificate certificate) {
        boolean[] keyUsage = certificate.getKeyUsage();
        return certificate.getBasicConstraints() >= 0 && (keyUsage == null || keyUsage[KEY_CERT_SIGN]);
    }

    private static boolean usesBrokenHash(X509Certificate certificate) {
        String algorithm = certificate.getSigAlgName().toUpperCase(Locale.ROOT).replace("-", "");
        return algorithm.contains("SHA1") || algorithm.contains("MD5") || algorithm.contains("MD2");
    }

    private static boolean isSelfIssued(X509Certificate certificate) {
        return certificate.getSubjectX500Principal().equals(certificate.getIssuerX500Principal());
    }

    private static byte @Nullable [] nameConstraints(X509Certificate anchor) {
        byte[] extension = anchor.getExtensionValue(Extension.nameConstraints.getId());
        return extension == null ? null : ASN1OctetString.getInstance(extension).getOctets();
    }
}
