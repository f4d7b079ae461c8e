package io.zitipekko.transport.secret;

import com.sun.jna.Memory;
import com.sun.jna.Pointer;
import java.nio.ByteBuffer;
import org.apache.pekko.util.ByteString;

/**
 * One direction of an encrypted connection, XChaCha20-Poly1305 as a stream of messages (protocol/02 sections 15.2 to 15.4): a header of
 * {@value #HEADER_BYTES} bytes, then each message {@value #OVERHEAD} bytes longer than its plain text. A message altered,
 * dropped, repeated or out of its turn does not decrypt. Not thread-safe; {@link #close} wipes the key.
 */
public abstract sealed class SecretStream implements AutoCloseable {
    public static final int HEADER_BYTES = Libsodium.HEADER_BYTES;
    public static final int OVERHEAD = Libsodium.OVERHEAD;

    private static final int SCRATCH_BYTES = 64 << 10;

    // Native memory for input and output, per thread and not per connection: thousands of idle connections share a few.
    private static final ThreadLocal<Scratch> SCRATCH =
            ThreadLocal.withInitial(() -> new Scratch(SCRATCH_BYTES + OVERHEAD));

    private final Memory state = new Memory(Libsodium.STATE_BYTES);
    private boolean closed;
    private boolean failed;

    private SecretStream() {}

    Pointer state() {
        if (closed) {
            throw new IllegalStateException("the secret stream is closed");
        }
        if (failed) {
            throw new SecretStreamException("the secret stream has failed before");
        }
        return state;
    }

    void fail(String reason) {
        failed = true;
        throw new SecretStreamException(reason);
    }

    /** The state, for test vectors: 32 bytes subkey, 12 bytes nonce. */
    byte[] stateBytes() {
        return state().getByteArray(0, 44);
    }

    /** Wipes the key. Idempotent. */
    @Override
    public void close() {
        if (!closed) {
            closed = true;
            state.clear();
            state.close();
        }
    }

    @Override
    public String toString() {
        return getClass().getSimpleName() + "[hidden]";
    }

    private static Scratch scratch(int bytes) {
        return bytes <= SCRATCH_BYTES + OVERHEAD ? SCRATCH.get() : new Scratch(bytes);
    }

    /** The sending direction. */
    public static final class Encryptor extends SecretStream {
        private final ByteString header;

        /** Begins with a fresh random header, for the key that {@code keys} sends with. */
        public Encryptor(SessionKeys keys) {
            byte[] fresh = new byte[HEADER_BYTES];
            if (Libsodium.crypto_secretstream_xchacha20poly1305_init_push(state(), fresh, keys.send()) != 0) {
                fail("the encryption cannot be started");
            }
            this.header = ByteString.fromArrayUnsafe(fresh);
        }

        /** With a given header, for test vectors. */
        Encryptor(byte[] key, byte[] header) {
            // Reading and writing sides derive the same state from a header.
            Libsodium.crypto_secretstream_xchacha20poly1305_init_pull(state(), header, key);
            this.header = ByteString.fromArray(header);
        }

        /** What the peer must get first, as a message of its own. */
        public ByteString header() {
            return header;
        }

        /** One encrypted message. */
        public ByteString encrypt(ByteString plain) {
            return encrypt(plain, (byte) 0);
        }

        ByteString encrypt(ByteString plain, byte tag) {
            int length = plain.size();
            Scratch scratch = scratch(length + OVERHEAD);
            scratch.load(plain);
            if (tag == 0 && OpensslMessages.suits(state(), length)) {
                OpensslMessages.ofThisThread().encrypt(state(), scratch.input, length, scratch.output);
            } else if (Libsodium.crypto_secretstream_xchacha20poly1305_push(
                            state(), scratch.output, null, scratch.input, length, null, 0, tag)
                    != 0) {
                fail("the encryption failed");
            }
            scratch.wipeInput(length);
            return scratch.result(length + OVERHEAD);
        }
    }

    /** The receiving direction. */
    public static final class Decryptor extends SecretStream {
        /**
         * Begins with the peer's header, for the key that {@code keys} receives with.
         *
         * @throws SecretStreamException when it is not {@value SecretStream#HEADER_BYTES} bytes long
         */
        public Decryptor(SessionKeys keys, ByteString header) {
            this(keys.receive(), header);
        }

        Decryptor(byte[] key, ByteString header) {
            if (header.size() != HEADER_BYTES) {
                close();
                throw new SecretStreamException("the peer's first message has " + header.size() + " bytes (expected: a "
                        + HEADER_BYTES + "-byte stream header; is the peer's side encrypted?)");
            }
            if (Libsodium.crypto_secretstream_xchacha20poly1305_init_pull(state(), header.toArray(), key) != 0) {
                fail("the peer's stream header is refused");
            }
        }

        /**
         * The plain text of the next message. Tags mean nothing here (protocol/02 section 15.3).
         *
         * @throws SecretStreamException when it is not the next message of this stream, unaltered; the stream is then of no more use
         */
        public ByteString decrypt(ByteString cipher) {
            int length = cipher.size();
            if (length < OVERHEAD) {
                fail("encrypted message of " + length + " bytes (expected: at least " + OVERHEAD + ")");
            }
            Scratch scratch = scratch(length);
            scratch.load(cipher);
            if (!opened(scratch, length - OVERHEAD)) {
                fail("an encrypted message of " + length + " bytes is not genuine, or not the next one");
            }
            ByteString plain = scratch.result(length - OVERHEAD);
            scratch.wipeOutput(length - OVERHEAD);
            return plain;
        }

        /** A message that OpenSSL does not open may have another tag: libsodium decides. */
        private boolean opened(Scratch scratch, int length) {
            return (OpensslMessages.suits(state(), length)
                            && OpensslMessages.ofThisThread().decrypt(state(), scratch.input, length, scratch.output))
                    || Libsodium.crypto_secretstream_xchacha20poly1305_pull(
                                    state(), scratch.output, null, null, scratch.input, length + OVERHEAD, null, 0)
                            == 0;
        }
    }

    /** Native memory that one call reads from and one that it writes to. */
    private static final class Scratch {
        final Memory input;
        final Memory output;
        private final ByteBuffer inputView;

        Scratch(int bytes) {
            // One byte at least: an empty message has an address, too.
            this.input = new Memory(Math.max(1, bytes));
            this.output = new Memory(Math.max(1, bytes));
            this.inputView = input.getByteBuffer(0, input.size());
        }

        void load(ByteString bytes) {
            inputView.clear();
            bytes.copyToBuffer(inputView);
        }

        ByteString result(int length) {
            byte[] out = new byte[length];
            output.read(0, out, 0, length);
            return ByteString.fromArrayUnsafe(out);
        }

        void wipeInput(int length) {
            input.setMemory(0, length, (byte) 0);
        }

        void wipeOutput(int length) {
            output.setMemory(0, length, (byte) 0);
        }
    }
}
