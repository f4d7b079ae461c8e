package io.zitipekko.transport.identity;

import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.util.List;

/**
 * Our own key material: the client chain with which we dial, the server chains with which we listen, and whom we trust.
 * Immutable; code that must follow renewed files takes a {@code Supplier<Identity>} (see {@link ReloadingIdentity}).
 */
public final class Identity {
    private Identity() {}

    /**
     * Reads every value of an identity block.
     *
     * @throws InvalidIdentityException naming the field that is missing or cannot be read
     */
    public static Identity load(IdentityConfig config) {
        throw new UnsupportedOperationException();
    }

    /** An identity from material already read. */
    public static Identity of(
            List<X509Certificate> clientChain,
            PrivateKey clientKey,
            List<ServerChain> serverChains,
            TrustAnchors anchors) {
        throw new UnsupportedOperationException();
    }

    /** Our own id: the CN of the client leaf. */
    public String token() {
        throw new UnsupportedOperationException();
    }

    /** Leaf first, completed with the issuers found in {@code cert} and {@code ca}, without roots of {@code ca}. */
    public List<X509Certificate> clientChain() {
        throw new UnsupportedOperationException();
    }

    public PrivateKey clientKey() {
        throw new UnsupportedOperationException();
    }

    /** In the order in which they are offered; empty when this identity cannot listen. */
    public List<ServerChain> serverChains() {
        throw new UnsupportedOperationException();
    }

    public TrustAnchors anchors() {
        throw new UnsupportedOperationException();
    }

    /** Whether a server leaf's SAN, or else the client leaf's, covers a host name that we advertise (protocol/07 section 2). */
    public boolean coversHost(String host) {
        throw new UnsupportedOperationException();
    }
}
