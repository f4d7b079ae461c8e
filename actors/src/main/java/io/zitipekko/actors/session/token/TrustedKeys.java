package io.zitipekko.actors.session.token;

import io.zitipekko.transport.identity.Fingerprint;
import java.security.PublicKey;
import java.util.Optional;
import java.util.function.Supplier;

/** The public keys of controllers, whose tokens are believed: this one's and, in a cluster, its peers'. Must be quick and thread-safe. */
public interface TrustedKeys {
    /** The key with that id, if a controller of this network signs with it. */
    Optional<PublicKey> key(Fingerprint kid);

    /** Only the one key that also signs. */
    static TrustedKeys only(Supplier<SigningKey> signing) {
        return kid -> {
            SigningKey key = signing.get();
            return key.kid().equals(kid) ? Optional.of(key.publicKey()) : Optional.empty();
        };
    }
}
