package io.zitipekko.transport.pki;

import java.security.cert.X509Certificate;
import java.util.Collection;
import java.util.List;

/**
 * The degenerate PKCS#7 SignedData that carries certificates only: body of {@code /.well-known/est/cacerts} (protocol/05
 * section 7.2). Written as DER with the set sorted; read leniently as BER, because the reference does not sort.
 */
public final class CertsOnlyPkcs7 {
    private CertsOnlyPkcs7() {}

    /** @throws IllegalArgumentException for an empty collection: an empty set makes some clients fail */
    public static byte[] encode(Collection<X509Certificate> certificates) {
        throw new UnsupportedOperationException();
    }

    /** The HTTP body: base64 in lines of 64 characters, each ended by LF. */
    public static String encodeBase64(Collection<X509Certificate> certificates) {
        throw new UnsupportedOperationException();
    }

    /** @throws IllegalArgumentException when the bytes are not certs-only SignedData */
    public static List<X509Certificate> decode(byte[] ber) {
        throw new UnsupportedOperationException();
    }

    /** Reads an HTTP body in base64, with or without line ends. */
    public static List<X509Certificate> decodeBase64(String text) {
        throw new UnsupportedOperationException();
    }
}
