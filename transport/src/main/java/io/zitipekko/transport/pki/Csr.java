package io.zitipekko.transport.pki;

import java.security.KeyPair;
import java.security.PublicKey;
import javax.security.auth.x500.X500Principal;

/** A PKCS#10 certificate request whose self-signature holds (protocol/05 section 7.4). */
public final class Csr {
    private Csr() {}

    /**
     * Reads a text with exactly one PEM block {@code CERTIFICATE REQUEST} and verifies its self-signature.
     *
     * @throws InvalidCsrException saying which rule it breaks
     */
    public static Csr parse(String pem) throws InvalidCsrException {
        throw new UnsupportedOperationException();
    }

    /** A new request, signed with its own key. */
    public static Csr create(X500Principal subject, AlternativeNames names, KeyPair keys) {
        throw new UnsupportedOperationException();
    }

    public X500Principal subject() {
        throw new UnsupportedOperationException();
    }

    /** The CN of the subject, or empty text. */
    public String commonName() {
        throw new UnsupportedOperationException();
    }

    public PublicKey publicKey() {
        throw new UnsupportedOperationException();
    }

    /** The names asked for. Nobody is granted them by asking. */
    public AlternativeNames requestedNames() {
        throw new UnsupportedOperationException();
    }

    public String pem() {
        throw new UnsupportedOperationException();
    }
}
