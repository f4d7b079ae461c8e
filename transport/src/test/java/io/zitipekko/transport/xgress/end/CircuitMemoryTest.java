package io.zitipekko.transport.xgress.end;

import static org.assertj.core.api.Assertions.assertThat;

import io.zitipekko.transport.channel.Headers;
import io.zitipekko.transport.memory.SharedMemory;
import io.zitipekko.transport.xgress.CircuitId;
import io.zitipekko.transport.xgress.Payload;
import org.apache.pekko.util.ByteString;
import org.junit.jupiter.api.Test;

class CircuitMemoryTest {
    private static final long LIMIT = 1 << 20;
    private static final int CHUNK = 1000;

    private final SharedMemory shared = SharedMemory.of(LIMIT);
    private final CircuitMemory memory = CircuitMemory.of(shared);

    @Test
    void oneCircuitHasAnEighthOfWhatIsFreeAndVeryManyNeverHaveAll() {
        long one = fill(memory.part());

        assertThat(one).isBetween(LIMIT / 10, LIMIT / 8);
        for (int i = 0; i < 1000; i++) {
            assertThat(fill(memory.part())).isLessThanOrEqualTo(one);
        }
        assertThat(shared.taken()).isBetween(LIMIT * 9 / 10, LIMIT);
    }

    @Test
    void onePayloadOfACircuitIsStoredHoweverMuchOthersKeep() {
        while (shared.taken() < LIMIT) {
            memory.part().take(CHUNK, true);
        }
        CircuitMemory.Part late = memory.part();

        assertThat(late.take(CHUNK, false)).isFalse();
        assertThat(late.take(CHUNK, true)).isTrue();
    }

    @Test
    void whatEndsGivesEverythingBackOnce() {
        CircuitMemory.Part part = memory.part();
        fill(part);

        part.end();
        part.give(CHUNK);
        part.end();

        assertThat(shared.taken()).isZero();
    }

    /** Its reader is gone for a while, and others have the memory: it goes on with what its reader takes. */
    @Test
    void aReceiverGoesOnOnePayloadAtATimeWhereOthersKeepTheMemory() {
        while (shared.taken() < LIMIT) {
            memory.part().take(CHUNK, true);
        }
        ReceiveBuffer buffer = new ReceiveBuffer(1 << 20, 0, memory.part());

        assertThat(buffer.accept(payload(1))).as("ahead of what is missing").isEqualTo(ReceiveBuffer.Outcome.REFUSED);
        for (int sequence = 0; sequence < 5; sequence++) {
            assertThat(buffer.accept(payload(sequence))).isEqualTo(ReceiveBuffer.Outcome.IN_ORDER);
            assertThat(buffer.nextInOrder()).isNotNull();
            assertThat(buffer.accept(payload(sequence + 1)))
                    .as("nobody has taken the one before")
                    .isEqualTo(ReceiveBuffer.Outcome.REFUSED);
            buffer.taken(CHUNK);
        }
        long others = shared.taken();
        buffer.end();
        assertThat(shared.taken()).isEqualTo(others);
    }

    /** A body is a slice of all that was read with it: of 64 KiB, often. */
    @Test
    void whatWaitsBehindAnotherKeepsOnlyItsOwnBytes() {
        ReceiveBuffer buffer = new ReceiveBuffer(1 << 20, 0, memory.part());
        ByteString read = ByteString.fromArray(new byte[64 * CHUNK]);

        buffer.accept(payload(0, read.slice(0, CHUNK)));
        buffer.accept(payload(2, read.slice(CHUNK, 2 * CHUNK)));
        ByteString first = buffer.nextInOrder().body();
        buffer.accept(payload(1, read.slice(2 * CHUNK, 3 * CHUNK)));

        assertThat(first.isCompact()).as("passed on at once, so not copied").isFalse();
        assertThat(buffer.nextInOrder().body().isCompact()).isTrue();
        assertThat(buffer.nextInOrder().body().isCompact()).isTrue();
    }

    private static Payload payload(int sequence) {
        return payload(sequence, ByteString.fromArray(new byte[CHUNK]));
    }

    private static Payload payload(int sequence, ByteString body) {
        return new Payload(new CircuitId("c"), sequence, 0, 0, Headers.EMPTY, body);
    }

    private static long fill(CircuitMemory.Part part) {
        long filled = 0;
        while (part.take(CHUNK, false)) {
            filled += CHUNK;
        }
        return filled;
    }
}
