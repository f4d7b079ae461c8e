package io.zitipekko.transport.identity;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.cert.CertificateEncodingException;
import java.security.cert.X509Certificate;
import java.util.HexFormat;
import java.util.Objects;
import java.util.regex.Pattern;

/**
 * SHA-1 over the DER of one certificate, as 40 lower-case hex digits: how OpenZiti names a certificate everywhere
 * (protocol/01 section 3). It names; it does not prove. Proof is {@link PeerIdentity}.
 *
 * @param hex 40 lower-case hex digits, no separators
 */
public record Fingerprint(String hex) {
    private static final Pattern FORM = Pattern.compile("[0-9a-f]{40}");

    public Fingerprint {
        Objects.requireNonNull(hex, "hex");
        if (!FORM.matcher(hex).matches()) {
            throw new IllegalArgumentException("fingerprint: '" + hex + "' (expected: 40 lower-case hex digits)");
        }
    }

    /** The fingerprint of a certificate. */
    public static Fingerprint of(X509Certificate certificate) {
        try {
            return ofDer(certificate.getEncoded());
        } catch (CertificateEncodingException e) {
            throw new IllegalArgumentException("certificate has no DER form", e);
        }
    }

    /** The fingerprint of a certificate's (or, for a key id, a public key's) DER bytes. */
    public static Fingerprint ofDer(byte[] der) {
        try {
            return new Fingerprint(
                    HexFormat.of().formatHex(MessageDigest.getInstance("SHA-1").digest(der)));
        } catch (NoSuchAlgorithmException e) {
            throw new AssertionError("every JDK has SHA-1", e);
        }
    }

    @Override
    public String toString() {
        return hex;
    }
}
