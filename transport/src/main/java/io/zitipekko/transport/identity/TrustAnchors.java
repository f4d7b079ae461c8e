package io.zitipekko.transport.identity;

import java.security.cert.X509Certificate;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * The certificates at which a path may end. Intermediates count as much as self-signed roots (protocol/01 section 3).
 * Immutable; an empty pool trusts nobody.
 */
public final class TrustAnchors {
    private static final TrustAnchors NONE = new TrustAnchors(Map.of());

    private final Map<Fingerprint, X509Certificate> byFingerprint;
    private final List<X509Certificate> certificates;

    private TrustAnchors(Map<Fingerprint, X509Certificate> byFingerprint) {
        this.byFingerprint = byFingerprint;
        this.certificates = List.copyOf(byFingerprint.values());
    }

    /** A pool of these certificates; duplicates count once, the order is kept. */
    public static TrustAnchors of(Collection<X509Certificate> certificates) {
        Map<Fingerprint, X509Certificate> distinct = new LinkedHashMap<>();
        for (X509Certificate certificate : certificates) {
            distinct.putIfAbsent(Fingerprint.of(certificate), certificate);
        }
        return distinct.isEmpty() ? NONE : new TrustAnchors(distinct);
    }

    /** The pool that trusts nobody. */
    public static TrustAnchors none() {
        return NONE;
    }

    public List<X509Certificate> certificates() {
        return certificates;
    }

    public boolean isEmpty() {
        return certificates.isEmpty();
    }

    public Set<Fingerprint> fingerprints() {
        return Set.copyOf(byFingerprint.keySet());
    }

    /** True when exactly this certificate, byte for byte, is in the pool. */
    public boolean contains(X509Certificate certificate) {
        return certificate.equals(byFingerprint.get(Fingerprint.of(certificate)));
    }

    @Override
    public String toString() {
        return "TrustAnchors[" + certificates.size() + "]";
    }
}
