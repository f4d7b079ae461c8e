package io.zitipekko.transport.identity;

import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Optional;

/**
 * Decides whether the leaf that a handshake proved chains to a trust anchor, and is the only maker of {@link PeerIdentity}
 * (protocol/01 section 3, LeafChain; section 13, S1). Extended key usage does not count. The rules for the path itself are in
 * {@link CertificatePath}.
 */
public final class LeafVerifier {
    private LeafVerifier() {}

    /**
     * Builds and checks a path from the leaf to any anchor; the other presented certificates are candidates for it.
     *
     * @throws UntrustedPeerException when nothing was presented, the pool is empty, no path holds, or the leaf carries more
     *     than one SPIFFE id
     */
    public static PeerIdentity verify(PresentedCertificates presented, TrustAnchors anchors, Instant now)
            throws UntrustedPeerException {
        return verify(presented, anchors, List.of(), now, true);
    }

    /**
     * The edge listener's rule: as {@link #verify}, but the leaf's own validity dates do not count (its expiry is judged
     * later, per session); its issuers' dates do.
     *
     * @param intermediates further candidates for the path, e.g. the router's own bundle; they are not trusted by being here
     * @throws UntrustedPeerException as {@link #verify}
     */
    public static PeerIdentity verifyIgnoringLeafDates(
            PresentedCertificates presented,
            TrustAnchors anchors,
            Collection<X509Certificate> intermediates,
            Instant now)
            throws UntrustedPeerException {
        return verify(presented, anchors, intermediates, now, false);
    }

    /**
     * Bounds on what an unproved peer may make us compute with: how many certificates, and how long an RSA key.
     *
     * @throws UntrustedPeerException naming the bound
     */
    public static void checkBounds(PresentedCertificates presented) throws UntrustedPeerException {
        CertificatePath.checkBounds(presented);
    }

    private static PeerIdentity verify(
            PresentedCertificates presented,
            TrustAnchors anchors,
            Collection<X509Certificate> intermediates,
            Instant now,
            boolean leafDatesCount)
            throws UntrustedPeerException {
        CertificatePath.check(presented, anchors, intermediates, now, leafDatesCount);
        return proved(presented);
    }

    /** Who presented this, whose path was checked. */
    static PeerIdentity proved(PresentedCertificates presented) throws UntrustedPeerException {
        X509Certificate leaf =
                presented.leaf().orElseThrow(() -> new UntrustedPeerException("peer presented no certificate"));
        Optional<SpiffeId> spiffeId = CertificateNames.spiffeId(leaf);
        return new PeerIdentity(leaf, spiffeId);
    }
}
