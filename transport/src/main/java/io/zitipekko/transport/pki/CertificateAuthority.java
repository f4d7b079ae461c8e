package io.zitipekko.transport.pki;

import io.zitipekko.transport.identity.SpiffeId;
import java.security.KeyPair;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import javax.security.auth.x500.X500Principal;

/**
 * Issues certificates with one issuing key. Every certificate starts one minute in the past, never outlives its issuer and
 * has a random positive serial of at most 159 bits (protocol/05 section 7.4, protocol/07 section 20). Thread-safe.
 */
public final class CertificateAuthority {
    /** @param chain the issuing certificate first, then its issuers as far as they are known; the key is the first one's */
    public CertificateAuthority(List<X509Certificate> chain, PrivateKey key) {
        this(chain, key, Clock.systemUTC());
    }

    public CertificateAuthority(List<X509Certificate> chain, PrivateKey key, Clock clock) {
        throw new UnsupportedOperationException();
    }

    /** A new self-signed root without path limit, with {@code spiffe://trustDomain} as its SAN. */
    public static CertificateAuthority selfSignedRoot(
            X500Principal name, KeyPair keys, String trustDomain, Duration validity) {
        throw new UnsupportedOperationException();
    }

    /** Issuing certificate first. */
    public List<X509Certificate> chain() {
        throw new UnsupportedOperationException();
    }

    public X509Certificate certificate() {
        return chain().get(0);
    }

    public PrivateKey key() {
        throw new UnsupportedOperationException();
    }

    /** The trust domain found in the chain's SPIFFE ids, nearest first. */
    public Optional<SpiffeId> spiffeId() {
        throw new UnsupportedOperationException();
    }

    /** A client leaf: EKU clientAuth; key usage digitalSignature, keyEncipherment, dataEncipherment. */
    public X509Certificate issueClient(CertificateSubject subject, Duration validity) {
        throw new UnsupportedOperationException();
    }

    /** A server leaf: EKU serverAuth; key usage digitalSignature, keyEncipherment, dataEncipherment. */
    public X509Certificate issueServer(CertificateSubject subject, Duration validity) {
        throw new UnsupportedOperationException();
    }

    /** A leaf that serves as client and server, as controllers use them: no EKU; digitalSignature, nonRepudiation, keyEncipherment. */
    public X509Certificate issueNode(CertificateSubject subject, Duration validity) {
        throw new UnsupportedOperationException();
    }

    /** An intermediate authority that may issue below itself at most {@code pathLength} further levels of authorities. */
    public CertificateAuthority issueIntermediate(
            X500Principal name, KeyPair keys, String trustDomain, int pathLength, Duration validity) {
        throw new UnsupportedOperationException();
    }

    /** A leaf followed by this authority's chain without its self-signed root: what a server or client presents. */
    public List<X509Certificate> presented(X509Certificate leaf) {
        throw new UnsupportedOperationException();
    }
}
