package io.zitipekko.transport.identity;

import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.util.Collection;
import java.util.List;

/** PEM text to certificates and private keys, and back. Text before and between blocks is skipped. */
public final class Pem {
    private Pem() {}

    /**
     * All certificates in a text; other blocks and unreadable certificates are skipped.
     *
     * @throws InvalidIdentityException when there is none
     */
    public static List<X509Certificate> certificates(String pem) {
        throw new UnsupportedOperationException();
    }

    /** The one certificate of a DER encoding. @throws InvalidIdentityException when it is not one */
    public static X509Certificate certificate(byte[] der) {
        throw new UnsupportedOperationException();
    }

    /**
     * The first private key in a text: PKCS#8, PKCS#1 (RSA) or SEC1 (EC), not encrypted.
     *
     * @throws InvalidIdentityException when there is none or its kind is not known
     */
    public static PrivateKey privateKey(String pem) {
        throw new UnsupportedOperationException();
    }

    /** Certificates as PEM, one after the other. */
    public static String write(Collection<X509Certificate> certificates) {
        throw new UnsupportedOperationException();
    }

    public static String write(X509Certificate certificate) {
        return write(List.of(certificate));
    }

    /** A private key as PKCS#8 PEM ({@code PRIVATE KEY}). */
    public static String write(PrivateKey key) {
        throw new UnsupportedOperationException();
    }

    /** Any DER as a PEM block with lines of 64 characters. */
    public static String block(String type, byte[] der) {
        throw new UnsupportedOperationException();
    }
}
