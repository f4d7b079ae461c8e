package io.zitipekko.transport.secret;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Arrays;
import java.util.HexFormat;
import java.util.Random;
import org.apache.pekko.util.ByteString;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** The vectors of protocol/02 section 15.7, and that nothing but the next genuine message passes. */
class SecretStreamTest {
    private static final byte[] CLIENT_SEED = range(0x00, 0x1f);
    private static final byte[] SERVER_SEED = seed(0x01, range(0x01, 0x1f));
    private static final String CLIENT_RX = "749519c68059bce69f7cfcc7b387a3de1a1e8237d110991323bf62870115731a";
    private static final String CLIENT_TX = "62c8f4fa81800abd0577d99918d129b65deb789af8c8351f391feb0cbf238604";

    @Test
    void keyExchangeHasTheKeysOfTheFirstVector() {
        KeyExchange client = KeyExchange.ofSeed(CLIENT_SEED);
        KeyExchange server = KeyExchange.ofSeed(SERVER_SEED);

        assertThat(text(client.publicKey()))
                .isEqualTo("0e0216223f147143d32615a91189c288c1728cba3cc5f9f621b1026e03d83129");
        assertThat(text(client.secretKey()))
                .isEqualTo("cb2f5160fc1f7e05a55ef49d340b48da2e5a78099d53393351cd579dd42503d6");
        assertThat(text(server.publicKey()))
                .isEqualTo("cc034cfcd643e7d419fc535943f5af94224da6386cae5e88daf34167e9d84d0a");
        assertThat(text(server.secretKey()))
                .isEqualTo("277d1c932cf8350251109639a74a3a0607afefa14eaf5739b472543649aec7bb");
        assertSessionKeys(client, server, CLIENT_RX, CLIENT_TX);
    }

    @Test
    void keyExchangeHasTheKeysOfTheSecondVector() {
        KeyExchange client = KeyExchange.ofSeed(filled(0x11));
        KeyExchange server = KeyExchange.ofSeed(filled(0x22));

        assertThat(text(client.publicKey()))
                .isEqualTo("cb8403d9e0857b55c47ff233b6b4379588c9644aababb2588027bf7188b98217");
        assertThat(text(client.secretKey()))
                .isEqualTo("d4ffaeeac45aa41825e0bc3f875570af061acbf0b950ad752ff0f9463fe13ad5");
        assertThat(text(server.publicKey()))
                .isEqualTo("89e2e17b0a384fecb8057084b5b1ba5b5c3c0eca440388432103a9c6e152d81f");
        assertThat(text(server.secretKey()))
                .isEqualTo("e2a94e18647fe0c6283a31e40c46ae1cc5f0867650f6834e4f01e34284adc9c7");
        assertSessionKeys(
                client,
                server,
                "b0053e142960e91d365043abe725043e227e745ff53fa1f4815056b45a0bc4ea",
                "0f8fd492c10c2dd3dca73ccb41f633d20109e94a4a4a1bbbc3e39387633faa9f");
    }

    private static void assertSessionKeys(KeyExchange client, KeyExchange server, String clientRx, String clientTx) {
        SessionKeys dialer = client.asDialer(server.publicKey());
        SessionKeys host = server.asHost(client.publicKey());
        assertThat(text(dialer.receive())).isEqualTo(clientRx);
        assertThat(text(dialer.send())).isEqualTo(clientTx);
        assertThat(text(host.send())).isEqualTo(clientRx);
        assertThat(text(host.receive())).isEqualTo(clientTx);
    }

