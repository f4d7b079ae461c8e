package io.zitipekko.transport.secret;

import com.sun.jna.Memory;
import com.sun.jna.Pointer;
import io.zitipekko.transport.provider.NativeCryptography;
import java.lang.ref.Cleaner;
import java.nio.ByteOrder;
import java.security.MessageDigest;
import java.util.Arrays;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Encrypts and decrypts the messages of which bulk consists with the system's OpenSSL, where it has one: in half of libsodium's time, with the
 * same result. A message of a secret stream is the AEAD of RFC 8439 section 2.8 over a block of {@value #BLOCK} bytes, of which only the first,
 * the tag, is sent, and the plain text; except that it is padded otherwise, which makes no difference to lengths that are a multiple of 8. All
 * else is libsodium's: other lengths, short messages, other tags than 0, and what makes a new key. The state is libsodium's too.
 *
 * <pre>
 *   state:    key (32) | counter (4) | nonce (8)
 *   message:  tag (1)  | plain text  | MAC (16)
 * </pre>
 *
 * Belongs to a thread, as the memory does that its key passes through; no key is left in it after a call.
 */
final class OpensslMessages {
    private static final Logger LOG = LoggerFactory.getLogger(OpensslMessages.class);
    private static final Cleaner CLEANER = Cleaner.create();

    /** What is shorter costs less than the calls do. */
    private static final int SMALLEST = 8 << 10;

    private static final int MULTIPLE = 8;
    private static final int BLOCK = 64;
    private static final int MAC = 16;
    private static final int COUNTER = Libsodium.KEY_BYTES;
    private static final int NONCE = COUNTER + 4;

    /** Keeps each from being freed in the middle of a call. */
    private static final ThreadLocal<OpensslMessages> OF_THREAD = ThreadLocal.withInitial(OpensslMessages::new);

    private static final boolean USABLE = isUsable();

    private final long context;
    private final Memory memory = new Memory(2 * BLOCK + Integer.BYTES);
    /** Always zero. */
    private final long zeros = Pointer.nativeValue(memory);
    /** What the tag's block is encrypted with: as the tag is 0, also what it is encrypted to. */
    private final long block = zeros + BLOCK;
    /** How much the last call wrote. */
    private final long moved = block + BLOCK;

    private OpensslMessages() {
        long fresh = Libcrypto.EVP_CIPHER_CTX_new();
        require(fresh != 0);
        context = fresh;
        CLEANER.register(this, () -> Libcrypto.EVP_CIPHER_CTX_free(fresh));
        memory.clear();
        require(Libcrypto.EVP_CipherInit_ex(context, Libcrypto.EVP_chacha20_poly1305(), 0, 0, 0, 1) == 1);
    }

    static OpensslMessages ofThisThread() {
        return OF_THREAD.get();
    }

    /** Whether the next message of this stream, with a plain text so long, may be encrypted and decrypted here. */
    static boolean suits(Pointer state, int length) {
        // After the last value of the counter there is a new key.
        return USABLE && length >= SMALLEST && length % MULTIPLE == 0 && state.getInt(COUNTER) != -1;
    }

    /** Encrypts {@code length} bytes with the tag 0. */
    void encrypt(Pointer state, Memory plain, int length, Memory message) {
        long out = Pointer.nativeValue(message);
        try {
            begin(state, true);
            update(block, zeros, BLOCK);
            message.setByte(0, memory.getByte(BLOCK));
            update(out + 1, Pointer.nativeValue(plain), length);
            require(Libcrypto.EVP_CipherFinal_ex(context, block, moved) == 1
                    && Libcrypto.EVP_CIPHER_CTX_ctrl(context, Libcrypto.EVP_CTRL_AEAD_GET_TAG, MAC, out + 1 + length)
                            == 1);
            advance(state, message.getLong(1L + length));
        } finally {
            forget();
        }
    }

    /**
     * Decrypts a message with a plain text of {@code length} bytes.
     *
     * @return false when it is not genuine, not the next one, or has another tag than 0: nothing has changed then
     */
    boolean decrypt(Pointer state, Memory message, int length, Memory plain) {
        long in = Pointer.nativeValue(message);
        try {
            begin(state, true);
            update(block, zeros, BLOCK);
            if (message.getByte(0) != memory.getByte(BLOCK)) {
                return false;
            }
            begin(state, false);
            require(Libcrypto.EVP_CIPHER_CTX_ctrl(context, Libcrypto.EVP_CTRL_AEAD_SET_TAG, MAC, in + 1 + length) == 1);
            update(block, block, BLOCK);
            update(Pointer.nativeValue(plain), in + 1, length);
            if (Libcrypto.EVP_CipherFinal_ex(context, block, moved) != 1) {
                // It was decrypted before it was known not to be genuine.
                plain.setMemory(0, length, (byte) 0);
                return false;
            }
            advance(state, message.getLong(1L + length));
            return true;
        } finally {
            forget();
        }
    }

    private void begin(Pointer state, boolean encrypts) {
        long key = Pointer.nativeValue(state);
        require(Libcrypto.EVP_CipherInit_ex(context, 0, 0, key, key + COUNTER, encrypts ? 1 : 0) == 1);
    }

    private void update(long out, long in, int length) {
        require(Libcrypto.EVP_CipherUpdate(context, out, moved, in, length) == 1 && memory.getInt(2 * BLOCK) == length);
    }

    /** @param mac its first eight bytes */
    private static void advance(Pointer state, long mac) {
        state.setLong(NONCE, state.getLong(NONCE) ^ mac);
        state.setInt(COUNTER, state.getInt(COUNTER) + 1);
    }

    private void forget() {
        memory.clear();
        require(Libcrypto.EVP_CipherInit_ex(context, 0, 0, zeros, zeros, 1) == 1);
    }

    private static void require(boolean done) {
        if (!done) {
            throw new SecretStreamException("OpenSSL's ChaCha20-Poly1305 does not work");
        }
    }

    /** Whether there is an OpenSSL here, and agrees with libsodium. */
    private static boolean isUsable() {
        try {
            if (!NativeCryptography.isWanted() || ByteOrder.nativeOrder() != ByteOrder.LITTLE_ENDIAN) {
                return false;
            }
            boolean agrees = agrees();
            if (!agrees) {
                LOG.warn("OpenSSL's ChaCha20-Poly1305 does not agree with libsodium's, which encrypts everything now");
            }
            return agrees;
        } catch (LinkageError | SecretStreamException e) {
            LOG.debug("libsodium encrypts everything, there is no OpenSSL 3: {}", e.toString());
            return false;
        } catch (IllegalArgumentException misspelt) {
            // Thrown from here it would be an error of the class, and end the application that encrypts its first large
            // message.
            LOG.warn("libsodium encrypts everything: {}", misspelt.getMessage());
            return false;
        }
    }

    private static boolean agrees() {
        int length = SMALLEST;
        byte[] key = new byte[Libsodium.KEY_BYTES];
        byte[] header = new byte[Libsodium.HEADER_BYTES];
        Arrays.fill(key, (byte) 7);
        try (Memory one = new Memory(Libsodium.STATE_BYTES);
                Memory other = new Memory(Libsodium.STATE_BYTES);
                Memory plain = new Memory(length);
                Memory theirs = new Memory(length + Libsodium.OVERHEAD);
                Memory ours = new Memory(length + Libsodium.OVERHEAD)) {
            plain.setMemory(0, length, (byte) 1);
            Libsodium.crypto_secretstream_xchacha20poly1305_init_pull(one, header, key);
            Libsodium.crypto_secretstream_xchacha20poly1305_init_pull(other, header, key);
            OpensslMessages messages = ofThisThread();
            for (int i = 0; i < 2; i++) {
                Libsodium.crypto_secretstream_xchacha20poly1305_push(
                        one, theirs, null, plain, length, null, 0, (byte) 0);
                messages.encrypt(other, plain, length, ours);
                if (!MessageDigest.isEqual(bytes(theirs), bytes(ours))
                        || !MessageDigest.isEqual(bytes(one), bytes(other))) {
                    return false;
                }
            }
            return true;
        }
    }

    private static byte[] bytes(Memory memory) {
        return memory.getByteArray(0, (int) memory.size());
    }
}
