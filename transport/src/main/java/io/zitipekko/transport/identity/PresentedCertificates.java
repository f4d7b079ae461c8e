package io.zitipekko.transport.identity;

import java.security.cert.X509Certificate;
import java.util.List;
import java.util.Optional;

/**
 * What the other side of a TLS handshake presented. TLS proved possession of the key of the first certificate, the leaf,
 * and of nothing else; the others are material for building a path. Says nothing about trust: that is {@link LeafVerifier}.
 *
 * @param chain in the order presented; empty when the peer presented none
 */
public record PresentedCertificates(List<X509Certificate> chain) {
    public static final PresentedCertificates NONE = new PresentedCertificates(List.of());

    public PresentedCertificates {
        chain = List.copyOf(chain);
    }

    /** The certificate whose private key the handshake proved. */
    public Optional<X509Certificate> leaf() {
        return chain.isEmpty() ? Optional.empty() : Optional.of(chain.get(0));
    }
}
