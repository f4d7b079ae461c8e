package io.zitipekko.transport.channel.group;

import static org.assertj.core.api.Assertions.assertThat;

import io.zitipekko.transport.channel.Headers;
import io.zitipekko.transport.channel.Lane;
import io.zitipekko.transport.channel.Message;
import io.zitipekko.transport.memory.SharedMemory;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.apache.pekko.util.ByteString;
import org.junit.jupiter.api.Test;

class OutboundLanesTest {
    private static final int HIGH_WATER = 1000;
    private static final int SIZE = 100;

    private final OutboundLanes lanes = new OutboundLanes(HIGH_WATER, SharedMemory.unbounded());
    private final ArrayDeque<Outgoing> queued = new ArrayDeque<>();

    @Test
    void nobodyOvertakesWhoWaits() {
        fill();
        lanes.whenWritable(Lane.DEFAULT, () -> {});
        takeUntil(HIGH_WATER / 2 + SIZE);

        assertThat(lanes.reserveInTurn(Lane.DEFAULT, SIZE)).isFalse();
        assertThat(lanes.reserve(Lane.DEFAULT, SIZE))
                .as("control messages do not wait in turn")
                .isTrue();
    }

    @Test
    void whoWaitsIsServedOneByOneLongestFirst() {
        fill();
        List<Integer> served = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            int number = i;
            lanes.whenWritable(Lane.DEFAULT, () -> {
                served.add(number);
                assertThat(offer()).isTrue();
            });
        }

        for (int i = 0; i < 5; i++) {
            take();
        }
        assertThat(served).containsExactly(0);
        take();
        assertThat(served).containsExactly(0, 1);
        take();
        take();
        assertThat(served).containsExactly(0, 1, 2, 3);
        assertThat(offer()).isTrue();
    }

    @Test
    void manySendersThatAlwaysHaveMoreShareTheLaneEvenly() {
        int senders = 50;
        int[] sent = new int[senders];
        for (int i = 0; i < senders; i++) {
            send(i, sent);
        }
        for (int i = 0; i < 200 * senders; i++) {
            take();
        }

        assertThat(Arrays.stream(sent).min().orElseThrow()).isGreaterThanOrEqualTo(195);
        assertThat(Arrays.stream(sent).max().orElseThrow()).isLessThanOrEqualTo(205 + HIGH_WATER / SIZE);
    }

    private void send(int sender, int[] sent) {
        while (offer()) {
            sent[sender]++;
        }
        lanes.whenWritable(Lane.DEFAULT, () -> send(sender, sent));
    }

    @Test
    void allWhoWaitAreToldWhenTheChannelCloses() {
        fill();
        List<Integer> told = new ArrayList<>();
        lanes.whenWritable(Lane.DEFAULT, () -> told.add(1));
        lanes.whenWritable(Lane.DEFAULT, () -> told.add(2));

        lanes.releaseAll();

        assertThat(told).containsExactly(1, 2);
    }

    @Test
    void veryManyChannelsThatNobodyReadsStayWithinTheMemoryThatTheyShare() {
        int limit = 64 << 20;
        SharedMemory memory = SharedMemory.of(limit);
        int message = 16 << 10;
        List<OutboundLanes> unread = new ArrayList<>();
        for (int i = 0; i < 500; i++) {
            OutboundLanes one = new OutboundLanes(4 << 20, memory);
            while (one.reserve(Lane.DEFAULT, message)) {
                one.put(Lane.DEFAULT, outgoing(message));
            }
            unread.add(one);
        }

        assertThat(unread.get(0).bytes(Lane.DEFAULT)).isGreaterThan(3 << 20);
        assertThat(unread.get(499).bytes(Lane.DEFAULT)).isGreaterThanOrEqualTo(message);
        assertThat(memory.taken()).as("all, and what is always allowed").isLessThan(limit + 500L * 2 * message);
        unread.forEach(OutboundLanes::discard);
        assertThat(memory.taken()).isZero();
    }

    @Test
    void whoWaitsForALaneWithLittleMemoryIsServedWhenItHasDrained() {
        SharedMemory memory = SharedMemory.of(1 << 20);
        memory.add(1 << 20);
        OutboundLanes poor = new OutboundLanes(4 << 20, memory);
        int message = 16 << 10;
        int held = 0;
        while (poor.reserveInTurn(Lane.DEFAULT, message)) {
            held++;
        }
        List<Integer> served = new ArrayList<>();
        poor.whenWritable(Lane.DEFAULT, () -> served.add(1));

        assertThat(held).as("what is always allowed").isEqualTo(1);
        assertThat(served).isEmpty();
        poor.taken(outgoing(message));
        assertThat(served).containsExactly(1);
        assertThat(poor.reserveInTurn(Lane.DEFAULT, message)).isTrue();
    }

    private static Outgoing outgoing(int size) {
        return new Outgoing(Message.of(1, Headers.EMPTY, ByteString.emptyByteString()), 1, Lane.DEFAULT, size, null);
    }

    private void fill() {
        while (offer()) {
            // until it is full
        }
    }

    private boolean offer() {
        if (!lanes.reserveInTurn(Lane.DEFAULT, SIZE)) {
            return false;
        }
        queued.add(outgoing(SIZE));
        return true;
    }

    private void take() {
        lanes.taken(queued.remove());
    }

    private void takeUntil(long bytes) {
        while (lanes.bytes(Lane.DEFAULT) > bytes) {
            take();
        }
    }
}
