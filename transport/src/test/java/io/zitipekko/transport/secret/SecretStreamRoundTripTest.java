package io.zitipekko.transport.secret;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.apache.pekko.util.ByteString;

/** What one end encrypts the other reads, in order, in both directions; one bit changed ends it. */
class SecretStreamRoundTripTest {
    @Property(tries = 200)
    void messagesComeOutAsTheyWentIn(
            @ForAll @Size(min = 1, max = 10) List<@Size(max = 2000) byte[]> messages,
            @ForAll @IntRange(max = 1 << 20) int bit) {
        try (KeyExchange dialer = KeyExchange.generate();
                KeyExchange host = KeyExchange.generate()) {
            SessionKeys dialing = dialer.asDialer(host.publicKey());
            SessionKeys hosting = host.asHost(dialer.publicKey());
            both(dialing, hosting, messages, bit);
            both(hosting, dialing, messages, bit);
        }
    }

    private static void both(SessionKeys from, SessionKeys to, List<byte[]> messages, int bit) {
        try (SecretStream.Encryptor encryptor = new SecretStream.Encryptor(from);
                SecretStream.Decryptor decryptor = new SecretStream.Decryptor(to, encryptor.header())) {
            for (byte[] message : messages) {
                ByteString plain = ByteString.fromArray(message);
                assertThat(decryptor.decrypt(encryptor.encrypt(plain))).isEqualTo(plain);
            }
            byte[] altered =
                    encryptor.encrypt(ByteString.fromArray(messages.get(0))).toArray();
            altered[bit / 8 % altered.length] ^= (byte) (1 << bit % 8);
            assertThatThrownBy(() -> decryptor.decrypt(ByteString.fromArray(altered)))
                    .isInstanceOf(SecretStreamException.class);
        }
    }
}
