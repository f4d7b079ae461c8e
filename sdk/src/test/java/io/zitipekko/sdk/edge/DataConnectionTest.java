package io.zitipekko.sdk.edge;

import static org.assertj.core.api.Assertions.assertThat;

import io.zitipekko.transport.channel.Channel;
import io.zitipekko.transport.channel.Headers;
import io.zitipekko.transport.channel.LaneShare;
import io.zitipekko.transport.channel.Message;
import io.zitipekko.transport.edge.EdgeContentType;
import io.zitipekko.transport.xgress.end.CircuitTimer;
import java.lang.reflect.Proxy;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.pekko.util.ByteString;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;

class DataConnectionTest {
    private static final ByteString CHUNK = ByteString.fromArray(new byte[32 << 10]);

    private static final CircuitTimer TIMER = CircuitTimer.on(CircuitTimer.thread("circuit-time"));

    private final ArrayDeque<Runnable> queued = new ArrayDeque<>();
    private final List<String> reading = new ArrayList<>();
    private Runnable atPause = () -> {};
    private final AtomicInteger writable = new AtomicInteger();
    private final DataConnection connection =
            new DataConnection(new EdgeChannel("r", "token", channel(), TIMER), new ConnId(1), "connection");

    @Test
    void aWriterWaitsWhenMuchOfItsOwnIsQueuedAndGoesOnWhenHalfOfItWasTaken() {
        connection.attach(listener());
        while (connection.write(CHUNK)) {
            assertThat(queued).hasSizeLessThan(100);
        }
        assertThat(queued.size() * CHUNK.size()).isBetween(LaneShare.MAX_HELD / 2, LaneShare.MAX_HELD);

        for (int i = 0; i < 3; i++) {
            queued.remove().run();
        }
        assertThat(writable).hasValue(0);
        queued.remove().run();
        queued.remove().run();
        assertThat(writable).hasValue(1);
        assertThat(connection.write(CHUNK)).isTrue();
    }

    @Test
    void aReaderOnAnotherThreadResumesOnlyAfterThePause() throws Exception {
        connection.attach(listener());
        Thread reader = new Thread(() -> {
            while (connection.poll() != null) {
                // all of it
            }
        });
        atPause = () -> {
            reader.start();
            Awaitility.await()
                    .atMost(Duration.ofSeconds(20))
                    .until(() -> reader.getState() == Thread.State.BLOCKED || !reader.isAlive());
        };

        for (int i = 0; i <= DataConnection.HIGH / CHUNK.size(); i++) {
            connection.onMessage(Message.of(EdgeContentType.DATA, Headers.EMPTY, CHUNK));
        }
        reader.join();

        assertThat(reading).containsExactly("pause", "resume");
    }

    private EdgeConnection.Listener listener() {
        return new EdgeConnection.Listener() {
            @Override
            public void onReadable() {}

            @Override
            public void onWritable() {
                writable.incrementAndGet();
            }
        };
    }

    /** A channel with endless room, whose queue the test takes from. */
    private Channel channel() {
        return (Channel) Proxy.newProxyInstance(
                Channel.class.getClassLoader(), new Class<?>[] {Channel.class}, (proxy, method, arguments) -> {
                    switch (method.getName()) {
                        case "offer" -> {
                            queued.add((Runnable) arguments[2]);
                            return true;
                        }
                        case "pauseReading" -> {
                            atPause.run();
                            reading.add("pause");
                        }
                        case "resumeReading" -> reading.add("resume");
                        case "isClosed" -> {
                            return false;
                        }
                        default -> throw new UnsupportedOperationException(method.getName());
                    }
                    return null;
                });
    }
}
