package io.zitipekko.transport.pki;

import java.security.KeyPair;

/** New key pairs. Slow for RSA (seconds for 4096 bits): never on an actor's or a stream's dispatcher. */
public final class KeyPairs {
    private KeyPairs() {}

    public static KeyPair p256() {
        throw new UnsupportedOperationException();
    }

    public static KeyPair p384() {
        throw new UnsupportedOperationException();
    }

    /** @param bits 2048 to 8192 */
    public static KeyPair rsa(int bits) {
        throw new UnsupportedOperationException();
    }
}
