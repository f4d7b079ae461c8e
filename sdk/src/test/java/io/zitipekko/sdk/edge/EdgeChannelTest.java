package io.zitipekko.sdk.edge;

import static org.assertj.core.api.Assertions.assertThat;

import io.zitipekko.transport.channel.Channel;
import io.zitipekko.transport.channel.Headers;
import io.zitipekko.transport.channel.Message;
import io.zitipekko.transport.edge.EdgeContentType;
import io.zitipekko.transport.edge.EdgeHeader;
import io.zitipekko.transport.xgress.end.CircuitTimer;
import java.lang.reflect.Proxy;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeoutException;
import org.apache.pekko.util.ByteString;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class EdgeChannelTest {
    private static final Message DATA = Message.of(
            EdgeContentType.DATA,
            Headers.builder().int32(EdgeHeader.CONN_ID, 1).build(),
            ByteString.fromString("much"));

    private final CompletableFuture<Message> answer = new CompletableFuture<>();
    private final List<String> closed = new ArrayList<>();
    private boolean paused;
    private final ScheduledExecutorService time = CircuitTimer.thread("circuit-time");
    private final EdgeChannel edge = new EdgeChannel("router-1", "token", channel(), CircuitTimer.on(time));

    @AfterEach
    void stop() {
        time.shutdown();
    }

    private void probeWithoutAnAnswer(Runnable meanwhile) {
        edge.probe(Duration.ofSeconds(10));
        meanwhile.run();
        answer.completeExceptionally(new TimeoutException());
    }

    @Test
    void aRouterThatSaysNothingToAProbeIsTakenForLost() {
        edge.onMessage(DATA);

        probeWithoutAnAnswer(() -> {});

        assertThat(closed).singleElement().asString().contains("router-1", "latency probe");
    }

    @Test
    void aRouterWhoseAnswerWaitsBehindDataIsNotLost() {
        probeWithoutAnAnswer(() -> edge.onMessage(DATA));

        assertThat(closed).isEmpty();
    }

    @Test
    void aRouterThatNobodyListensToIsNotJudged() {
        paused = true;

        probeWithoutAnAnswer(() -> {});

        assertThat(closed).isEmpty();
    }

    @Test
    void anAnswerTellsTheLatency() {
        assertThat(edge.latencyNanos()).isEqualTo(Long.MAX_VALUE);
        edge.probe(Duration.ofSeconds(10));

        answer.complete(Message.of(2, Headers.EMPTY, ""));

        assertThat(edge.latencyNanos()).isLessThan(Long.MAX_VALUE);
        assertThat(closed).isEmpty();
    }

    private Channel channel() {
        return (Channel) Proxy.newProxyInstance(
                Channel.class.getClassLoader(), new Class<?>[] {Channel.class}, (proxy, method, arguments) -> {
                    switch (method.getName()) {
                        case "request" -> {
                            return answer;
                        }
                        case "isPaused" -> {
                            return paused;
                        }
                        case "close" -> closed.add((String) arguments[0]);
                        default -> throw new UnsupportedOperationException(method.getName());
                    }
                    return null;
                });
    }
}
