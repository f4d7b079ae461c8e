package io.zitipekko.transport.memory;

import static org.assertj.core.api.Assertions.assertThat;

import org.apache.pekko.util.ByteString;
import org.junit.jupiter.api.Test;

class OwnBytesTest {
    private final ByteString read = ByteString.fromArray(new byte[64 << 10]);

    @Test
    void aSmallBodyDoesNotKeepAllThatWasReadWithIt() {
        ByteString body = read.slice(100, 300);

        ByteString kept = OwnBytes.of(body);

        assertThat(kept.isCompact()).isTrue();
        assertThat(kept).isEqualTo(body);
    }

    @Test
    void aLargeBodyIsNotCopied() {
        ByteString body = read.slice(0, 40 << 10);

        assertThat(OwnBytes.of(body)).isSameAs(body);
    }
}
