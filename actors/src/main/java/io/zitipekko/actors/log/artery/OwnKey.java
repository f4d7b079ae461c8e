package io.zitipekko.actors.log.artery;

import io.zitipekko.transport.identity.Fingerprint;
import io.zitipekko.transport.identity.Identity;
import java.net.Socket;
import java.security.Principal;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Supplier;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.X509ExtendedKeyManager;
import org.jspecify.annotations.Nullable;

/** Presents the client chain of the identity, as it is at that moment, on both sides of the cluster port. */
final class OwnKey extends X509ExtendedKeyManager {
    /** A handshake asks for its chain and its key one after the other; a renewal in between must not part them. */
    private static final int KEPT = 3;

    private final Supplier<Identity> identity;
    /** By alias, which is the leaf's fingerprint; the newest ones. */
    private final Map<String, Identity> offered = Collections.synchronizedMap(new LinkedHashMap<>() {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Identity> eldest) {
            return size() > KEPT;
        }
    });

    OwnKey(Supplier<Identity> identity) {
        this.identity = identity;
    }

    private @Nullable String alias(String... keyTypes) {
        Identity now = identity.get();
        String algorithm = now.clientKey().getAlgorithm();
        for (String keyType : keyTypes) {
            if (keyType.equals(algorithm) || keyType.startsWith(algorithm + "_")) {
                String alias = Fingerprint.of(now.clientChain().get(0)).hex();
                offered.putIfAbsent(alias, now);
                return alias;
            }
        }
        return null;
    }

    private String @Nullable [] aliases(String keyType) {
        String alias = alias(keyType);
        return alias == null ? null : new String[] {alias};
    }

    @Override
    public @Nullable String chooseEngineClientAlias(
            String[] keyTypes, Principal @Nullable [] issuers, SSLEngine engine) {
        return alias(keyTypes);
    }

    @Override
    public @Nullable String chooseEngineServerAlias(String keyType, Principal @Nullable [] issuers, SSLEngine engine) {
        return alias(keyType);
    }

    @Override
    public @Nullable String chooseClientAlias(String[] keyTypes, Principal @Nullable [] issuers, Socket socket) {
        return alias(keyTypes);
    }

    @Override
    public @Nullable String chooseServerAlias(String keyType, Principal @Nullable [] issuers, Socket socket) {
        return alias(keyType);
    }

    @Override
    public String @Nullable [] getClientAliases(String keyType, Principal @Nullable [] issuers) {
        return aliases(keyType);
    }

    @Override
    public String @Nullable [] getServerAliases(String keyType, Principal @Nullable [] issuers) {
        return aliases(keyType);
    }

    @Override
    public X509Certificate @Nullable [] getCertificateChain(String alias) {
        Identity chosen = offered.get(alias);
        return chosen == null ? null : chosen.clientChain().toArray(X509Certificate[]::new);
    }

    @Override
    public @Nullable PrivateKey getPrivateKey(String alias) {
        Identity chosen = offered.get(alias);
        return chosen == null ? null : chosen.clientKey();
    }
}
