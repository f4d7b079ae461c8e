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

    @Test
    void whatTheFabricDidNotTakeAgainIsMeasuredFromWhenItLeft() {
        measure(100);
        SendBuffer.Entry late = send(1000);
        overtake(1060, 1160);
        SendBuffer.Entry again = buffer.next(nanos(1259));
        assertThat(again).as("sent again").isSameAs(late);
        buffer.giveBack(again);

        acknowledge(late, 1260);

        assertThat(buffer.rtt().isQueueing())
                .as("it took 260 where 100 is the shortest")
                .isTrue();
        acknowledge(send(1300), 1401);
        assertThat(buffer.rtt().isQueueing())
                .as("101 is nothing much, unless the shortest is taken for 1")
                .isFalse();
    }

    @Test
    void aWindowThatShrankForPayloadsThatWereOnlyOvertakenIsWhatItWas() {
        measure(100);
        long before = buffer.window().bytes();
        SendBuffer.Entry[] overtaken = sendTwice(2);
        assertThat(buffer.window().bytes()).as("when they seem lost").isLessThan(before);

        arriveTwice(overtaken[0], 1170);
        assertThat(buffer.window().bytes()).as("the other may be lost").isLessThan(before);
        arriveTwice(overtaken[1], 1170);

        assertThat(buffer.window().bytes()).isGreaterThanOrEqualTo(before);
    }

    @Test
    void aWindowThatShrankForALossStaysSmallWhateverElseCameTwice() {
        measure(100);
        long before = buffer.window().bytes();
        SendBuffer.Entry[] overtaken = sendTwice(2);

        arriveTwice(overtaken[0], 1170);
        acknowledge(overtaken[1], 1260);

        assertThat(buffer.window().bytes()).isLessThan(before);
    }

    @Test
    void whoWasOvertakenForNothingMayBeOvertakenByAsMuchAgain() {
        measure(100);
        SendBuffer.Entry[] overtaken = sendTwice(1);
        arriveTwice(overtaken[0], 1170);

        SendBuffer.Entry next = send(1200);
        overtake(1260, 1360);

        assertThat(buffer.next(nanos(1360))).as("what is sent again").isNull();
        acknowledge(next, 1370);
    }

    @Test
    void whatAPathWasLikeLongAgoIsForgotten() {
        measure(100);
        SendBuffer.Entry[] overtaken = sendTwice(1);
        arriveTwice(overtaken[0], 1170);
        for (int at = 2000; at < 8000; at += 100) {
            acknowledge(send(at), at + 100);
        }

        SendBuffer.Entry lost = send(8000);
        overtake(8060, 8160);

        assertThat(buffer.next(nanos(8160))).as("what is sent again").isSameAs(lost);
    }

    /** A payload leaves and is acknowledged, and what left well before it may be taken for lost. */
    private void overtake(long sentAt, long acknowledgedAt) {
        acknowledge(send(sentAt), acknowledgedAt);
        buffer.detectOvertaken();
    }

    /** Payloads leave at 1000, are overtaken by one of 1060 and sent again at 1160. */
    private SendBuffer.Entry[] sendTwice(int count) {
        SendBuffer.Entry[] entries = new SendBuffer.Entry[count];
        for (int i = 0; i < count; i++) {
            entries[i] = send(1000);
        }
        overtake(1060, 1160);
        for (SendBuffer.Entry entry : entries) {
            assertThat(buffer.next(nanos(1160))).as("sent again").isSameAs(entry);
        }
        return entries;
    }

    private void arriveTwice(SendBuffer.Entry entry, long atMillis) {
        acknowledge(entry, atMillis);
        acknowledge(entry, atMillis + 100);
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
