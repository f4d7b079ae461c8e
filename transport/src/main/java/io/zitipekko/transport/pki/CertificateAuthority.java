package io.zitipekko.transport.pki;

import io.zitipekko.transport.identity.CertificateNames;
import io.zitipekko.transport.identity.Pem;
import io.zitipekko.transport.identity.SpiffeId;
import io.zitipekko.transport.identity.UntrustedPeerException;
import java.io.IOException;
import java.math.BigInteger;
import java.security.KeyPair;
import java.security.NoSuchAlgorithmException;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Date;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import javax.security.auth.x500.X500Principal;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x509.BasicConstraints;
import org.bouncycastle.asn1.x509.ExtendedKeyUsage;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.KeyPurposeId;
import org.bouncycastle.asn1.x509.KeyUsage;
import org.bouncycastle.asn1.x509.SubjectPublicKeyInfo;
import org.bouncycastle.cert.X509v3CertificateBuilder;
import org.bouncycastle.cert.jcajce.JcaX509ExtensionUtils;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;
import org.jspecify.annotations.Nullable;

/**
 * Issues certificates with one issuing key. Every certificate starts one minute in the past, never outlives its issuer and
 * has a random positive serial of at most 159 bits (protocol/05 section 7.4, protocol/07 section 20). Thread-safe.
 */
public final class CertificateAuthority {
    private static final Duration BACKDATING = Duration.ofMinutes(1);
    private static final int SERIAL_BITS = 159;
    private static final int NO_PATH_LIMIT = Integer.MAX_VALUE;
    private static final int SIGNING_USAGE = KeyUsage.digitalSignature | KeyUsage.keyCertSign | KeyUsage.cRLSign;
    private static final int LEAF_USAGE =
            KeyUsage.digitalSignature | KeyUsage.keyEncipherment | KeyUsage.dataEncipherment;
    private static final int NODE_USAGE =
            KeyUsage.digitalSignature | KeyUsage.nonRepudiation | KeyUsage.keyEncipherment;
    private static final SecureRandom RANDOM = new SecureRandom();

    private final List<X509Certificate> chain;
    private final PrivateKey key;
    private final Clock clock;

    /** @param chain the issuing certificate first, then its issuers as far as they are known; the key is the first one's */
    public CertificateAuthority(List<X509Certificate> chain, PrivateKey key) {
        this(chain, key, Clock.systemUTC());
    }

    /** As above, with a clock of the caller's. */
    public CertificateAuthority(List<X509Certificate> chain, PrivateKey key, Clock clock) {
        this.chain = List.copyOf(chain);
        this.key = Objects.requireNonNull(key, "key");
        this.clock = Objects.requireNonNull(clock, "clock");
        if (chain.isEmpty()) {
            throw new IllegalArgumentException("chain: empty (expected: the issuing certificate first)");
        }
        if (chain.get(0).getBasicConstraints() < 0) {
            throw new IllegalArgumentException("certificate '" + chain.get(0).getSubjectX500Principal()
                    + "' is not a certificate authority and cannot sign others");
        }
    }

    /** A new self-signed root without path limit, with {@code spiffe://trustDomain} as its SAN. */
    public static CertificateAuthority selfSignedRoot(
            X500Principal name, KeyPair keys, String trustDomain, Duration validity) {
        return selfSignedRoot(name, keys, trustDomain, validity, Clock.systemUTC());
    }

    /** As above, with a clock of the caller's. */
    public static CertificateAuthority selfSignedRoot(
            X500Principal name, KeyPair keys, String trustDomain, Duration validity, Clock clock) {
        CertificateSubject subject =
                new CertificateSubject(name, keys.getPublic(), AlternativeNames.of(new SpiffeId(trustDomain, "")));
        Instant now = clock.instant();
        X509Certificate root = sign(
                name,
                keys.getPublic(),
                keys.getPrivate(),
                now,
                now.plus(validity),
                subject,
                new Profile(SIGNING_USAGE, new BasicConstraints(true), null));
        return new CertificateAuthority(List.of(root), keys.getPrivate(), clock);
    }

    /** Issuing certificate first. */
    public List<X509Certificate> chain() {
        return chain;
    }

    /** The issuing certificate. */
    public X509Certificate certificate() {
        return chain.get(0);
    }

    public PrivateKey key() {
        return key;
    }

    /** The SPIFFE id that names the trust domain, from the nearest certificate of the chain that has one. */
    public Optional<SpiffeId> spiffeId() {
        for (X509Certificate certificate : chain) {
            try {
                Optional<SpiffeId> id = CertificateNames.spiffeId(certificate);
                if (id.isPresent()) {
                    return id;
                }
            } catch (UntrustedPeerException e) {
                throw new IllegalStateException("authority's own chain is not usable: " + e.getMessage(), e);
            }
        }
        return Optional.empty();
    }

    /** A client leaf: EKU clientAuth; key usage digitalSignature, keyEncipherment, dataEncipherment. */
    public X509Certificate issueClient(CertificateSubject subject, Duration validity) {
        return issue(subject, validity, new Profile(LEAF_USAGE, null, KeyPurposeId.id_kp_clientAuth));
    }

    /** A server leaf: EKU serverAuth; key usage digitalSignature, keyEncipherment, dataEncipherment. */
    public X509Certificate issueServer(CertificateSubject subject, Duration validity) {
        return issue(subject, validity, new Profile(LEAF_USAGE, null, KeyPurposeId.id_kp_serverAuth));
    }

