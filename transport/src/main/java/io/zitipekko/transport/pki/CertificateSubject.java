package io.zitipekko.transport.pki;

import java.io.IOException;
import java.security.PublicKey;
import java.util.Objects;
import javax.security.auth.x500.X500Principal;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x500.X500NameBuilder;
import org.bouncycastle.asn1.x500.style.BCStyle;

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
        return new CertificateSubject(commonName(commonName), publicKey, names);
    }

    /** Subject DN and key of a request, with the names that we grant; the request's own extensions are ignored. */
    public static CertificateSubject of(Csr csr, AlternativeNames granted) {
        return new CertificateSubject(csr.subject(), csr.publicKey(), granted);
    }

    /** A DN of one CN, whatever characters that has. */
    public static X500Principal commonName(String commonName) {
        return principal(new X500NameBuilder(BCStyle.INSTANCE)
                .addRDN(BCStyle.CN, commonName)
                .build());
    }

    static X500Principal principal(X500Name name) {
        try {
            return new X500Principal(name.getEncoded());
        } catch (IOException e) {
            throw new IllegalArgumentException("name '" + name + "' has no DER form", e);
        }
    }
}
