package io.zitipekko.transport.tls;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import io.zitipekko.fuzz.Bounds;
import java.nio.ByteBuffer;
import java.util.Optional;
import java.util.stream.Stream;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLParameters;
import org.apache.pekko.util.ByteString;
import org.junit.jupiter.params.provider.MethodSource;

/** The first bytes of a TLS client, whole and in pieces, and bytes cut into records: refused with a TLS alert, or understood. */
class ClientHelloFuzzTest {
    static Stream<byte[]> hellos() throws Exception {
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(null, null, null);
        SSLEngine engine = context.createSSLEngine("ctrl.example.net", 1280);
        engine.setUseClientMode(true);
        SSLParameters parameters = engine.getSSLParameters();
        parameters.setApplicationProtocols(new String[] {"ziti-edge", "h2"});
        engine.setSSLParameters(parameters);
        ByteBuffer out = ByteBuffer.allocate(engine.getSession().getPacketBufferSize());
        engine.wrap(ByteBuffer.allocate(0), out);
        byte[] hello = new byte[out.flip().remaining()];
        out.get(hello);
        return Stream.of(
                hello,
                java.util.Arrays.copyOf(hello, hello.length / 2),
                new byte[] {22, 3, 1, 0, 0},
                new byte[] {22, 3, 1, (byte) 0xff, (byte) 0xff, 1},
                new byte[] {21, 3, 3, 0, 2, 2, 40},
                "GET / HTTP/1.1\r\n\r\n".getBytes(java.nio.charset.StandardCharsets.US_ASCII));
    }

    @MethodSource("hellos")
    @FuzzTest
    void aHelloIsUnderstoodOrRefusedHoweverMuchOfItIsThere(byte[] bytes) {
        Bounds.hold(bytes.length, () -> {
            Optional<ClientHello> whole = parse(bytes, bytes.length);
            parse(bytes, bytes.length / 2);
            if (whole != null && whole.isPresent()) {
                whole.get().serverName().ifPresent(name -> assertThat(name)
                        .isEqualTo(name.toLowerCase(java.util.Locale.ROOT)));
            }
            records(bytes);
        });
    }

    /** Null when refused. */
    private static Optional<ClientHello> parse(byte[] bytes, int length) {
        try {
            ByteBuffer in = ByteBuffer.wrap(bytes, 0, length);
            Optional<ClientHello> parsed = ClientHello.parse(in);
            assertThat(in.position()).isZero();
            return parsed;
        } catch (RefusedClientHelloException refused) {
            assertThat(refused.getMessage()).isNotBlank();
            return null;
        }
    }

    /** Reads cut anywhere give the same records back, byte for byte. */
    private static void records(byte[] bytes) {
        RecordInput input = new RecordInput();
        int step = 1 + (bytes.length == 0 ? 0 : bytes[bytes.length - 1] & 15);
        int at = 0;
        try {
            for (int fed = 0; fed < bytes.length; fed += step) {
                input.add(ByteString.fromArray(bytes, fed, Math.min(step, bytes.length - fed)));
                for (ByteBuffer record; (record = input.next()) != null; ) {
                    int length = 5 + (record.getShort(record.position() + 3) & 0xffff);
                    assertThat(RecordInput.typeOf(record)).isEqualTo(bytes[at] & 0xff);
                    for (int i = 0; i < length; i++) {
                        assertThat(record.get()).isEqualTo(bytes[at++]);
                    }
                }
            }
        } catch (SSLException refused) {
            assertThat(refused.getMessage()).contains("expected");
        }
    }
}
