package io.zitipekko.transport.channel.frame;

import static org.assertj.core.api.Assertions.assertThat;

import io.zitipekko.transport.channel.Headers;
import io.zitipekko.transport.channel.Message;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.apache.pekko.util.ByteString;
import org.junit.jupiter.api.Test;

class FrameBatchTest {
    @Test
    void smallMessagesBecomeOneContiguousWrite() {
        FrameBatch batch = new FrameBatch();
        for (int i = 0; i < 100; i++) {
            batch.add(Message.of(1100, Headers.EMPTY, new byte[64]), i, null);
        }

        ByteString out = batch.take();

        assertThat(pieces(out)).hasSize(1);
        assertThat(out.size()).isEqualTo(100 * 84);
        assertThat(batch.isEmpty()).isTrue();
    }

    @Test
    void largeBodiesGoOutAsTheyAre() {
        byte[] body = new byte[10_000];
        FrameBatch batch = new FrameBatch();
        batch.add(Message.of(1, Headers.EMPTY, new byte[3]), 1, null);
        batch.add(Message.of(1100, Headers.EMPTY, ByteString.fromArrayUnsafe(body)), 2, null);
        batch.add(Message.of(1, Headers.EMPTY, new byte[3]), 3, null);

        ByteString out = batch.take();
        body[5000] = 7;

        assertThat(pieces(out)).hasSize(3);
        assertThat(out.apply(23 + 20 + 5000)).isEqualTo((byte) 7);
    }

    @Test
    void isFullAt64KiB() {
        FrameBatch batch = new FrameBatch();
        int added = 0;
        while (batch.hasRoom()) {
            batch.add(Message.of(1100, Headers.EMPTY, new byte[1004]), added++, null);
        }

        assertThat(added).isEqualTo(64);
    }

    @Test
    void addedHeadersFollowTheMessagesOwn() throws Exception {
        FrameBatch batch = new FrameBatch();
        batch.add(
                Message.of(7, Headers.builder().string(1000, "a").build(), "body"),
                1,
                Headers.builder().uint64(5, 99).build());
        FrameDecoder decoder = FrameDecoder.forListener(FrameLimits.HELLO);
        decoder.feed(batch.take());

        Message decoded = decoder.next();

        assertThat(decoded.headers().string(1000)).contains("a");
        assertThat(decoded.headers().uint64(5)).hasValue(99);
        assertThat(decoded.bodyText()).isEqualTo("body");
    }

    private static List<ByteBuffer> pieces(ByteString bytes) {
        List<ByteBuffer> pieces = new ArrayList<>();
        bytes.getByteBuffers().forEach(pieces::add);
        return pieces;
    }
}