    @Test
    void theStreamFromDialerToHostHasTheBytesOfTheVectors() {
        SecretStream.Encryptor encryptor = new SecretStream.Encryptor(hex(CLIENT_TX), range(0x40, 0x57));
        assertThat(text(encryptor.stateBytes()))
                .isEqualTo("7b2983da9d0a5e50eac0b8cda0a64c0aa05b231c33ba6b74456073e6b980015e"
                        + "010000005051525354555657");
        ByteString[] plain = {
            ByteString.emptyByteString(),
            ByteString.fromString("a"),
            ByteString.fromString("hello ziti"),
            ByteString.fromArray(range(0, 0x0f)),
            ByteString.fromArray(range(0, 0x63)),
            ByteString.fromString("xxxxxxx"),
            ByteString.fromString("after rekey")
        };
        byte[] tags = {0, 0, 0, 0, 0, 2, 0};
        String[] cipher = {
            "6810a5b3de4e7e895a1cecae2ba630fa3c",
            "609d23c2b6157b9c8eeae192a77c66c9f87e",
            "d9e90d2ab9f0be8d6bdbc54178481dd811c63fdaf70c2347450be5",
            "26bd43f50ac1ca729212b6a27353c3281dc98d70b4b9da000e5b9636c8edfe7a3f",
            "afe292243ebc86d5c112d9320bfa042ebce7581cb3c90853f3f2a92f8c2180d5f8e13c41d7b4703dc423d03376875d0e"
                    + "fb94072e6c63ab80ef00c9b5cbd4cd806bf7970918190c29541582159df64fb87f1f2e4d0beea47af6aa0ab1b939631a"
                    + "84ee23de2a231c520b3f4a9af864af62dfc2723695",
            "58302e1202b2aa7d027f664cfeeb08482c8077cdffd9097d",
            "f3d93cc38ccfcff3952e96645d13e04fc7ea6d104c9599417eb62cc8"
        };
        String[] nonces = {
            "0200000040f4e18d1a2bdf0d",
            "030000006336579861b751e7",
            "04000000224e1f85b9a697d8",
            "05000000ebc36f31007c97d6",
            "06000000c8df3d3a3f360d2e"
        };
        SecretStream.Decryptor decryptor =
                new SecretStream.Decryptor(hex(CLIENT_TX), ByteString.fromArray(range(0x40, 0x57)));

        for (int i = 0; i < plain.length; i++) {
            ByteString sealed = encryptor.encrypt(plain[i], tags[i]);

            assertThat(text(sealed.toArray())).as("message %d", i + 1).isEqualTo(cipher[i]);
            if (i < nonces.length) {
                assertThat(text(encryptor.stateBytes()).substring(64)).isEqualTo(nonces[i]);
            }
            assertThat(decryptor.decrypt(sealed)).isEqualTo(plain[i]);
        }
    }

    @Test
    void theStreamFromHostToDialerHasTheBytesOfTheVectors() {
        SecretStream.Encryptor encryptor = new SecretStream.Encryptor(hex(CLIENT_RX), range(0x60, 0x77));

        assertThat(text(encryptor.encrypt(ByteString.fromString("hello back")).toArray()))
                .isEqualTo("1c3f83ce4ab70a8589a28fed3e9ea9c4f60a6d68ab5cc839fa1bde");
        assertThat(text(encryptor.encrypt(ByteString.fromString("x".repeat(17))).toArray()))
                .isEqualTo("74b8f25db7475f58f5db738d06172b9a6fd0e41e3efed764e68220cb1751d752bd44");
    }

    @Test
    void messagesOfEverySizeComeBackWhole() {
        Random random = new Random(1);
        SessionKeys[] keys = keys();
        SecretStream.Encryptor encryptor = new SecretStream.Encryptor(keys[0]);
        SecretStream.Decryptor decryptor = new SecretStream.Decryptor(keys[1], encryptor.header());

        for (int size : new int[] {0, 1, 15, 16, 17, 63, 64, 65, 4096, 65_535, 65_536, 65_537, 300_000, 1, 2}) {
            byte[] plain = new byte[size];
            random.nextBytes(plain);
            ByteString rope = ByteString.fromArray(plain, 0, size / 3)
                    .concat(ByteString.fromArray(plain, size / 3, size - size / 3));

            ByteString sealed = encryptor.encrypt(rope);

            assertThat(sealed.size()).isEqualTo(size + SecretStream.OVERHEAD);
            assertThat(decryptor.decrypt(sealed).toArray()).isEqualTo(plain);
        }
    }

    @Test
    void alteredDroppedRepeatedAndReorderedMessagesAreDetected() {
        ByteString one = ByteString.fromString("one");
        SessionKeys[] keys = keys();
        SecretStream.Encryptor encryptor = new SecretStream.Encryptor(keys[0]);
        ByteString first = encryptor.encrypt(one);
        ByteString second = encryptor.encrypt(ByteString.fromString("two"));
        byte[] altered = first.toArray();
        altered[5] ^= 1;

        assertRefused(keys[1], encryptor.header(), ByteString.fromArray(altered));
        assertRefused(keys[1], encryptor.header(), second);
        assertRefused(keys[1], encryptor.header(), first, first);
        assertRefused(keys[1], encryptor.header(), first.take(first.size() - 1));
        assertRefused(keys[1], encryptor.header(), first.concat(ByteString.fromArray(new byte[1])));
        assertRefused(keys[1], encryptor.header(), ByteString.fromArray(new byte[16]));
        assertRefused(keys[1], ByteString.fromArray(new byte[24]), first);
        assertRefused(keys[0], encryptor.header(), first);
    }

