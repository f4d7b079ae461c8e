package io.zitipekko.transport.secret;

import java.util.Arrays;

/**
 * One side's key pair for agreeing on session keys (protocol/02 section 15.1): the dialer is the client, the host the server. The
 * public key goes to the peer; the secret key never leaves, and is wiped by {@link #close}.
 */
public final class KeyExchange implements AutoCloseable {
    /** Length of public keys. */
    public static final int PUBLIC_KEY_BYTES = Libsodium.KEY_BYTES;

    private final byte[] publicKey = new byte[Libsodium.KEY_BYTES];
    private final byte[] secretKey = new byte[Libsodium.KEY_BYTES];
    private boolean wiped;

    private KeyExchange() {}

    /** A fresh random key pair. */
    public static KeyExchange generate() {
        KeyExchange pair = new KeyExchange();
        check(Libsodium.crypto_kx_keypair(pair.publicKey, pair.secretKey), "key generation failed");
        return pair;
    }

    /** The key pair of a 32-byte seed, for test vectors. */
    static KeyExchange ofSeed(byte[] seed) {
        KeyExchange pair = new KeyExchange();
        check(Libsodium.crypto_kx_seed_keypair(pair.publicKey, pair.secretKey, seed), "key generation failed");
        return pair;
    }

    /** 32 bytes for the peer; a copy. */
    public byte[] publicKey() {
        return publicKey.clone();
    }

    byte[] secretKey() {
        return secretKey;
    }

    /**
     * The keys of the dialing side.
     *
     * @throws SecretStreamException when the host's key has another length, or is one that would give the same keys to everybody
     */
    public SessionKeys asDialer(byte[] hostPublicKey) {
        byte[] rx = new byte[Libsodium.KEY_BYTES];
        byte[] tx = new byte[Libsodium.KEY_BYTES];
        check(
                Libsodium.crypto_kx_client_session_keys(rx, tx, publicKey, usableSecret(), checkedPeer(hostPublicKey)),
                "the host's public key is refused (it would give no secret)");
        return new SessionKeys(rx, tx);
    }

    /**
     * The keys of the hosting side.
     *
     * @throws SecretStreamException when the dialer's key has another length, or is one that would give the same keys to everybody
     */
    public SessionKeys asHost(byte[] dialerPublicKey) {
        byte[] rx = new byte[Libsodium.KEY_BYTES];
        byte[] tx = new byte[Libsodium.KEY_BYTES];
        check(
                Libsodium.crypto_kx_server_session_keys(
                        rx, tx, publicKey, usableSecret(), checkedPeer(dialerPublicKey)),
                "the dialer's public key is refused (it would give no secret)");
        return new SessionKeys(rx, tx);
    }

    private byte[] usableSecret() {
        if (wiped) {
            throw new IllegalStateException("the key pair is wiped");
        }
        return secretKey;
    }

    private static byte[] checkedPeer(byte[] key) {
        if (key.length != PUBLIC_KEY_BYTES) {
            throw new SecretStreamException(
                    "peer's public key of " + key.length + " bytes (expected: " + PUBLIC_KEY_BYTES + ", X25519)");
        }
        return key;
    }

    private static void check(int result, String failure) {
        if (result != 0) {
            throw new SecretStreamException(failure);
        }
    }

    @Override
    public void close() {
        wiped = true;
        Arrays.fill(secretKey, (byte) 0);
    }

    @Override
    public String toString() {
        return "KeyExchange[hidden]";
    }
}
