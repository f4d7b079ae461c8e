package io.zitipekko.actors.identity;

import io.zitipekko.transport.identity.Pem;
import io.zitipekko.transport.identity.TrustAnchors;
import io.zitipekko.transport.pki.CertificateAuthority;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * The network's own certificate authorities: whom it trusts, and with what it signs.
 *
 * @param trustDomain host part of the SPIFFE ids that it issues
 * @param bundle what {@code /.well-known/est/cacerts} hands out
 * @param signing signs the certificates of those who enrol
 */
public record NetworkAuthority(String trustDomain, List<X509Certificate> bundle, CertificateAuthority signing) {
    public NetworkAuthority {
        bundle = List.copyOf(bundle);
    }

    /** The self-signed ones: where a client's chain normally ends. */
    public TrustAnchors roots() {
        return TrustAnchors.of(
                all().stream().filter(NetworkAuthority::selfIssued).toList());
    }

    /** Roots and intermediates, so that a client that sent only its leaf can be known as well. */
    public TrustAnchors rootsAndIntermediates() {
        return TrustAnchors.of(all());
    }

    /** The bundle as PEM. */
    public String bundlePem() {
        return Pem.write(bundle);
    }

    private List<X509Certificate> all() {
        Set<X509Certificate> all = new LinkedHashSet<>(bundle);
        all.addAll(signing.chain());
        return new ArrayList<>(all);
    }

    private static boolean selfIssued(X509Certificate certificate) {
        return certificate.getSubjectX500Principal().equals(certificate.getIssuerX500Principal());
    }
}