    private static void assertRefused(SessionKeys keys, ByteString header, ByteString... messages) {
        try (SecretStream.Decryptor decryptor = new SecretStream.Decryptor(keys, header)) {
            for (int i = 0; i < messages.length - 1; i++) {
                decryptor.decrypt(messages[i]);
            }
            ByteString last = messages[messages.length - 1];
            assertThatThrownBy(() -> decryptor.decrypt(last)).isInstanceOf(SecretStreamException.class);
            assertThatThrownBy(() -> decryptor.decrypt(messages[0]))
                    .as("a failed stream stays failed")
                    .isInstanceOf(SecretStreamException.class);
        }
    }

    @Test
    void publicKeysThatGiveNoSecretAreRefused() {
        KeyExchange own = KeyExchange.generate();

        assertThatThrownBy(() -> own.asDialer(new byte[32]))
                .isInstanceOf(SecretStreamException.class)
                .hasMessageContaining("refused");
        assertThatThrownBy(() -> own.asHost(new byte[32])).isInstanceOf(SecretStreamException.class);
        assertThatThrownBy(() -> own.asHost(new byte[65]))
                .isInstanceOf(SecretStreamException.class)
                .hasMessageContaining("65 bytes (expected: 32");
    }

    @Test
    void aHeaderOfAnotherLengthIsRefused() {
        SessionKeys[] keys = keys();

        assertThatThrownBy(() -> new SecretStream.Decryptor(keys[0], ByteString.fromString("GET / HTTP/1.1")))
                .isInstanceOf(SecretStreamException.class)
                .hasMessageContaining("14 bytes");
    }

    @Test
    @DisplayName("CVE-2024-41260: every message was encrypted with the same nonce")
    void everyStreamHasAHeaderOfItsOwn() {
        SessionKeys[] keys = keys();

        assertThat(new SecretStream.Encryptor(keys[0]).header())
                .isNotEqualTo(new SecretStream.Encryptor(keys[0]).header());
    }

    @Test
    void keysAreWipedWhenClosedAndNeverPrinted() {
        KeyExchange pair = KeyExchange.ofSeed(CLIENT_SEED);
        SessionKeys session = pair.asDialer(KeyExchange.ofSeed(SERVER_SEED).publicKey());
        byte[] raw = session.send();
        SecretStream.Encryptor stream = new SecretStream.Encryptor(session);

        assertThat(pair + " " + session + " " + stream).doesNotContain(CLIENT_TX.substring(0, 8), "cb2f5160");
        pair.close();
        session.close();
        stream.close();

        assertThat(raw).containsOnly(0);
        assertThat(pair.secretKey()).containsOnly(0);
        assertThatThrownBy(session::send).isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(() -> pair.asHost(filled(9))).isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(() -> stream.encrypt(ByteString.fromString("x"))).isInstanceOf(IllegalStateException.class);
    }

    private static SessionKeys[] keys() {
        KeyExchange dialer = KeyExchange.generate();
        KeyExchange host = KeyExchange.generate();
        return new SessionKeys[] {dialer.asDialer(host.publicKey()), host.asHost(dialer.publicKey())};
    }

    private static byte[] range(int from, int to) {
        byte[] out = new byte[to - from + 1];
        for (int i = 0; i < out.length; i++) {
            out[i] = (byte) (from + i);
        }
        return out;
    }

    private static byte[] seed(int first, byte[] rest) {
        byte[] out = new byte[32];
        System.arraycopy(rest, 0, out, 1, 31);
        out[0] = (byte) first;
        return out;
    }

    private static byte[] filled(int value) {
        byte[] out = new byte[32];
        Arrays.fill(out, (byte) value);
        return out;
    }

    private static byte[] hex(String text) {
        return HexFormat.of().parseHex(text);
    }

    private static String text(byte[] bytes) {
        return HexFormat.of().formatHex(bytes);
    }
}