    /** A leaf that serves as client and server, as controllers use them: no EKU; digitalSignature, nonRepudiation, keyEncipherment. */
    public X509Certificate issueNode(CertificateSubject subject, Duration validity) {
        return issue(subject, validity, new Profile(NODE_USAGE, null, null));
    }

    /** An intermediate authority that may issue below itself at most {@code pathLength} further levels of authorities. */
    public CertificateAuthority issueIntermediate(
            X500Principal name, KeyPair keys, String trustDomain, int pathLength, Duration validity) {
        if (pathLength < 0) {
            throw new IllegalArgumentException("pathLength: " + pathLength + " (expected: >= 0)");
        }
        int allowed = certificate().getBasicConstraints();
        if (allowed != NO_PATH_LIMIT && pathLength >= allowed) {
            throw new IllegalArgumentException("pathLength: " + pathLength + " (expected: < " + allowed
                    + ", the limit of '" + certificate().getSubjectX500Principal() + "')");
        }
        CertificateSubject subject =
                new CertificateSubject(name, keys.getPublic(), AlternativeNames.of(new SpiffeId(trustDomain, "")));
        X509Certificate issued =
                issue(subject, validity, new Profile(SIGNING_USAGE, new BasicConstraints(pathLength), null));
        List<X509Certificate> longer = new ArrayList<>();
        longer.add(issued);
        longer.addAll(chain);
        return new CertificateAuthority(longer, keys.getPrivate(), clock);
    }

    /** A leaf followed by this authority's chain without its self-signed root: what a server or client presents. */
    public List<X509Certificate> presented(X509Certificate leaf) {
        List<X509Certificate> presented = new ArrayList<>();
        presented.add(leaf);
        for (X509Certificate certificate : chain) {
            if (!certificate.getSubjectX500Principal().equals(certificate.getIssuerX500Principal())) {
                presented.add(certificate);
            }
        }
        return presented;
    }

    private X509Certificate issue(CertificateSubject subject, Duration validity, Profile profile) {
        X509Certificate issuer = certificate();
        Instant now = clock.instant();
        Instant issuerEnd = issuer.getNotAfter().toInstant();
        if (!now.isBefore(issuerEnd)) {
            throw new IllegalStateException("certificate authority '" + issuer.getSubjectX500Principal()
                    + "' expired at " + issuerEnd + " and cannot issue; renew it");
        }
        if (validity.isNegative() || validity.isZero()) {
            throw new IllegalArgumentException("validity: " + validity + " (expected: > 0)");
        }
        Instant end = now.plus(validity);
        return sign(
                issuer.getSubjectX500Principal(),
                issuer.getPublicKey(),
                key,
                now,
                end.isAfter(issuerEnd) ? issuerEnd : end,
                subject,
                profile);
    }

    private static X509Certificate sign(
            X500Principal issuer,
            PublicKey issuerPublicKey,
            PrivateKey issuerKey,
            Instant now,
            Instant notAfter,
            CertificateSubject subject,
            Profile profile) {
        try {
            SubjectPublicKeyInfo subjectKey =
                    SubjectPublicKeyInfo.getInstance(subject.publicKey().getEncoded());
            X509v3CertificateBuilder builder = new X509v3CertificateBuilder(
                    X500Name.getInstance(issuer.getEncoded()),
                    new BigInteger(SERIAL_BITS, RANDOM).setBit(0),
                    Date.from(now.minus(BACKDATING).truncatedTo(ChronoUnit.SECONDS)),
                    Date.from(notAfter.truncatedTo(ChronoUnit.SECONDS)),
                    X500Name.getInstance(subject.name().getEncoded()),
                    subjectKey);
            JcaX509ExtensionUtils extensions = new JcaX509ExtensionUtils();
            BasicConstraints constraints =
                    profile.authority() == null ? new BasicConstraints(false) : profile.authority();
            builder.addExtension(Extension.basicConstraints, true, constraints);
            builder.addExtension(Extension.keyUsage, true, new KeyUsage(profile.keyUsage()));
            if (profile.purpose() != null) {
                builder.addExtension(Extension.extendedKeyUsage, false, new ExtendedKeyUsage(profile.purpose()));
            }
            builder.addExtension(
                    Extension.subjectKeyIdentifier, false, extensions.createSubjectKeyIdentifier(subject.publicKey()));
            builder.addExtension(
                    Extension.authorityKeyIdentifier, false, extensions.createAuthorityKeyIdentifier(issuerPublicKey));
            if (!subject.alternativeNames().isEmpty()) {
                builder.addExtension(
                        Extension.subjectAlternativeName,
                        false,
                        subject.alternativeNames().toAsn1());
            }
            return Pem.certificate(
                    builder.build(new JcaContentSignerBuilder(SignatureAlgorithms.of(issuerKey)).build(issuerKey))
                            .getEncoded());
        } catch (IOException | OperatorCreationException | NoSuchAlgorithmException e) {
            throw new IllegalStateException("no certificate can be issued for '" + subject.name() + "'", e);
        }
    }

    @Override
    public String toString() {
        return "CertificateAuthority[" + certificate().getSubjectX500Principal() + "]";
    }

    /**
     * What a kind of certificate may be used for.
     *
     * @param authority constraints of a CA; null for a leaf
     * @param purpose the one extended key usage, or none
     */
    private record Profile(int keyUsage, @Nullable BasicConstraints authority, @Nullable KeyPurposeId purpose) {}
}
