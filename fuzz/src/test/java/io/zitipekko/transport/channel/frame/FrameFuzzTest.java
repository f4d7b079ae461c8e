package io.zitipekko.transport.channel.frame;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import io.zitipekko.fuzz.Bounds;
import io.zitipekko.transport.channel.Headers;
import io.zitipekko.transport.channel.Message;
import java.util.ArrayList;
import java.util.List;
import org.apache.pekko.util.ByteString;
import org.junit.jupiter.params.provider.MethodSource;

/** Frames before and after the hello, on both sides: a {@link FramingException} or messages, however the bytes are cut. */
class FrameFuzzTest {
    private record Decoded(List<Message> messages, boolean refused) {}

    @MethodSource("io.zitipekko.fuzz.WireVectors#frames")
    @FuzzTest
    void framesAreTheSameHoweverTheyAreCut(byte[] bytes) {
        Bounds.hold(bytes.length, () -> {
            for (boolean dialer : new boolean[] {false, true}) {
                for (FrameLimits limits : List.of(FrameLimits.HELLO, FrameLimits.ofTotal(16 << 20))) {
                    Decoded whole = decode(bytes, Math.max(1, bytes.length), dialer, limits);
                    Decoded cut = decode(bytes, 1 + (bytes.length == 0 ? 0 : (bytes[0] & 7) * 3), dialer, limits);
                    assertThat(cut.refused()).isEqualTo(whole.refused());
                    assertThat(describe(cut.messages())).isEqualTo(describe(whole.messages()));
                    whole.messages().forEach(message -> comesBack(message));
                }
            }
        });
    }

    private static Decoded decode(byte[] bytes, int step, boolean dialer, FrameLimits limits) {
        FrameDecoder decoder = dialer ? FrameDecoder.forDialer(limits) : FrameDecoder.forListener(limits);
        List<Message> out = new ArrayList<>();
        try {
            for (int at = 0; at < bytes.length; at += step) {
                decoder.feed(ByteString.fromArray(bytes, at, Math.min(step, bytes.length - at)));
                for (Message message; (message = decoder.next()) != null; ) {
                    out.add(message);
                }
            }
            return new Decoded(out, false);
        } catch (FramingException refused) {
            return new Decoded(out, true);
        }
    }

    private static void comesBack(Message message) {
        ByteString frame = MessageFraming.encode(message, message.sequence());
        Decoded again = decode(frame.toArray(), frame.size(), false, FrameLimits.ofTotal(32 << 20));
        assertThat(again.refused()).isFalse();
        assertThat(describe(again.messages())).isEqualTo(describe(List.of(message)));
    }

    private static List<List<Object>> describe(List<Message> messages) {
        List<List<Object>> out = new ArrayList<>();
        for (Message m : messages) {
            out.add(List.of(
                    m.contentType(), m.sequence(), bytes(m.headers()), m.body().compact()));
        }
        return out;
    }

    private static ByteString bytes(Headers headers) {
        byte[] block = new byte[headers.encodedLength()];
        headers.writeTo(block, 0);
        return ByteString.fromArray(block);
    }
}
