package io.zitipekko.transport.identity;

import java.security.cert.X509Certificate;
import java.util.Optional;

/**
 * Who the peer is, proved: the leaf whose key the handshake proved, and which chains to an anchor that we trust. Only
 * {@link LeafVerifier} makes one (an ArchUnit rule holds that), so holding a {@code PeerIdentity} means that the check was made.
 */
public final class PeerIdentity {
    private final X509Certificate leaf;
    private final Fingerprint fingerprint;
    private final Optional<SpiffeId> spiffeId;

    PeerIdentity(X509Certificate leaf, Optional<SpiffeId> spiffeId) {
        this.leaf = leaf;
        this.fingerprint = Fingerprint.of(leaf);
        this.spiffeId = spiffeId;
    }

    public X509Certificate leaf() {
        return leaf;
    }

    public Fingerprint fingerprint() {
        return fingerprint;
    }

    public Optional<SpiffeId> spiffeId() {
        return spiffeId;
    }

    @Override
    public String toString() {
        return "PeerIdentity[" + leaf.getSubjectX500Principal() + ", " + fingerprint + "]";
    }
}
