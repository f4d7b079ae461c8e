package io.zitipekko.transport.identity;

import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Our own key material: the client chain with which we dial, the server chains with which we listen, and whom we trust.
 * Immutable; code that must follow renewed files takes a {@code Supplier<Identity>} (see {@link ReloadingIdentity}).
 */
public final class Identity {
    private final List<X509Certificate> clientChain;
    private final PrivateKey clientKey;
    private final List<ServerChain> serverChains;
    private final TrustAnchors anchors;

    private Identity(
            List<X509Certificate> clientChain,
            PrivateKey clientKey,
            List<ServerChain> serverChains,
            TrustAnchors anchors) {
        this.clientChain = List.copyOf(clientChain);
        this.clientKey = Objects.requireNonNull(clientKey, "clientKey");
        this.serverChains = List.copyOf(serverChains);
        this.anchors = Objects.requireNonNull(anchors, "anchors");
        if (clientChain.isEmpty()) {
            throw new IllegalArgumentException("clientChain: empty (expected: at least the leaf)");
        }
    }

    /**
     * Reads every value of an identity block. Reads files, so not on an actor's dispatcher.
     *
     * @throws InvalidIdentityException naming the field that is missing or cannot be read
     */
    public static Identity load(IdentityConfig config) {
        String cert = required("cert", config.cert());
        if (config.key() == null) {
            throw new InvalidIdentityException("identity key: no key specified for identity cert");
        }
        List<X509Certificate> clientCertificates = certificates("cert", cert);
        PrivateKey clientKey = privateKey("key", config.key());
        List<X509Certificate> bundle = config.ca() == null ? List.of() : certificates("ca", config.ca());

        X509Certificate clientLeaf = clientCertificates.get(0);
        requireMatch("key", clientLeaf, clientKey);
        List<X509Certificate> pool = new ArrayList<>(clientCertificates);
        pool.addAll(bundle);

        List<ServerChain> serverChains = new ArrayList<>();
        if (config.serverCert() != null) {
            PrivateKey serverKey =
                    config.serverKey() == null ? clientKey : privateKey("server_key", config.serverKey());
            serverChains.addAll(serverChains("server_cert", config.serverCert(), serverKey, bundle));
        }
        for (AltServerCert alternative : config.altServerCerts()) {
            PrivateKey key = alternative.serverKey() == null
                    ? clientKey
                    : privateKey("alt_server_certs.server_key", alternative.serverKey());
            serverChains.addAll(serverChains("alt_server_certs", alternative.serverCert(), key, bundle));
        }
        return new Identity(ChainAssembly.chain(clientLeaf, pool), clientKey, serverChains, TrustAnchors.of(bundle));
    }

    /** An identity from material already read. */
    public static Identity of(
            List<X509Certificate> clientChain,
            PrivateKey clientKey,
            List<ServerChain> serverChains,
            TrustAnchors anchors) {
        return new Identity(clientChain, clientKey, serverChains, anchors);
    }

    private static List<ServerChain> serverChains(
            String field, String value, PrivateKey key, List<X509Certificate> bundle) {
        List<X509Certificate> certificates = certificates(field, value);
        List<X509Certificate> leaves = ChainAssembly.serverLeaves(certificates);
        if (leaves.isEmpty()) {
            throw new InvalidIdentityException("identity " + field + ": none of its " + certificates.size()
                    + " certificates can serve (expected: one that is not a CA and has a DNS or IP alternative name)");
        }
        List<X509Certificate> pool = new ArrayList<>(certificates);
        pool.addAll(bundle);
        List<ServerChain> chains = new ArrayList<>();
        for (X509Certificate leaf : leaves) {
            requireMatch(field, leaf, key);
            chains.add(new ServerChain(ChainAssembly.chain(leaf, pool), key));
        }
        return chains;
    }

    private static void requireMatch(String field, X509Certificate leaf, PrivateKey key) {
        if (!ChainAssembly.belongTogether(leaf, key)) {
            throw new InvalidIdentityException("identity " + field
                    + ": the private key does not belong to certificate '" + leaf.getSubjectX500Principal() + "'");
        }
    }

    private static List<X509Certificate> certificates(String field, String value) {
        String pem = IdentityValue.read(field, value);
        try {
            return Pem.certificates(pem);
        } catch (InvalidIdentityException e) {
            throw new InvalidIdentityException("identity " + field + ": " + e.getMessage(), e);
        }
    }

    private static PrivateKey privateKey(String field, String value) {
        String pem = IdentityValue.read(field, value);
        try {
            return Pem.privateKey(pem);
        } catch (InvalidIdentityException e) {
            throw new InvalidIdentityException("identity " + field + ": " + e.getMessage(), e);
        }
    }

    private static String required(String field, @Nullable String value) {
        if (value == null || value.isBlank()) {
            throw new InvalidIdentityException(
                    "identity " + field + ": missing (expected: a file, or pem: and PEM text)");
        }
        return value;
    }

    /** Our own id: the CN of the client leaf. */
    public String token() {
        return CertificateNames.commonName(clientChain.get(0));
    }

    /** Leaf first, completed with the issuers found in {@code cert} and {@code ca}, without self-signed roots. */
    public List<X509Certificate> clientChain() {
        return clientChain;
    }

    public PrivateKey clientKey() {
        return clientKey;
    }

    /** In the order in which they are offered; empty when this identity cannot listen. */
    public List<ServerChain> serverChains() {
        return serverChains;
    }

    /** Every certificate of {@code ca}; empty when there was none: then dialing trusts the system's roots, and no client is trusted. */
    public TrustAnchors anchors() {
        return anchors;
    }

    /** Whether a server leaf's SAN, or else the client leaf's, covers a host name that we advertise (protocol/07 section 2). */
    public boolean coversHost(String host) {
        return serverChains.stream().anyMatch(chain -> CertificateNames.covers(chain.leaf(), host))
                || CertificateNames.covers(clientChain.get(0), host);
    }

    @Override
    public String toString() {
        return "Identity[" + token() + ", server chains " + serverChains.size() + ", " + anchors + "]";
    }
}
