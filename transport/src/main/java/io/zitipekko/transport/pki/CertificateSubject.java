package io.zitipekko.transport.pki;

import java.security.PublicKey;
import java.util.Objects;
import javax.security.auth.x500.X500Principal;

/**
 * Whom a certificate is to be issued for: exactly these names, nothing is added from anywhere else.
 *
 * @param name subject DN
 * @param publicKey the key that the subject proved or holds
 * @param alternativeNames what goes into the SAN extension
 */
public record CertificateSubject(X500Principal name, PublicKey publicKey, AlternativeNames alternativeNames) {
    public CertificateSubject {
        Objects.requireNonNull(name, "name");
        Objects.requireNonNull(publicKey, "publicKey");
        Objects.requireNonNull(alternativeNames, "alternativeNames");
    }

    /** A subject with only a CN. */
    public static CertificateSubject of(String commonName, PublicKey publicKey, AlternativeNames names) {
        throw new UnsupportedOperationException();
    }

    /** Subject DN and key of a request, with the names that we grant; the request's own extensions are ignored. */
    public static CertificateSubject of(Csr csr, AlternativeNames granted) {
        throw new UnsupportedOperationException();
    }
}
