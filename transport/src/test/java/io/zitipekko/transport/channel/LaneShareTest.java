package io.zitipekko.transport.channel;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.reflect.Proxy;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import org.apache.pekko.util.ByteString;
import org.junit.jupiter.api.Test;

class LaneShareTest {
    private static final Message CHUNK = Message.of(1, Headers.EMPTY, ByteString.fromArray(new byte[32 << 10]));

    private final ArrayDeque<Runnable> queued = new ArrayDeque<>();
    private final List<Runnable> waiting = new ArrayList<>();
    private boolean laneIsFull;
    private boolean closed;
    private int told;
    private final LaneShare share = new LaneShare(channel(), Lane.DEFAULT, () -> told++);

    @Test
    void aSenderIsRefusedAtItsBoundAndToldOnceWhenHalfOfItWasTaken() {
        int sent = 0;
        while (share.offer(CHUNK)) {
            sent++;
        }
        assertThat(sent * CHUNK.body().size()).isBetween(LaneShare.MAX_HELD / 2, LaneShare.MAX_HELD);
        assertThat(queued).hasSize(sent);

        for (int i = 0; i < 3; i++) {
            queued.remove().run();
        }
        assertThat(told).isZero();
        while (!queued.isEmpty()) {
            queued.remove().run();
        }

        assertThat(told).isEqualTo(1);
        assertThat(share.offer(CHUNK)).isTrue();
    }

    @Test
    void aSenderWithoutARefusalIsToldNothing() {
        share.offer(CHUNK);
        queued.remove().run();

        assertThat(told).isZero();
    }

    @Test
    void aFullLaneRefusesAndTellsWhenItHasRoom() {
        laneIsFull = true;
        assertThat(share.offer(CHUNK)).isFalse();
        assertThat(waiting).hasSize(1);

        laneIsFull = false;
        waiting.remove(0).run();

        assertThat(told).isEqualTo(1);
        assertThat(share.offer(CHUNK)).isTrue();
    }

    @Test
    void whoIsRefusedAgainKeepsItsPlaceAndTakesNoSecondOne() {
        laneIsFull = true;
        for (int i = 0; i < 100; i++) {
            assertThat(share.offer(CHUNK)).isFalse();
        }
        assertThat(waiting).hasSize(1);

        waiting.remove(0).run();
        assertThat(share.offer(CHUNK)).isFalse();

        assertThat(told).isEqualTo(1);
        assertThat(waiting).as("once it was served it waits anew").hasSize(1);
    }

    @Test
    void aClosedChannelTakesAllThatIsLeft() {
        laneIsFull = true;
        closed = true;

        for (int i = 0; i < 100; i++) {
            assertThat(share.offer(CHUNK)).isTrue();
        }
        assertThat(waiting).isEmpty();
    }

    private Channel channel() {
        return (Channel) Proxy.newProxyInstance(
                Channel.class.getClassLoader(),
                new Class<?>[] {Channel.class},
                (proxy, method, arguments) -> switch (method.getName()) {
                    case "offer" -> !laneIsFull && queued.add((Runnable) arguments[2]);
                    case "whenWritable" -> {
                        waiting.add((Runnable) arguments[1]);
                        yield null;
                    }
                    case "isClosed" -> closed;
                    default -> throw new UnsupportedOperationException(method.getName());
                });
    }
}
