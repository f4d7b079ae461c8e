package io.zitipekko.transport.secret;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.jna.Memory;
import com.sun.jna.NativeLibrary;
import com.sun.jna.Pointer;
import java.util.Random;
import org.apache.pekko.util.ByteString;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What OpenSSL makes is what libsodium makes, message by message and state by state. */
class OpensslMessagesTest {
    private static final int BULK = 32 << 10;
    private static final int COUNTER = 32;

    private final Random random = new Random(2);
    private final byte[] key = bytes(32);
    private final byte[] header = bytes(24);
    private final SecretStream.Encryptor encryptor = new SecretStream.Encryptor(key, header);
    private final SecretStream.Decryptor decryptor = new SecretStream.Decryptor(key, ByteString.fromArray(header));
    private final Memory libsodium = new Memory(Libsodium.STATE_BYTES);

    OpensslMessagesTest() {
        Libsodium.crypto_secretstream_xchacha20poly1305_init_pull(libsodium, header, key);
    }

    @AfterEach
    void close() {
        encryptor.close();
        decryptor.close();
        libsodium.close();
    }

    @Test
    void whereThereIsAnOpensslItEncryptsBulk() {
        assertThat(OpensslMessages.suits(libsodium, BULK)).isEqualTo(isThere());
        assertThat(OpensslMessages.suits(libsodium, BULK + 1)).isFalse();
        assertThat(OpensslMessages.suits(libsodium, 8)).isFalse();
    }

    private static boolean isThere() {
        try {
            return Libcrypto.library() != null;
        } catch (LinkageError e) {
            return false;
        }
    }

    @Test
    void itsFunctionsAreNotFoundByOtherLibrariesOfTheProcess() {
        assertThat(OpensslMessages.suits(libsodium, BULK)).isEqualTo(isThere());

        assertThatThrownBy(() -> NativeLibrary.getProcess().getFunction("EVP_chacha20_poly1305"))
                .isInstanceOf(UnsatisfiedLinkError.class);
    }

    @Test
    void messagesOfAllLengthsAndTagsAreLibsodiums() {
        int[] lengths = {BULK, BULK, 1, BULK + 8, BULK + 4, 8 << 10, (8 << 10) - 8, 64 << 10, BULK, (64 << 10) + 8, BULK
        };
        byte[] tags = {0, 0, 0, 0, 0, 0, 0, 0, 2, 0, 1};

        for (int i = 0; i < lengths.length; i++) {
            assertSame(bytes(lengths[i]), tags[i]);
        }
    }

    @Test
    void theKeyThatFollowsTheLastValueOfTheCounterIsLibsodiums() {
        for (Pointer state : new Pointer[] {libsodium, encryptor.state(), decryptor.state()}) {
            state.setInt(COUNTER, -2);
        }

        for (int i = 0; i < 3; i++) {
            assertSame(bytes(BULK), (byte) 0);
        }

        assertThat(libsodium.getInt(COUNTER)).as("begins anew").isEqualTo(2);
    }

    private void assertSame(byte[] plain, byte tag) {
        byte[] expected = byLibsodium(plain, tag);

        ByteString message = encryptor.encrypt(ByteString.fromArray(plain), tag);

        assertThat(message.toArray()).isEqualTo(expected);
        assertThat(encryptor.stateBytes()).isEqualTo(libsodium.getByteArray(0, 44));
        assertThat(decryptor.decrypt(message).toArray()).isEqualTo(plain);
        assertThat(decryptor.stateBytes()).isEqualTo(libsodium.getByteArray(0, 44));
    }

    private byte[] byLibsodium(byte[] plain, byte tag) {
        try (Memory in = new Memory(plain.length);
                Memory out = new Memory(plain.length + Libsodium.OVERHEAD)) {
            in.write(0, plain, 0, plain.length);
            Libsodium.crypto_secretstream_xchacha20poly1305_push(libsodium, out, null, in, plain.length, null, 0, tag);
            return out.getByteArray(0, (int) out.size());
        }
    }

    @Test
    void aBulkMessageAlteredAnywhereIsRefused() {
        byte[] message = encryptor.encrypt(ByteString.fromArray(bytes(BULK))).toArray();

        for (int at : new int[] {0, 1, BULK / 2, BULK, BULK + 1, BULK + 16}) {
            byte[] altered = message.clone();
            altered[at] ^= 4;
            try (SecretStream.Decryptor other = new SecretStream.Decryptor(key, ByteString.fromArray(header))) {
                assertThatThrownBy(() -> other.decrypt(ByteString.fromArray(altered)))
                        .as("byte %d", at)
                        .isInstanceOf(SecretStreamException.class)
                        .hasMessageContaining("not genuine");
            }
        }
    }

    @Test
    void aBulkMessageOutOfItsTurnIsRefused() {
        ByteString first = encryptor.encrypt(ByteString.fromArray(bytes(BULK)));
        ByteString second = encryptor.encrypt(ByteString.fromArray(bytes(BULK)));

        try (SecretStream.Decryptor other = new SecretStream.Decryptor(key, ByteString.fromArray(header))) {
            assertThatThrownBy(() -> other.decrypt(second)).isInstanceOf(SecretStreamException.class);
        }
        decryptor.decrypt(first);
        assertThatThrownBy(() -> decryptor.decrypt(first)).isInstanceOf(SecretStreamException.class);
    }

    private byte[] bytes(int length) {
        byte[] fresh = new byte[length];
        random.nextBytes(fresh);
        return fresh;
    }
}
