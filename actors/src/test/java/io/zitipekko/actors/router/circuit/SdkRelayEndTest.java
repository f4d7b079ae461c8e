package io.zitipekko.actors.router.circuit;

import static org.assertj.core.api.Assertions.assertThat;

import io.zitipekko.actors.model.id.RouterId;
import io.zitipekko.actors.router.forwarder.Faults;
import io.zitipekko.actors.router.forwarder.Forwarder;
import io.zitipekko.transport.channel.Channel;
import io.zitipekko.transport.channel.Headers;
import io.zitipekko.transport.channel.Message;
import io.zitipekko.transport.edge.EdgeContentType;
import io.zitipekko.transport.memory.SharedMemory;
import io.zitipekko.transport.xgress.CircuitId;
import io.zitipekko.transport.xgress.Payload;
import io.zitipekko.transport.xgress.XgressAddress;
import io.zitipekko.transport.xgress.end.CircuitMemory;
import io.zitipekko.transport.xgress.end.CircuitTimer;
import java.lang.reflect.Proxy;
import java.util.ArrayList;
import java.util.List;
import org.apache.pekko.util.ByteString;
import org.junit.jupiter.api.Test;

/** What becomes of data that waits for an SDK which reads nothing, once its circuit is over. */
class SdkRelayEndTest {
    private static final CircuitId CIRCUIT = new CircuitId("c1");

    private final List<Runnable> scheduled = new ArrayList<>();
    private final List<Message> sent = new ArrayList<>();
    private final List<Runnable> waitingForRoom = new ArrayList<>();
    private boolean room;
    private final Forwarder forwarder =
            new Forwarder(new RouterId("r1"), Faults.NONE, (delay, task) -> scheduled.add(task), System::nanoTime);
    private final SharedMemory memory = SharedMemory.of(1 << 20);
    private final CircuitEnds ends = new CircuitEnds(
            forwarder,
            CircuitTimer.on(CircuitTimer.thread("unused: no circuit ends in this router")),
            CircuitMemory.of(memory));
    private final SdkRelay relay = new SdkRelay(
            7,
            CIRCUIT,
            new XgressAddress("end"),
            false,
            channel(),
            ends,
            forwarder.transit(() -> {}, () -> {}),
            end -> {});

    @Test
    void itIsStillPassedOnForAWhile() {
        dataThatWaits();

        relay.unrouted();
        makeRoom();

        assertThat(sent).hasSize(4);
        assertThat(sent.get(3).contentType()).isEqualTo(EdgeContentType.STATE_CLOSED);
    }

    @Test
    void afterThatOnlyTheEndIsKept() {
        dataThatWaits();

        relay.unrouted();
        scheduled.forEach(Runnable::run);
        makeRoom();

        assertThat(sent).singleElement().satisfies(message -> assertThat(message.contentType())
                .isEqualTo(EdgeContentType.STATE_CLOSED));
    }

    @Test
    void whatItTookOfTheRoutersMemoryIsGivenBackAsItLeaves() {
        dataThatWaits();
        assertThat(memory.taken()).isGreaterThan(3 * 4);

        makeRoom();

        assertThat(sent).hasSize(3);
        assertThat(memory.taken()).isZero();
    }

    @Test
    void whatItTookOfTheRoutersMemoryIsGivenBackWhenTheSdkIsGone() {
        dataThatWaits();

        relay.onChannelClosed();

        assertThat(memory.taken()).isZero();
    }

    @Test
    void whatItTookOfTheRoutersMemoryIsGivenBackWhenNobodyCameForIt() {
        dataThatWaits();

        relay.unrouted();
        scheduled.forEach(Runnable::run);
        makeRoom();

        assertThat(memory.taken()).isZero();
    }

    @Test
    void itKeepsNoMoreThanItsPartOfTheRoutersMemory() {
        for (int i = 0; i < 1000; i++) {
            relay.offer(
                    new Payload(CIRCUIT, i, 0, 5, Headers.EMPTY, ByteString.fromArray(new byte[10_000])).toMessage());
        }

        assertThat(memory.taken()).isBetween(100_000L, (1L << 20) / 8);
        assertThat(forwarder.counters().dropped()).isGreaterThan(980);
    }

    private void dataThatWaits() {
        for (int i = 0; i < 3; i++) {
            relay.offer(new Payload(CIRCUIT, i, 0, 5, Headers.EMPTY, ByteString.fromString("data")).toMessage());
        }
        assertThat(sent).isEmpty();
    }

    private void makeRoom() {
        room = true;
        List.copyOf(waitingForRoom).forEach(Runnable::run);
    }

    private Channel channel() {
        return (Channel) Proxy.newProxyInstance(
                Channel.class.getClassLoader(),
                new Class<?>[] {Channel.class},
                (proxy, method, arguments) -> switch (method.getName()) {
                    case "offer" -> room && sent.add((Message) arguments[1]);
                    case "whenWritable" -> {
                        waitingForRoom.add((Runnable) arguments[1]);
                        yield null;
                    }
                    case "isClosed" -> false;
                    default -> throw new AssertionError("not expected: " + method);
                });
    }
}
