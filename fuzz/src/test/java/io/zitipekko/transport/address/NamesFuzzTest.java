package io.zitipekko.transport.address;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import io.zitipekko.fuzz.Bounds;
import io.zitipekko.transport.channel.VersionInfo;
import io.zitipekko.transport.identity.CertificateNames;
import io.zitipekko.transport.identity.Fingerprint;
import io.zitipekko.transport.identity.SpiffeId;
import java.nio.charset.StandardCharsets;
import java.util.function.Function;
import java.util.stream.Stream;
import org.junit.jupiter.params.provider.MethodSource;

/** Short texts with a form of their own: an {@link IllegalArgumentException}, or a value whose text reads as the same value. */
class NamesFuzzTest {
    static Stream<byte[]> texts() {
        return Stream.of(
                        "tls:router.example:3022",
                        "tls://[::1]:3022",
                        "tcp:[fe80::1%eth0]:0",
                        "spiffe://network/controller/ctrl1",
                        "spiffe://network",
                        "v2.1.0|abc123|2026-01-02 03:04:05|linux|amd64",
                        "da39a3ee5e6b4b0d3255bfef95601890afd80709",
                        "256.1.1.1",
                        "::ffff:1.2.3.4")
                .map(text -> text.getBytes(StandardCharsets.UTF_8));
    }

    @MethodSource("texts")
    @FuzzTest
    void aTextIsRefusedOrReadsTheSameAgain(byte[] bytes) {
        String text = new String(bytes, StandardCharsets.UTF_8);
        Bounds.hold(bytes.length, () -> {
            stable(text, TransportAddress::parse);
            stable(text, SpiffeId::parse);
            stable(text, VersionInfo::parse);
            stable(text, Fingerprint::new);
            CertificateNames.literalAddress(text);
            try {
                TransportAddress address = TransportAddress.parse(text);
                assertThat(TransportAddress.parse(address.toUrl())).isEqualTo(address);
            } catch (IllegalArgumentException refused) {
                assertThat(refused.getMessage()).contains("expected");
            }
        });
    }

    private static <T> void stable(String text, Function<String, T> parse) {
        T read;
        try {
            read = parse.apply(text);
        } catch (IllegalArgumentException refused) {
            assertThat(refused.getMessage()).isNotBlank();
            return;
        }
        assertThat(parse.apply(read.toString())).isEqualTo(read);
    }
}
