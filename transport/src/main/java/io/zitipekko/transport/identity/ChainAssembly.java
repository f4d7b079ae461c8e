package io.zitipekko.transport.identity;

import java.security.GeneralSecurityException;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.Signature;
import java.security.cert.CertificateParsingException;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;

/** Orders the certificates of an identity block into chains as they are presented (protocol/01 section 11). */
final class ChainAssembly {
    private static final String SERVER_AUTH = "1.3.6.1.5.5.7.3.1";
    private static final String ANY_USAGE = "2.5.29.37.0";

    private ChainAssembly() {}

    /** Leaf first, then its issuers as far as the pool holds them; self-signed roots are left out, peers have them or do not trust us. */
    static List<X509Certificate> chain(X509Certificate leaf, Collection<X509Certificate> pool) {
        List<X509Certificate> chain = new ArrayList<>();
        chain.add(leaf);
        X509Certificate last = leaf;
        while (chain.size() < CertificatePath.MAX_LENGTH) {
            X509Certificate issuer = issuerOf(last, pool, chain);
            if (issuer == null) {
                break;
            }
            chain.add(issuer);
            last = issuer;
        }
        return chain;
    }

    private static @org.jspecify.annotations.Nullable X509Certificate issuerOf(
            X509Certificate certificate, Collection<X509Certificate> pool, List<X509Certificate> taken) {
        for (X509Certificate candidate : pool) {
            if (certificate.getIssuerX500Principal().equals(candidate.getSubjectX500Principal())
                    && candidate.getBasicConstraints() >= 0
                    && !isSelfSigned(candidate)
                    && !taken.contains(candidate)
                    && isSignedBy(certificate, candidate.getPublicKey())) {
                return candidate;
            }
        }
        return null;
    }

    /** The leaves among the certificates of a server value: not a CA, and made for serving. */
    static List<X509Certificate> serverLeaves(List<X509Certificate> certificates) {
        List<X509Certificate> leaves = new ArrayList<>();
        for (X509Certificate certificate : certificates) {
            if (certificate.getBasicConstraints() < 0
                    && (!CertificateNames.hosts(certificate).isEmpty() || isForServing(certificate))) {
                leaves.add(certificate);
            }
        }
        return leaves;
    }

    private static boolean isForServing(X509Certificate certificate) {
        try {
            List<String> usages = certificate.getExtendedKeyUsage();
            return usages != null && (usages.contains(SERVER_AUTH) || usages.contains(ANY_USAGE));
        } catch (CertificateParsingException unreadable) {
            return false;
        }
    }

    /** Whether a private key belongs to a certificate: signs and verifies a probe. */
    static boolean belongTogether(X509Certificate certificate, PrivateKey key) {
        String algorithm =
                switch (key.getAlgorithm()) {
                    case "RSA" -> "SHA256withRSA";
                    case "EC" -> "SHA256withECDSA";
                    default -> key.getAlgorithm();
                };
        try {
            byte[] probe = {1, 2, 3, 4};
            Signature signer = Signature.getInstance(algorithm);
            signer.initSign(key);
            signer.update(probe);
            byte[] signature = signer.sign();
            Signature verifier = Signature.getInstance(algorithm);
            verifier.initVerify(certificate.getPublicKey());
            verifier.update(probe);
            return verifier.verify(signature);
        } catch (GeneralSecurityException differentKinds) {
            return false;
        }
    }

    private static boolean isSelfSigned(X509Certificate certificate) {
        return certificate.getIssuerX500Principal().equals(certificate.getSubjectX500Principal())
                && isSignedBy(certificate, certificate.getPublicKey());
    }

    private static boolean isSignedBy(X509Certificate certificate, PublicKey key) {
        try {
            certificate.verify(key);
            return true;
        } catch (GeneralSecurityException notThatKey) {
            return false;
        }
    }
}
