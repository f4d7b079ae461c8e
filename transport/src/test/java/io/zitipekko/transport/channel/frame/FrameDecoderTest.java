package io.zitipekko.transport.channel.frame;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.zitipekko.transport.channel.Headers;
import io.zitipekko.transport.channel.Message;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.Size;
import org.apache.pekko.util.ByteString;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class FrameDecoderTest {
    private static final FrameLimits ROOMY = FrameLimits.ofTotal(64 << 20);

    @Property(tries = 200)
    void messagesSurviveAnySplit(
            @ForAll("messages") @Size(min = 1, max = 12) List<Message> messages,
            @ForAll @Size(min = 1, max = 40)
                    List<@net.jqwik.api.constraints.IntRange(min = 1, max = 9000) Integer> cuts)
            throws Exception {
        FrameBatch batch = new FrameBatch();
        for (int i = 0; i < messages.size(); i++) {
            batch.add(messages.get(i), i + 1, null);
        }
        byte[] wire = batch.take().toArray();

        FrameDecoder decoder = FrameDecoder.forListener(ROOMY);
        List<Message> decoded = new ArrayList<>();
        int at = 0;
        for (int i = 0; at < wire.length; i++) {
            int end = Math.min(wire.length, at + cuts.get(i % cuts.size()));
            decoder.feed(ByteString.fromArray(Arrays.copyOfRange(wire, at, end)));
            at = end;
            for (Message next = decoder.next(); next != null; next = decoder.next()) {
                decoded.add(next);
            }
        }

        assertThat(decoded).hasSameSizeAs(messages);
        for (int i = 0; i < messages.size(); i++) {
            assertThat(decoded.get(i).sequence()).isEqualTo(i + 1);
            assertThat(MessageFraming.encode(decoded.get(i), 0)).isEqualTo(MessageFraming.encode(messages.get(i), 0));
        }
    }

    @Property(tries = 500)
    void anyBytesEitherDecodeOrAreRefused(@ForAll byte[] rubbish) {
        FrameDecoder decoder = FrameDecoder.forListener(FrameLimits.HELLO);
        decoder.feed(ByteString.fromString("").concat(ByteString.fromArray(prefixed(rubbish))));
        try {
            while (decoder.next() != null) {
                // As many as there are.
            }
        } catch (FramingException e) {
            assertThat(e).hasMessageNotContaining("null");
        }
    }

    private static byte[] prefixed(byte[] rubbish) {
        ByteBuffer out = ByteBuffer.allocate(4 + rubbish.length);
        return out.put(new byte[] {3, 6, 9, 12}).put(rubbish).array();
    }

    @Provide
    Arbitrary<List<Message>> messages() {
        Arbitrary<Headers> headers = Arbitraries.maps(
                        Arbitraries.integers().between(0, 3000),
                        Arbitraries.bytes().array(byte[].class).ofMaxSize(40))
                .ofMaxSize(6)
                .map(map -> {
                    Headers.Builder b = Headers.builder();
                    map.forEach(b::bytes);
                    return b.build();
                });
        Arbitrary<byte[]> bodies = Arbitraries.frequencyOf(
                net.jqwik.api.Tuple.of(
                        5, Arbitraries.bytes().array(byte[].class).ofMaxSize(64)),
                net.jqwik.api.Tuple.of(
                        1, Arbitraries.integers().between(4000, 40000).map(FrameDecoderTest::pattern)));
        return Combinators.combine(Arbitraries.integers(), headers, bodies)
                .as(Message::of)
                .list();
    }

    private static byte[] pattern(int length) {
        byte[] body = new byte[length];
        for (int i = 0; i < length; i++) {
            body[i] = (byte) (i * 31);
        }
        return body;
    }

    @Test
    void takesAHelloOfExactlyTheLimit() throws Exception {
        FrameDecoder decoder = FrameDecoder.forListener(FrameLimits.HELLO);
        Headers headers = Headers.builder().bytes(1002, new byte[16384 - 8]).build();

        decoder.feed(MessageFraming.encode(Message.of(0, headers, new byte[4192]), -1));

        assertThat(decoder.next()).isNotNull();
    }

    @ParameterizedTest
    @ValueSource(strings = {"01400000 00000000", "00000000 61100000", "ffffffff 02000000", "02000000 ffffffff"})
    void refusesLengthsOverTheLimitBeforeTheyArrive(String lengths) {
        FrameDecoder decoder = FrameDecoder.forListener(FrameLimits.HELLO);
        decoder.feed(hex("0306090c 00000000 ffffffff" + lengths));

        assertThatThrownBy(decoder::next).isInstanceOf(FramingException.class).hasMessageContaining("limits here");
    }

    @Test
    @DisplayName("CVE-2026-40303: memory was taken for a length that the client had made up")
    void addsLengthsIn64Bits() {
        FrameDecoder decoder = FrameDecoder.forListener(new FrameLimits(1L << 32, 1L << 32, 100));
        decoder.feed(hex("0306090c 00000000 ffffffff ffffffff 02000000"));

        assertThatThrownBy(decoder::next).hasMessageContaining("4294967295");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "0306090c 05000000 01000000 01000000 00000000 aa",
                "0306090c 05000000 01000000 07000000 00000000 05000000 000000",
                "0306090c 05000000 01000000 09000000 00000000 05000000 02000000 aa",
                "0306090c 05000000 01000000 09000000 00000000 05000000 ffffffff aa",
                "0306090c 05000000 01000000 0a000000 00000000 05000000 00000000 aabb"
            })
    void refusesHeadersThatDoNotEndWhereTheySay(String frame) {
        FrameDecoder decoder = FrameDecoder.forListener(ROOMY);
        decoder.feed(hex(frame));

        assertThatThrownBy(decoder::next).isInstanceOf(FramingException.class);
    }

    @Test
    void refusesMoreHeadersThanAnyPeerSends() {
        byte[] block = new byte[8 * 1025];
        FrameDecoder decoder = FrameDecoder.forListener(ROOMY);
        ByteBuffer frame = ByteBuffer.allocate(20 + block.length).order(ByteOrder.LITTLE_ENDIAN);
        frame.put(new byte[] {3, 6, 9, 12})
                .putInt(1)
                .putInt(1)
                .putInt(block.length)
                .putInt(0);
        decoder.feed(ByteString.fromArray(frame.array()));

        assertThatThrownBy(decoder::next).hasMessageContaining("1024");
    }

    @Test
    void keepsTheLastOfDuplicateHeaders() throws Exception {
        FrameDecoder decoder = FrameDecoder.forListener(ROOMY);
        decoder.feed(hex("0306090c 05000000 01000000 12000000 00000000 07000000 01000000 61 07000000 01000000 62"));

        assertThat(decoder.next().headers().string(7)).contains("b");
    }

    @ParameterizedTest
    @ValueSource(strings = {"47455420", "0306090d", "0306090a"})
    void listenerRecognisesAForeignMarkerByItsFirstFourBytes(String first) {
        FrameDecoder decoder = FrameDecoder.forListener(FrameLimits.HELLO);
        decoder.feed(hex(first));

        assertThatThrownBy(decoder::next)
                .isInstanceOf(UnknownMarkerException.class)
                .hasMessageContaining(first);
    }

    @Test
    void dialerRecognisesAVersionReplySplitAnywhere() throws Exception {
        byte[] reply = MessageFraming.unknownVersionReply().toArray();
        for (int cut = 1; cut < reply.length; cut++) {
            FrameDecoder decoder = FrameDecoder.forDialer(FrameLimits.RESULT);
            decoder.feed(ByteString.fromArray(Arrays.copyOfRange(reply, 0, cut)));
            assertThat(decoder.next()).isNull();
            decoder.feed(ByteString.fromArray(Arrays.copyOfRange(reply, cut, reply.length)));

            assertThatThrownBy(decoder::next)
                    .isInstanceOfSatisfying(VersionReplyException.class, e -> assertThat(e.versions())
                            .containsExactly(1, 2));
        }
    }

    @Test
    void dialerReadsAVersionReplyOfSixtyFourVersionsButNoMore() {
        assertThatThrownBy(() -> versionReply(64)).isInstanceOf(VersionReplyException.class);
        assertThatThrownBy(() -> versionReply(65)).hasMessageContaining("65 versions");
        assertThatThrownBy(() -> versionReply(-1)).hasMessageContaining("4294967295 versions");
    }

    private static void versionReply(int count) throws FramingException {
        ByteBuffer reply = ByteBuffer.allocate(8 + 4 * 65).order(ByteOrder.LITTLE_ENDIAN);
        reply.put(new byte[] {3, 6, 9, 10}).putInt(count);
        FrameDecoder decoder = FrameDecoder.forDialer(FrameLimits.RESULT);
        decoder.feed(ByteString.fromArray(reply.array()));
        decoder.next();
    }

    @Test
    void aBodyInsideOneChunkIsNotCopied() throws Exception {
        byte[] wire = MessageFraming.encode(Message.of(1100, Headers.EMPTY, new byte[100]), 1)
                .toArray();
        FrameDecoder decoder = FrameDecoder.forListener(ROOMY);
        decoder.feed(ByteString.fromArrayUnsafe(wire));

        ByteString body = decoder.next().body();
        wire[20] = 42;

        assertThat(body.apply(0)).isEqualTo((byte) 42);
    }

    private static ByteString hex(String text) {
        return ByteString.fromArray(HexFormat.of().parseHex(text.replace(" ", "")));
    }
}
