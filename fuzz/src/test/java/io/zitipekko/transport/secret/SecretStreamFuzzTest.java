package io.zitipekko.transport.secret;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import io.zitipekko.fuzz.Bounds;
import io.zitipekko.fuzz.WireVectors;
import java.util.Arrays;
import java.util.stream.Stream;
import org.apache.pekko.util.ByteString;
import org.junit.jupiter.params.provider.MethodSource;

/** A peer's public key, stream header and encrypted messages: nothing but what its end encrypted comes out. */
class SecretStreamFuzzTest {
    private static final byte[] KEY =
            WireVectors.bytes("62c8f4fa81800abd0577d99918d129b65deb789af8c8351f391feb0cbf238604");
    private static final byte[] HEADER = WireVectors.bytes("404142434445464748494a4b4c4d4e4f5051525354555657");
    private static final byte[] FIRST = WireVectors.bytes("6810a5b3de4e7e895a1cecae2ba630fa3c");

    static Stream<byte[]> inputs() {
        return Stream.of(
                FIRST,
                WireVectors.bytes("609d23c2b6157b9c8eeae192a77c66c9f87e"),
                HEADER,
                new byte[32],
                WireVectors.bytes("0e0216223f147143d32615a91189c288c1728cba3cc5f9f621b1026e03d83129"),
                WireVectors.bytes("ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f"));
    }

    @MethodSource("inputs")
    @FuzzTest
    void onlyWhatWasEncryptedComesOut(byte[] bytes) {
        Bounds.hold(bytes.length, () -> {
            ByteString input = ByteString.fromArray(bytes);
            try (SecretStream.Decryptor decryptor = new SecretStream.Decryptor(KEY, ByteString.fromArray(HEADER))) {
                ByteString plain = decryptor.decrypt(input);
                assertThat(Arrays.equals(bytes, FIRST))
                        .as("decrypted what nobody encrypted")
                        .isTrue();
                assertThat(plain.isEmpty()).isTrue();
            } catch (SecretStreamException refused) {
                assertThat(refused.getMessage()).isNotBlank();
            }
            try (SecretStream.Decryptor decryptor = new SecretStream.Decryptor(KEY, input)) {
                decryptor.decrypt(ByteString.fromArray(FIRST));
                assertThat(Arrays.equals(bytes, HEADER))
                        .as("decrypted under another header")
                        .isTrue();
            } catch (SecretStreamException refused) {
                assertThat(refused.getMessage()).isNotBlank();
            }
            try (SecretStream.Encryptor encryptor = new SecretStream.Encryptor(KEY, HEADER);
                    SecretStream.Decryptor decryptor = new SecretStream.Decryptor(KEY, ByteString.fromArray(HEADER))) {
                assertThat(decryptor.decrypt(encryptor.encrypt(input))).isEqualTo(input);
            }
            exchange(bytes);
        });
    }

    private static void exchange(byte[] peerKey) {
        try (KeyExchange own = KeyExchange.ofSeed(new byte[32])) {
            SessionKeys dialer = own.asDialer(peerKey);
            SessionKeys host = own.asHost(peerKey);
            assertThat(dialer.send()).hasSize(32).isNotEqualTo(new byte[32]);
            assertThat(host.receive()).hasSize(32).isNotEqualTo(new byte[32]);
        } catch (SecretStreamException refused) {
            assertThat(refused.getMessage()).isNotBlank();
        }
    }
}
