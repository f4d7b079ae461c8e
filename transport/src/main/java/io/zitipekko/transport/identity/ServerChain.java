package io.zitipekko.transport.identity;

import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.Objects;

/**
 * One server certificate with what is sent along with it.
 *
 * @param chain leaf first, then its issuers, without the root where it was found among the anchors
 * @param key private key of the leaf
 */
public record ServerChain(List<X509Certificate> chain, PrivateKey key) {
    public ServerChain {
        chain = List.copyOf(chain);
        Objects.requireNonNull(key, "key");
        if (chain.isEmpty()) {
            throw new IllegalArgumentException("chain: empty (expected: at least the leaf)");
        }
    }

    public X509Certificate leaf() {
        return chain.get(0);
    }

    @Override
    public String toString() {
        return "ServerChain[" + leaf().getSubjectX500Principal() + "]";
    }
}
