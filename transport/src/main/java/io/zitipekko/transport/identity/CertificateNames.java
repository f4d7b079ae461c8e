package io.zitipekko.transport.identity;

import java.security.cert.X509Certificate;
import java.util.List;
import java.util.Optional;

/** Reads names out of one certificate. Proves nothing about it. */
public final class CertificateNames {
    private CertificateNames() {}

    /** The last CN of the subject, or empty text when there is none. */
    public static String commonName(X509Certificate certificate) {
        throw new UnsupportedOperationException();
    }

    /**
     * The certificate's SPIFFE id.
     *
     * @throws UntrustedPeerException when there are several {@code spiffe://} URI SANs, or the SANs cannot be read
     */
    public static Optional<SpiffeId> spiffeId(X509Certificate certificate) throws UntrustedPeerException {
        throw new UnsupportedOperationException();
    }

    /** DNS and IP SANs as text, in their order. */
    public static List<String> hosts(X509Certificate certificate) {
        throw new UnsupportedOperationException();
    }

    /**
     * Whether a SAN covers this host name or IP address: DNS names without regard to case, a wildcard for exactly one
     * left-most label, IP addresses by value. The CN never counts.
     */
    public static boolean covers(X509Certificate certificate, String host) {
        throw new UnsupportedOperationException();
    }
}
