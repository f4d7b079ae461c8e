package io.zitipekko.transport.tls;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.zitipekko.transport.identity.TestPki;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import javax.net.ssl.SNIHostName;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLParameters;
import org.junit.jupiter.api.Test;

class ClientHelloTest {
    private static final int HEADER = 5;

    /** What the JDK's own client sends. */
    static byte[] hello(String host, String[] versions, String... alpn) throws Exception {
        SSLEngine engine =
                SslContexts.anonymousClient(new TestPki("x").rootOnly()).createSSLEngine();
        engine.setUseClientMode(true);
        SSLParameters parameters = engine.getSSLParameters();
        parameters.setProtocols(versions);
        parameters.setApplicationProtocols(alpn);
        if (!host.isEmpty()) {
            parameters.setServerNames(List.of(new SNIHostName(host)));
        }
        engine.setSSLParameters(parameters);
        ByteBuffer out = ByteBuffer.allocate(ScratchBuffers.MAX_RECORD);
        engine.wrap(ByteBuffer.allocate(0), out);
        return Arrays.copyOf(out.array(), out.position());
    }

    @Test
    void readsTls13AndTls12Hellos() throws Exception {
        ClientHello tls13 = ClientHello.parse(ByteBuffer.wrap(
                        hello("Router.Example", new String[] {"TLSv1.3", "TLSv1.2"}, "ziti-edge", "h2")))
                .orElseThrow();
        ClientHello tls12 = ClientHello.parse(ByteBuffer.wrap(hello("", new String[] {"TLSv1.2"})))
                .orElseThrow();

        assertThat(tls13.serverName()).contains("router.example");
        assertThat(tls13.alpn()).containsExactly("ziti-edge", "h2");
        assertThat(tls13.tls13()).isTrue();
        assertThat(tls13.signatureSchemes()).contains(0x0403, 0x0804);
        assertThat(tls12.serverName()).isEmpty();
        assertThat(tls12.alpn()).isEmpty();
        assertThat(tls12.tls13()).isFalse();
    }

    @Test
    void waitsForEveryByteAndLeavesTheBufferAsItWas() throws Exception {
        byte[] whole = hello("localhost", new String[] {"TLSv1.3"}, "x");

        for (int length = 0; length < whole.length; length++) {
            assertThat(ClientHello.parse(ByteBuffer.wrap(whole, 0, length)))
                    .as("first %d bytes", length)
                    .isEmpty();
        }
        ByteBuffer complete = ByteBuffer.wrap(whole);
        assertThat(ClientHello.parse(complete)).isPresent();
        assertThat(complete.position()).isZero();
    }

    @Test
    void joinsAHelloSpreadOverSeveralRecords() throws Exception {
        byte[] whole = hello("localhost", new String[] {"TLSv1.3"}, "x");
        int content = whole.length - HEADER;

        for (int first = 1; first < content; first += 7) {
            ByteBuffer split = ByteBuffer.allocate(whole.length + HEADER);
            putRecord(split, whole, HEADER, first);
            putRecord(split, whole, HEADER + first, content - first);
            assertThat(ClientHello.parse(split.flip()).orElseThrow().alpn()).containsExactly("x");
        }
    }

    private static void putRecord(ByteBuffer out, byte[] bytes, int from, int length) {
        out.put((byte) 22).put((byte) 3).put((byte) 1).putShort((short) length).put(bytes, from, length);
    }

    @Test
    void refusesWhatCannotBecomeAHello() {
        assertRefused("GET / HTTP/1.1\r\n\r\n".getBytes(StandardCharsets.US_ASCII), TlsAlert.UNEXPECTED_MESSAGE);
        assertRefused(new byte[] {22, 2, 0, 0, 9}, TlsAlert.PROTOCOL_VERSION);
        assertRefused(new byte[] {22, 3, 1, 0, 0}, TlsAlert.DECODE_ERROR);
        assertRefused(new byte[] {22, 3, 1, (byte) 0xff, (byte) 0xff}, TlsAlert.DECODE_ERROR);
        assertRefused(new byte[] {22, 3, 1, 0, 4, 2, 0, 0, 0}, TlsAlert.UNEXPECTED_MESSAGE);
        assertRefused(new byte[] {22, 3, 1, 0, 4, 1, (byte) 0xff, 0, 0}, TlsAlert.UNEXPECTED_MESSAGE);
        assertRefused(new byte[] {22, 3, 1, 0, 6, 1, 0, 0, 2, 3, 3}, TlsAlert.DECODE_ERROR);
    }

    @Test
    void refusesOldVersionsOnly() throws Exception {
        byte[] hello = hello("", new String[] {"TLSv1.2"});
        hello[HEADER + 4 + 1] = 1; // client_version 3.1; there is no supported_versions extension to overrule it

        byte[] old = withoutSupportedVersions(hello);

        assertRefused(old, TlsAlert.PROTOCOL_VERSION);
    }

    /** Renames the extension, so that nobody reads it. */
    private static byte[] withoutSupportedVersions(byte[] hello) {
        for (int i = HEADER; i + 4 < hello.length; i++) {
            if (hello[i] == 0 && hello[i + 1] == 43 && hello[i + 2] == 0 && hello[i + 3] == 3 && hello[i + 4] == 2) {
                hello[i + 1] = (byte) 200;
            }
        }
        return hello;
    }

    @Test
    void survivesAnyDamage() throws Exception {
        byte[] whole = hello("localhost", new String[] {"TLSv1.3"}, "x");
        Random random = new Random(7);

        for (int round = 0; round < 20_000; round++) {
            byte[] damaged = whole.clone();
            for (int hits = random.nextInt(4) + 1; hits > 0; hits--) {
                damaged[random.nextInt(damaged.length)] = (byte) random.nextInt();
            }
            try {
                assertThat(ClientHello.parse(ByteBuffer.wrap(damaged))).isNotNull();
            } catch (RefusedClientHelloException refused) {
                assertThat(refused.alert()).isNotNull();
            }
        }
    }

    private static void assertRefused(byte[] bytes, TlsAlert alert) {
        assertThatThrownBy(() -> ClientHello.parse(ByteBuffer.wrap(bytes)))
                .isInstanceOfSatisfying(RefusedClientHelloException.class, e -> assertThat(e.alert())
                        .isEqualTo(alert));
    }
}
