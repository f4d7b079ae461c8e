package io.zitipekko.transport.xgress.end;

import static org.assertj.core.api.Assertions.assertThat;

import io.zitipekko.transport.channel.Headers;
import io.zitipekko.transport.xgress.XgressOptions;
import org.apache.pekko.util.ByteString;
import org.junit.jupiter.api.Test;

/** When payloads are taken for lost; times in milliseconds since the start. */
class SendBufferTest {
    private static final ByteString BODY = ByteString.fromArray(new byte[1000]);

    private final SendBuffer buffer = new SendBuffer(XgressOptions.DEFAULTS, 0);

    @Test
    void aTimeOutThatWasForNothingTeachesHowLongThePathTakes() {
        measure(100);
        SendBuffer.Entry late = send(1000);
        long timeout = buffer.nextTimeout();
        buffer.detectTimeouts(timeout);
        SendBuffer.Entry again = buffer.next(timeout);
        assertThat(again).as("sent again").isSameAs(late);

        acknowledge(late, 1700);
        assertThat(millis(buffer.rtt().timeout(0)))
                .as("it may have been the second copy, which came soon")
                .isLessThan(400);
        acknowledge(late, 1710);

        assertThat(millis(buffer.rtt().timeout(0)))
                .as("both have come: the first took 700")
                .isGreaterThan(700);
    }

    @Test
    void oneLatePayloadIsNotForgottenWithinTheSameRoundTrip() {
        measure(100);
        acknowledge(send(1000), 1400);

        for (int i = 0; i < 50; i++) {
            acknowledge(send(1400), 1500);
        }

        assertThat(millis(buffer.rtt().timeout(0))).isGreaterThan(400);
    }

    @Test
    void aPathThatIsEvenAgainHasAShortTimeOutAgain() {
        measure(100);
        acknowledge(send(1000), 1400);

        for (int i = 0; i < 50; i++) {
            acknowledge(send(1400 + 100 * i), 1500 + 100 * i);
        }

        assertThat(millis(buffer.rtt().timeout(0))).isLessThan(250);
    }

    /** Ten payloads one after the other, each of which took {@code millis}. */
    private void measure(long millis) {
        for (int i = 0; i < 10; i++) {
            acknowledge(send(i * millis), (i + 1) * millis);
        }
    }

    private SendBuffer.Entry send(long atMillis) {
        buffer.add(0, Headers.EMPTY, BODY);
        SendBuffer.Entry sent = buffer.next(nanos(atMillis));
        assertThat(sent).isNotNull();
        return sent;
    }

    private void acknowledge(SendBuffer.Entry entry, long atMillis) {
        buffer.acknowledge(entry.sequence(), nanos(atMillis));
    }

    private static long nanos(long millis) {
        return millis * 1_000_000;
    }

    private static long millis(long nanos) {
        return nanos / 1_000_000;
    }
}
